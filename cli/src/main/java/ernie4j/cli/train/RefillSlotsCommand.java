package ernie4j.cli.train;

import ernie4j.cli.option.Range;
import ernie4j.engine.file.AtomicFile;
import ernie4j.engine.file.OutputPlace;
import ernie4j.training.data.JointExample;
import ernie4j.training.data.JointFile;
import ernie4j.training.data.SlotRefill;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "refill-slots",
    description =
        "Make texts for '--unlabelled' from a corpus for 'train slu': its utterances with other"
            + " songs, places and so on in the slots.",
    mixinStandardHelpOptions = true)
public final class RefillSlotsCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Option(
      names = "--data",
      paramLabel = "FILE",
      required = true,
      description = "The training examples; they also supply the values.")
  Path data;

  @Option(
      names = "--copies",
      converter = Range.Count.class,
      defaultValue = "3",
      description =
          "How often each utterance with slots is refilled (default: ${DEFAULT-VALUE}). Equal texts are written once.")
  int copies;

  @Option(names = "--seed", defaultValue = "42", description = "Default: ${DEFAULT-VALUE}.")
  long seed;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      required = true,
      description = "Receives one text a line; end its name with .txt.")
  Path output;

  @Override
  public Integer call() throws IOException {
    OutputPlace.requireFile(output);
    List<JointExample> utterances = JointFile.read(data).examples();
    long filled = utterances.stream().filter(e -> !e.slots().isEmpty()).count();
    if (filled == 0) {
      throw new IOException(
          "%s: expected utterances with slots, got %,d without any"
              .formatted(data, utterances.size()));
    }
    List<String> texts = SlotRefill.texts(utterances, copies, seed);
    if (texts.isEmpty()) {
      throw new IOException(
          "%s: no new text can be made, because every type of slot has only one value"
              .formatted(data));
    }
    AtomicFile.writeText(output, String.join("\n", texts) + "\n");
    spec.commandLine()
        .getOut()
        .printf(
            Locale.ROOT,
            "%s: %,d new texts from %,d utterances with slots%n",
            output,
            texts.size(),
            filled);
    return 0;
  }
}
