package ernie4j.cli.train;

import ernie4j.cli.option.Distinct;
import ernie4j.cli.option.Range;
import ernie4j.cli.option.ShapeName;
import ernie4j.cli.option.UsageException;
import ernie4j.engine.EncoderConfig;
import ernie4j.zoo.Architectures;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The shapes of students: names, or four sizes. */
final class StudentShapes {
  @Option(
      names = "--student",
      converter = ShapeName.class,
      paramLabel = "SHAPE",
      split = ",",
      description =
          "nano, pico, another shape by name, or for example 3L128H2A; several, as nano,pico, learn at once from one teacher.")
  List<String> names = List.of();

  @Option(
      names = "--layers",
      converter = Range.Count.class,
      description = "Layers of the student, instead of --student.")
  @Nullable Integer layers;

  @Option(names = "--hidden", converter = Range.Count.class, description = "Its hidden size.")
  @Nullable Integer hidden;

  @Option(
      names = "--heads",
      converter = Range.Count.class,
      description = "Its attention heads; they divide the hidden size.")
  @Nullable Integer heads;

  @Option(
      names = "--intermediate",
      converter = Range.Count.class,
      description = "Its intermediate size (default: four times the hidden size).")
  @Nullable Integer intermediate;

  /** The shapes by name, in the given order. */
  Map<String, EncoderConfig> configs() {
    if (names.isEmpty()) {
      EncoderConfig shape = fromSizes();
      return Map.of(described(shape), shape);
    }
    if (layers != null || hidden != null || heads != null || intermediate != null) {
      throw new UsageException(
          "--student already gives the shape; leave it out, or leave out --layers, --hidden, --heads and --intermediate");
    }
    Distinct.require("--student", names);
    Map<String, EncoderConfig> shapes = new LinkedHashMap<>();
    names.forEach(name -> shapes.put(name, Architectures.of(name)));
    return shapes;
  }

  private EncoderConfig fromSizes() {
    if (layers == null || hidden == null || heads == null) {
      throw new UsageException(
          "the student needs a shape: --student nano, or --layers, --hidden and --heads");
    }
    if (hidden % heads != 0) {
      throw new UsageException(
          "--heads: expected a divisor of the hidden size %d, got %d".formatted(hidden, heads));
    }
    int width = Objects.requireNonNullElse(intermediate, 4 * hidden);
    return EncoderConfig.ernie(1, hidden, layers, heads, width, 1);
  }

  /** For example {@code 4L312H12A, intermediate 1248}. */
  static String described(EncoderConfig shape) {
    return "%dL%dH%dA, intermediate %d"
        .formatted(
            shape.layers(), shape.hiddenSize(), shape.attentionHeads(), shape.intermediateSize());
  }

  static String described(Map<String, EncoderConfig> shapes) {
    return shapes.values().stream().map(StudentShapes::described).collect(Collectors.joining("; "));
  }
}
