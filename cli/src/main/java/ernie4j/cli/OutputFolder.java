package ernie4j.cli;

import ernie4j.training.Trainer;
import ernie4j.training.TrainingHistory;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Where a training goes, and how it is begun or continued there. */
final class OutputFolder {
  @Spec(Spec.Target.MIXEE)
  CommandSpec spec;

  @Option(
      names = "--output-dir",
      paramLabel = "DIR",
      required = true,
      description = "Receives model, checkpoint, metrics, picture and report.")
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

  /** What a report says besides the curves, once the best model is there. */
  interface Details {
    TrainingReport.Content of(Path bestModel) throws IOException;
  }

  /**
   * Trains to the end, draws the picture, writes the report and says what came out.
   *
   * @param metricAxis what the picture writes at the axis of the metrics
   */
  void run(Trainer trainer, String metricAxis, Details details) throws IOException {
    if (resume) {
      trainer.resume();
    }
    TrainingHistory history = trainer.run();
    Path model = outputDir.resolve(Trainer.MODEL);
    Path picture = outputDir.resolve("training.png");
    TrainingPicture.write(history, metricAxis, picture);
    Path report = outputDir.resolve("report.html");
    TrainingReport.write(report, history, metricAxis, details.of(model));
    PrintWriter out = spec.commandLine().getOut();
    history
        .best()
        .ifPresent(
            best ->
                out.printf(
                    "best at step %d: %s%n%s%n%s%n%s%n",
                    best.step(), ProgressPrinter.metrics(best.metrics()), model, picture, report));
  }
}
