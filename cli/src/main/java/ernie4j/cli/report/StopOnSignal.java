package ernie4j.cli.report;

import ernie4j.engine.file.FileFailure;
import ernie4j.training.Trainer;
import ernie4j.training.TrainingListener;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Ends a training with a checkpoint when the program is told to end (Ctrl-C, kill, a closed
 * terminal), and tells the user how to continue. Signals concern the whole process, so they stop
 * the training that began last.
 */
public final class StopOnSignal implements TrainingListener {
  private static volatile @Nullable WeakReference<Trainer> current;

  @Override
  public void began(Trainer trainer) {
    current = new WeakReference<>(trainer);
  }

  /**
   * Stops the training if the JVM ends earlier.
   *
   * @param resuming the words of the command line that continues the training
   */
  public static void install(PrintWriter err, Supplier<List<String>> resuming) {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(err, resuming), "stop-training"));
  }

  private static void stop(PrintWriter err, Supplier<List<String>> resuming) {
    WeakReference<Trainer> last = current;
    Trainer trainer = last == null ? null : last.get();
    if (trainer == null) {
      return;
    }
    try {
      OptionalLong step = trainer.stop();
      if (step.isPresent()) {
        String command =
            resuming.get().stream().map(StopOnSignal::quoted).collect(Collectors.joining(" "));
        err.printf(
            "ernie4j: stopped at step %d of %d, a checkpoint was written; to continue:%n  %s %s%n",
            step.getAsLong(),
            trainer.totalSteps(),
            quoted(System.getProperty("ernie4j.program", "ernie4j")),
            command);
      }
    } catch (IOException e) {
      err.println(
          "ernie4j: stopped, but the checkpoint could not be written: " + FileFailure.sentence(e));
    }
    err.flush();
  }

  /** A word quoted for a shell. */
  static String quoted(String word) {
    return word.matches("[\\p{L}\\p{N}_./:=,+@%-]+")
        ? word
        : "'" + word.replace("'", "'\\''") + "'";
  }
}
