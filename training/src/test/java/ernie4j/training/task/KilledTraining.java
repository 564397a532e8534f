package ernie4j.training.task;

import ernie4j.engine.Parallel;
import ernie4j.training.Trainer;
import ernie4j.training.TrainingListener;
import ernie4j.training.TrainingOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A small training in a JVM of its own that prints the number of every step. */
final class KilledTraining {
  /** Batches of a few tokens, two a step, with dropout: all that a checkpoint must restore. */
  static final TrainingOptions OPTIONS =
      TinyTasks.options(4).toBuilder()
          .batchSize(8)
          .maxTokens(60)
          .accumulation(2)
          .evaluateEvery(3)
          .saveLimit(2)
          .build();

  private KilledTraining() {}

  /** Continues the training in the folder if there is one. */
  static void run(Path folder, TrainingListener listener) throws IOException {
    try (Parallel parallel = Parallel.of(2)) {
      TaskSetup setup = TinyTasks.setup(16, 0.1f, parallel);
      Trainer trainer = setup.trainer(TinyTasks.classification(setup), OPTIONS, folder, listener);
      if (Files.exists(folder.resolve(Trainer.CHECKPOINT))) {
        trainer.resume();
      }
      trainer.run();
    }
  }

  public static void main(String[] args) throws IOException {
    run(
        Path.of(args[0]),
        new TrainingListener() {
          @Override
          public void stepped(Progress progress) {
            System.out.println(progress.step());
            try {
              Thread.sleep(15);
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
          }
        });
  }
}
