package ernie4j.cli.train;

import ernie4j.cli.option.UsageException;
import ernie4j.cli.report.Pictures;
import ernie4j.cli.report.ProgressPrinter;
import ernie4j.cli.report.TrainingPicture;
import ernie4j.cli.report.TrainingReport;
import ernie4j.engine.file.OutputPlace;
import ernie4j.training.Trainer;
import ernie4j.training.TrainingHistory;
import ernie4j.training.TrainingTask.KeptModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The output folder of a training, and whether the training is started or continued there. */
final class OutputFolder {
  @Spec(Spec.Target.MIXEE)
  CommandSpec spec;

  @Option(
      names = "--output-dir",
      paramLabel = "DIR",
      required = true,
      description = "Folder for model, checkpoint, metrics, picture and report.")
  Path outputDir;

  @Option(
      names = "--resume",
      description =
          "Continue from the checkpoint in --output-dir; the result has the same bits as an uninterrupted run.")
  boolean resume;

  @Option(
      names = "--extend",
      description =
          "With --resume: train for more --epochs or --max-steps than planned, on the longer schedule"
              + " of the learning rate.")
  boolean extend;

  Path path() {
    return outputDir;
  }

  /** Checks what can be checked before data are read, including whether files can be written. */
  void requireFreshOrResumable() throws IOException {
    requireFreshOrResumable(hasCheckpoint());
  }

  private boolean hasCheckpoint() {
    return Files.exists(outputDir.resolve(Trainer.CHECKPOINT));
  }

  private void requireFreshOrResumable(boolean checkpoint) throws IOException {
    if (checkpoint && !resume) {
      throw new UsageException(
          outputDir
              + " already holds a training; add --resume to continue it, or use another folder");
    }
    if (extend && !resume) {
      throw new UsageException("--extend needs --resume: it continues a training for more epochs");
    }
    if (!checkpoint && resume) {
      throw new UsageException(outputDir + " holds no training to resume; leave out --resume");
    }
    OutputPlace.requireFolder(outputDir);
  }

  /**
   * Does the same for a training that follows one in a folder below this one; either may have been
   * stopped.
   */
  void requireFreshOrResumableWith(OutputFolder first) throws IOException {
    requireFreshOrResumable(hasCheckpoint() || first.hasCheckpoint());
  }

  /** A separate training in a folder below this one, started or continued like this one. */
  OutputFolder child(String name) {
    OutputFolder child = new OutputFolder();
    child.spec = spec;
    child.outputDir = outputDir.resolve(name);
    child.extend = extend;
    child.resume = resume;
    return child;
  }

  /** Whether a training has ended here. */
  boolean isFinished() {
    return Files.exists(outputDir.resolve(TrainingReport.FILE));
  }

  /** The contents of a report besides the curves, once the best model exists. */
  interface Details {
    TrainingReport.Content of(Path bestModel) throws IOException;
  }

  /**
   * Trains to the end, draws the picture, writes the report and prints the result.
   *
   * @param models the models that the training keeps, starting with the one that the report is
   *     about
   */
  void run(Trainer trainer, List<KeptModel> models, Details details) throws IOException {
    boolean begun = resume && hasCheckpoint(); // not if an earlier training was stopped
    if (begun && extend) {
      trainer.extend();
    } else if (begun) {
      trainer.resume();
    }
    TrainingHistory history = trainer.run();
    Path picture = outputDir.resolve("training.png");
    PrintWriter err = spec.commandLine().getErr();
    boolean drawn = Pictures.draw(picture, err, file -> TrainingPicture.write(history, file));
    Path report = outputDir.resolve(TrainingReport.FILE);
    Path first = outputDir.resolve(models.get(0).file());
    // Most tasks compute its answers once more, which takes as long as an evaluation.
    err.printf("writing %s about %s%n", report, first);
    TrainingReport.write(report, history, details.of(first));
    PrintWriter out = spec.commandLine().getOut();
    history
        .best()
        .ifPresent(
            best ->
                out.printf(
                    "best at step %d: %s%n", best.step(), ProgressPrinter.metrics(best.metrics())));
    models.forEach(model -> out.println(outputDir.resolve(model.file())));
    if (drawn) {
      out.println(picture);
    }
    out.println(report);
  }
}
