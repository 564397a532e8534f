package ernie4j.cli;

import ernie4j.engine.EncoderConfig;
import ernie4j.zoo.Architectures;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The shape of a student: a name, or four sizes. */
final class StudentShape {
  @Option(
      names = "--student",
      paramLabel = "SHAPE",
      description = "nano, pico, another shape by name, or for example 3L128H2A.")
  @Nullable String name;

  @Option(names = "--layers", description = "Layers of the student, instead of --student.")
  @Nullable Integer layers;

  @Option(names = "--hidden", description = "Its hidden size.")
  @Nullable Integer hidden;

  @Option(names = "--heads", description = "Its attention heads; they divide the hidden size.")
  @Nullable Integer heads;

  @Option(
      names = "--intermediate",
      description = "Its intermediate size (default: four times the hidden size).")
  @Nullable Integer intermediate;

  EncoderConfig config() {
    if (name != null) {
      if (layers != null || hidden != null || heads != null || intermediate != null) {
        throw new UsageException(
            "--student already says the shape; leave it out, or leave out --layers, --hidden, --heads and --intermediate");
      }
      return Architectures.of(name);
    }
    if (layers == null || hidden == null || heads == null) {
      throw new UsageException(
          "the student needs a shape: --student nano, or --layers, --hidden and --heads");
    }
    int width = intermediate == null ? 4 * hidden : intermediate;
    return EncoderConfig.ernie(1, hidden, layers, heads, width, 1);
  }

  @Override
  public String toString() {
    EncoderConfig shape = config();
    return "%dL%dH%dA, intermediate %d"
        .formatted(
            shape.layers(), shape.hiddenSize(), shape.attentionHeads(), shape.intermediateSize());
  }
}
