package ernie4j.cli;

import ernie4j.engine.file.AtomicFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The table of docs/reproduction.md: distil a small encoder, fine-tune the large one, fine-tune the
 * small one to the labels and the large one's answers with several seeds, compress each result.
 * Every step is one of the other commands, printed before it runs; a step that is done is not
 * repeated, and one that was broken off is continued.
 */
@Command(
    name = "slu",
    description =
        "Distil, fine-tune and compress a model for spoken commands with several seeds, and make a table of it.",
    mixinStandardHelpOptions = true)
final class ReproduceSluCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Option(
      names = "--teacher",
      paramLabel = "MODEL",
      converter = ModelPath.class,
      required = true,
      description =
          "The encoder to distil, a file or the name of a pulled one, for example bge-small-zh.")
  Path teacher;

  @Option(
      names = "--text",
      paramLabel = "FILE",
      arity = "1..*",
      required = true,
      description = "UTF-8 texts to distil on, one a line.")
  List<Path> text = List.of();

  @Option(
      names = "--data",
      paramLabel = "DIR",
      required = true,
      description = "Holds corpus.train.txt, intent_label.txt and slot_label.txt.")
  Path data;

  @Option(
      names = "--output-dir",
      paramLabel = "DIR",
      required = true,
      description = "Receives everything; run again to go on.")
  Path outputDir;

  @Option(
      names = "--seeds",
      split = ",",
      defaultValue = "42,43,44",
      description = "One fine-tuning and compression for each (default: ${DEFAULT-VALUE}).")
  List<Long> seeds = List.of();

  @Option(
      names = "--student",
      paramLabel = "SHAPE",
      defaultValue = "nano",
      description = "The shape to distil into (default: ${DEFAULT-VALUE}, 4L312H).")
  String student = "";

  @Option(
      names = "--distill-steps",
      defaultValue = "4000",
      description = "Default: ${DEFAULT-VALUE}.")
  long distillSteps;

  @Option(
      names = "--held-out",
      defaultValue = "1000",
      description = "Texts that distilling is measured on (default: ${DEFAULT-VALUE}).")
  int heldOut;

  @Option(
      names = "--fine-tuning-epochs",
      defaultValue = "10",
      description = "Default: ${DEFAULT-VALUE}.")
  int fineTuningEpochs;

  @Option(
      names = "--fine-tuning-rate",
      defaultValue = "2e-4",
      description = "Learning rate (default: ${DEFAULT-VALUE}).")
  double fineTuningRate;

  @Option(
      names = "--teacher-epochs",
      defaultValue = "6",
      description = "Of the teacher's fine-tuning (default: ${DEFAULT-VALUE}).")
  int largeEpochs;

  @Option(
      names = "--teacher-rate",
      defaultValue = "5e-5",
      description = "Its learning rate (default: ${DEFAULT-VALUE}).")
  double largeRate;

  @Option(
      names = "--widths",
      defaultValue = "0.75,0.5",
      description = "Shares of heads and neurons to keep (default: ${DEFAULT-VALUE}).")
  String widths = "";

  @Option(
      names = "--vocabulary",
      defaultValue = "3300",
      description = "Word embeddings to keep (default: ${DEFAULT-VALUE}).")
  int vocabulary;

  @Option(
      names = "--latency-seconds",
      defaultValue = "1",
      description = "How long every model is timed (default: ${DEFAULT-VALUE}).")
  double latencySeconds;

  @Option(names = "--threads", description = "Default: all processors.")
  int threads = Runtime.getRuntime().availableProcessors();

  @Override
  public Integer call() throws IOException {
    Files.createDirectories(outputDir);
    Path distilled = trained("student", distilling());
    Path large = trained("teacher", fineTuning(teacher, largeEpochs, largeRate, seeds.get(0)));
    List<Path> compressions = new ArrayList<>();
    for (long seed : seeds) {
      List<Object> tuning = fineTuning(distilled, fineTuningEpochs, fineTuningRate, seed);
      tuning.addAll(List.of("--teacher", large));
      Path model = trained("seed-" + seed, tuning);
      Path folder = outputDir.resolve("seed-" + seed + "-compressed");
      compressed(folder, compressing(model, seed));
      compressions.add(folder.resolve("compression.csv"));
    }
    ReproductionTable table = ReproductionTable.read(compressions);
    String markdown = table.toMarkdown(seeds);
    Path report = outputDir.resolve("reproduction.md");
    AtomicFile.writeText(report, markdown);
    Path picture = outputDir.resolve("reproduction.png");
    table.writePicture(picture);
    spec.commandLine().getOut().printf("%s%n%s%n%s%n", markdown, report, picture);
    return 0;
  }

  private List<Object> distilling() {
    List<Object> command = new ArrayList<>(List.of("distill", "--teacher", teacher, "--text"));
    command.addAll(text);
    command.addAll(List.of("--student", student, "--max-steps", distillSteps));
    command.addAll(List.of("--batch-size", 64, "--max-length", 64, "--eval-steps", 1000));
    command.addAll(List.of("--held-out", heldOut));
    return command;
  }

  /** With all words and positions: pruning them is part of the compression. */
  private List<Object> fineTuning(Path encoder, int epochs, double rate, long seed) {
    List<Object> command = new ArrayList<>(List.of("train", "slu", "--model", encoder));
    command.addAll(corpus());
    command.addAll(List.of("--intent-label-path", data.resolve("intent_label.txt")));
    command.addAll(List.of("--slot-label-path", data.resolve("slot_label.txt")));
    command.addAll(List.of("--max-vocab-size", Integer.MAX_VALUE));
    command.addAll(List.of("--max-seq-length", Integer.MAX_VALUE));
    command.addAll(List.of("--num-train-epochs", epochs, "--eval-steps", 264));
    command.addAll(List.of("--learning-rate", rate, "--seed", seed));
    return command;
  }

  private List<Object> compressing(Path model, long seed) {
    List<Object> command = new ArrayList<>(List.of("compress", "--model", model));
    command.addAll(corpus());
    command.addAll(List.of("--max-vocab-size", vocabulary, "--max-seq-length", 32));
    command.addAll(List.of("--learning-rate", fineTuningRate));
    command.addAll(List.of("--width-mult-list", widths, "--eval-steps", 132));
    // The table shows every result, however good it is.
    command.addAll(List.of("--max-accuracy-loss", 100, "--seed", seed));
    command.addAll(List.of("--latency-seconds", latencySeconds));
    return command;
  }

  private List<Object> corpus() {
    return List.of("--train-path", data.resolve("corpus.train.txt"));
  }

  /** Runs a training into a folder unless it is done there. */
  private Path trained(String name, List<Object> command) throws IOException {
    Path folder = outputDir.resolve(name);
    Path done = folder.resolve("training.png"); // the last file that a training writes
    if (!Files.exists(done)) {
      boolean begun = Files.exists(folder.resolve("checkpoint.safetensors"));
      run(command, folder, begun);
    }
    return folder.resolve("model.ernie");
  }

  private void compressed(Path folder, List<Object> command) throws IOException {
    if (!Files.exists(folder.resolve("compression.png"))) {
      run(command, folder, Files.exists(folder));
    }
  }

  private void run(List<Object> command, Path folder, boolean resume) throws IOException {
    List<String> words = new ArrayList<>();
    command.forEach(word -> words.add(word.toString()));
    words.addAll(List.of("--output-dir", folder.toString(), "--threads", "" + threads));
    if (resume) {
      words.add("--resume");
    }
    PrintWriter err = spec.commandLine().getErr();
    err.println("ernie4j " + String.join(" ", words));
    int code = Main.run(spec.commandLine().getOut(), err, words.toArray(new String[0]));
    if (code != 0) {
      throw new IOException(
          "the step 'ernie4j %s' failed, see above; run this command again to go on"
              .formatted(String.join(" ", words)));
    }
  }
}
