package ernie4j.cli;

import ernie4j.training.Trainer;
import ernie4j.training.TrainingHistory;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Where a training goes, and how it is begun or continued there. */
final class OutputFolder {
  /** The last file that a training writes. */
  static final String PICTURE = "training.png";

  @Spec(Spec.Target.MIXEE)
  CommandSpec spec;

  @Option(
      names = "--output-dir",
      paramLabel = "DIR",
      required = true,
      description = "Receives model, checkpoint, metrics and picture.")
  Path outputDir;

  @Option(
      names = "--resume",
      description = "Go on from the checkpoint in --output-dir, bit by bit as if never stopped.")
  boolean resume;

  Path path() {
    return outputDir;
  }

  void requireFreshOrResumable() {
    boolean checkpoint = Files.exists(outputDir.resolve(Trainer.CHECKPOINT));
    if (checkpoint && !resume) {
      throw new UsageException(
          outputDir + " already holds a training; add --resume to go on, or use another folder");
    }
    if (!checkpoint && resume) {
      throw new UsageException(outputDir + " holds no training to resume; leave out --resume");
    }
  }

  /** A training of its own in a folder of this one, begun or continued as this one is. */
  OutputFolder child(String name) {
    OutputFolder child = new OutputFolder();
    child.spec = spec;
    child.outputDir = outputDir.resolve(name);
    child.resume = resume && Files.exists(child.outputDir.resolve(Trainer.CHECKPOINT));
    return child;
  }

  /** Whether a training has been run to its end here. */
  boolean isFinished() {
    return Files.exists(outputDir.resolve(PICTURE));
  }

  /** Trains a task that keeps one model. */
  void run(Trainer trainer, String metricAxis) throws IOException {
    run(trainer, List.of(Trainer.MODEL), metricAxis);
  }

  /**
   * Trains to the end, draws the picture and says what came out.
   *
   * @param models the files that the training writes
   * @param metricAxis what the picture writes at the axis of the metrics
   */
  void run(Trainer trainer, List<String> models, String metricAxis) throws IOException {
    if (resume) {
      trainer.resume();
    }
    TrainingHistory history = trainer.run();
    Path picture = outputDir.resolve(PICTURE);
    TrainingPicture.write(history, metricAxis, picture);
    PrintWriter out = spec.commandLine().getOut();
    history
        .best()
        .ifPresent(
            best ->
                out.printf(
                    "best at step %d: %s%n", best.step(), ProgressPrinter.metrics(best.metrics())));
    models.forEach(model -> out.println(outputDir.resolve(model)));
    out.println(picture);
  }
}
