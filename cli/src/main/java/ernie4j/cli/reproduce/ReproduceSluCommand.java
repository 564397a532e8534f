package ernie4j.cli.reproduce;

import ernie4j.cli.option.Distinct;
import ernie4j.cli.option.ModelPath;
import ernie4j.cli.option.Range;
import ernie4j.cli.option.ShapeName;
import ernie4j.engine.file.OutputPlace;
import ernie4j.training.Trainer;
import ernie4j.training.data.JointFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Reproduces the table of docs/reproduction.md: distils a small encoder, fine-tunes the large one,
 * fine-tunes the small one on the labels and the large one's answers with several seeds, and
 * compresses each result. Every step is one of the other commands, printed before it runs. A
 * completed step is not repeated, and an interrupted one is continued.
 */
@Command(
    name = "slu",
    description =
        "Distil, fine-tune and compress a model for spoken commands with several seeds, and make a"
            + " table of it.",
    mixinStandardHelpOptions = true)
final class ReproduceSluCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Mixin ExperimentOptions experiment = new ExperimentOptions();

  @Option(
      names = "--data",
      paramLabel = "DIR",
      required = true,
      description = "Folder with corpus.train.txt, intent_label.txt and slot_label.txt.")
  Path data;

  /** What is held back. */
  enum HeldBack {
    ROWS(
        "Measured on a fifth of the rows, as the reference does: many are from dialogues that are also in the training data."),
    DIALOGUES(
        "Measured on dialogues that are in neither the training data nor the data that choices are made on.");

    final String sentence;

    HeldBack(String sentence) {
      this.sentence = sentence;
    }
  }

  @Option(
      names = "--split",
      defaultValue = "ROWS",
      description =
          "What is held back: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}, as the reference; DIALOGUES measures on dialogues that are not in the training data, see split-dialogues).")
  HeldBack split = HeldBack.ROWS;

  @Option(
      names = "--seeds",
      split = ",",
      defaultValue = "42,43,44",
      description = "Seeds; each gets a fine-tuning and a compression (default: ${DEFAULT-VALUE}).")
  List<Long> seeds = List.of();

  @Option(
      names = "--student",
      converter = ShapeName.class,
      paramLabel = "SHAPE",
      defaultValue = "nano",
      description = "The shape to distil into (default: ${DEFAULT-VALUE}, 4L312H).")
  String student = "";

  @Option(
      names = "--distilled",
      paramLabel = "MODEL",
      converter = ModelPath.class,
      description =
          "An encoder with the teacher's vocabulary that is already distilled, for example by"
              + " reproduce distillation (default: one is made).")
  @Nullable Path distilled;

  @Option(
      names = "--fine-tuning-epochs",
      converter = Range.Count.class,
      defaultValue = "10",
      description = "Default: ${DEFAULT-VALUE}.")
  int fineTuningEpochs;

  @Option(
      names = "--fine-tuning-rate",
      converter = Range.Positive.class,
      defaultValue = "2e-4",
      description = "Learning rate of the students' fine-tuning (default: ${DEFAULT-VALUE}).")
  double fineTuningRate;

  @Option(
      names = "--teacher-epochs",
      converter = Range.Count.class,
      defaultValue = "6",
      description = "Epochs of the teacher's fine-tuning (default: ${DEFAULT-VALUE}).")
  int largeEpochs;

  @Option(
      names = "--teacher-rate",
      converter = Range.Positive.class,
      defaultValue = "5e-5",
      description = "Learning rate of the teacher's fine-tuning (default: ${DEFAULT-VALUE}).")
  double largeRate;

  @Option(
      names = "--widths",
      split = ",",
      converter = Range.PartOrAll.class,
      defaultValue = "0.5",
      description = "Shares of heads and neurons to keep (default: ${DEFAULT-VALUE}).")
  List<Double> widths = List.of();

  @Option(
      names = "--pruning-epochs",
      converter = Range.Count.class,
      defaultValue = "12",
      description = "Epochs of width pruning (default: ${DEFAULT-VALUE}).")
  int pruningEpochs;

  @Option(
      names = "--qat-epochs",
      converter = Range.Count.class,
      defaultValue = "4",
      description = "Epochs of quantization-aware training (default: ${DEFAULT-VALUE}).")
  int qatEpochs;

  @Option(
      names = "--vocabulary-size",
      converter = Range.Words.class,
      defaultValue = "3300",
      description = "Word embeddings to keep (default: ${DEFAULT-VALUE}).")
  int vocabularySize;

  @Option(
      names = "--latency-seconds",
      converter = Range.NotNegative.class,
      defaultValue = "1",
      description = "Seconds to time every model (default: ${DEFAULT-VALUE}).")
  double latencySeconds;

  @Option(
      names = "--settle-seconds",
      converter = Range.NotNegative.class,
      defaultValue = "15",
      description =
          "Seconds that a process rests before its memory is measured; 0 for no measurement"
              + " (default: ${DEFAULT-VALUE}).")
  double settleSeconds;

  @Override
  public Integer call() throws IOException {
    requireConsistent();
    OutputPlace.requireFolder(experiment.outputDir);
    Files.createDirectories(experiment.outputDir);
    ExperimentSteps steps = experiment.steps(spec);
    Path small =
        distilled == null
            ? steps
                .trained("student", experiment.distilling(experiment.teacher, student))
                .resolve(Trainer.MODEL)
            : distilled;
    Path parts = split == HeldBack.ROWS ? null : splitByDialogue(steps);
    List<Object> largeTuning =
        fineTuning(parts, experiment.teacher, largeEpochs, largeRate, seeds.get(0));
    Path large = steps.trained("teacher", largeTuning).resolve(Trainer.MODEL);
    List<Path> compressions = new ArrayList<>();
    for (long seed : seeds) {
      List<Object> tuning = fineTuning(parts, small, fineTuningEpochs, fineTuningRate, seed);
      tuning.addAll(List.of("--teacher", large));
      Path model = steps.trained("seed-" + seed, tuning).resolve(Trainer.MODEL);
      Path folder =
          steps.done(
              "seed-" + seed + "-compressed", "compression.csv", compressing(parts, model, seed));
      compressions.add(folder.resolve("compression.csv"));
    }
    ReproductionTable table = ReproductionTable.read(compressions);
    if (settleSeconds > 0) {
      Duration rest = Duration.ofMillis((long) (1000 * settleSeconds));
      JointFile corpus = JointFile.read(corpus());
      table.measure(new ServedMemory(Program.of(spec).getClass(), corpus.examples(), rest));
    }
    String text = split.sentence + "\n\n" + table.toMarkdown(seeds);
    experiment.report(spec, "reproduction", text, table::writePicture);
    return 0;
  }

  private void requireConsistent() {
    Distinct.require("--seeds", seeds);
    Distinct.require("--widths", widths);
    if (distilled == null) {
      experiment.requireTexts();
    }
  }

  /** Keeps all words and positions, because pruning them is part of the compression. */
  private List<Object> fineTuning(
      @Nullable Path parts, Path encoder, int epochs, double rate, long seed) {
    List<Object> command = new ArrayList<>(List.of("train", "slu", "--model", encoder));
    command.addAll(examples(parts));
    command.addAll(List.of("--intent-labels", data.resolve("intent_label.txt")));
    command.addAll(List.of("--slot-labels", data.resolve("slot_label.txt")));
    command.addAll(List.of("--vocabulary-size", Integer.MAX_VALUE));
    command.addAll(List.of("--max-length", Integer.MAX_VALUE));
    command.addAll(List.of("--epochs", epochs, "--eval-steps", 264));
    command.addAll(List.of("--learning-rate", rate, "--seed", seed));
    command.add("--no-constrained-tags"); // as in the reference
    return command;
  }

  private List<Object> compressing(@Nullable Path parts, Path model, long seed) {
    String shares = widths.stream().map(String::valueOf).collect(Collectors.joining(","));
    List<Object> command = new ArrayList<>(List.of("compress", "--model", model));
    command.addAll(examples(parts));
    if (parts != null) {
      command.addAll(List.of("--test-data", parts.resolve("test.txt")));
    }
    command.addAll(List.of("--vocabulary-size", vocabularySize, "--max-length", 32));
    command.addAll(List.of("--learning-rate", fineTuningRate));
    command.addAll(List.of("--widths", shares, "--eval-steps", 132));
    command.addAll(List.of("--epochs", pruningEpochs, "--qat-epochs", qatEpochs));
    command.addAll(List.of("--qat-teacher-weight", 1));
    // The table shows every result, however good it is.
    command.addAll(List.of("--max-metric-loss", 100, "--seed", seed));
    command.addAll(List.of("--latency-seconds", latencySeconds));
    return command;
  }

  private Path corpus() {
    return data.resolve("corpus.train.txt");
  }

  private Path splitByDialogue(ExperimentSteps steps) throws IOException {
    List<Object> splitting = List.of("split-dialogues", "--data", corpus());
    return steps.files("dialogues", "test.txt", splitting);
  }

  /** The options with the examples to learn from and to evaluate on. */
  private List<Object> examples(@Nullable Path parts) {
    return parts == null
        ? List.of("--data", corpus())
        : List.of("--data", parts.resolve("train.txt"), "--dev-data", parts.resolve("dev.txt"));
  }
}
