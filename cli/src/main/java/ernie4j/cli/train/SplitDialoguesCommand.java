package ernie4j.cli.train;

import ernie4j.cli.option.Range;
import ernie4j.cli.option.SplitSeed;
import ernie4j.cli.option.UsageException;
import ernie4j.engine.file.OutputPlace;
import ernie4j.training.data.DialogueSplit;
import ernie4j.training.data.JointExample;
import ernie4j.training.data.JointFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "split-dialogues",
    description =
        "Split a corpus for 'train slu' into parts that have no dialogue in common, for training,"
            + " for choosing a model, and for measuring it.",
    mixinStandardHelpOptions = true)
public final class SplitDialoguesCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Option(
      names = "--data",
      paramLabel = "FILE",
      required = true,
      description = "The corpus; rows of a dialogue have the same first column.")
  Path data;

  @Option(
      names = "--output-dir",
      paramLabel = "DIR",
      required = true,
      description = "Folder for train.txt, dev.txt and test.txt.")
  Path outputDir;

  @Option(
      names = "--dev-share",
      converter = Range.Part.class,
      defaultValue = "0.1",
      description = "Share of the dialogues in dev.txt (default: ${DEFAULT-VALUE}).")
  double devShare;

  @Option(
      names = "--test-share",
      converter = Range.Part.class,
      defaultValue = "0.2",
      description = "Share of the dialogues in test.txt (default: ${DEFAULT-VALUE}).")
  double testShare;

  @Mixin SplitSeed split;

  @Override
  public Integer call() throws IOException {
    if (devShare + testShare >= 1) {
      throw new UsageException(
          "expected a sum of --dev-share and --test-share below 1, got %s and %s: nothing would be left to learn from"
              .formatted(devShare, testShare));
    }
    OutputPlace.requireFolder(outputDir);
    DialogueSplit parts = DialogueSplit.read(data, devShare, testShare, split.seed());
    parts.write(outputDir);
    Set<String> learned = new HashSet<>(texts("train"));
    print("train", parts.train(), "");
    print("dev", parts.dev(), seen("dev", learned));
    print("test", parts.test(), seen("test", learned));
    return 0;
  }

  private Path file(String part) {
    return outputDir.resolve(part + ".txt");
  }

  /** What training reads of a part. */
  private List<String> texts(String part) throws IOException {
    return JointFile.read(file(part)).examples().stream().map(JointExample::text).toList();
  }

  private String seen(String part, Set<String> learned) throws IOException {
    List<String> texts = texts(part);
    long seen = texts.stream().filter(learned::contains).count();
    return String.format(
        Locale.ROOT,
        ", %.1f %% of them also said in %s",
        100.0 * seen / texts.size(),
        file("train").getFileName());
  }

  private void print(String part, List<DialogueSplit.Dialogue> dialogues, String seen)
      throws IOException {
    spec.commandLine()
        .getOut()
        .printf(
            Locale.ROOT,
            "%s: %,d dialogues, %,d utterances%s%n",
            file(part),
            dialogues.size(),
            texts(part).size(),
            seen);
  }
}
