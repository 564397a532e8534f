package ernie4j.training.task;

import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.engine.AnotherJvm;
import ernie4j.training.Trainer;
import ernie4j.training.TrainingListener;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A training JVM is killed at random steps; the next one continues from its files and ends with the
 * same bits.
 */
class KillTest {
  @TempDir Path folder;

  @Test
  void trainingThatIsKilledTwiceEndsWithTheSameBits() throws Exception {
    Path broken = folder.resolve("broken");
    Random random = new Random();
    // There is a checkpoint after step 3; the second JVM continues from the first one's.
    long first = killAfter(broken, 4 + random.nextInt(5));
    long second = killAfter(broken, 4 + random.nextInt(5));
    KilledTraining.run(broken, new TrainingListener() {});
    Path unbroken = folder.resolve("unbroken");
    KilledTraining.run(unbroken, new TrainingListener() {});
    for (String file : new String[] {Trainer.MODEL, Trainer.METRICS, Trainer.CHECKPOINT}) {
      assertThat(broken.resolve(file))
          .as("%s after kills at steps %d and %d", file, first, second)
          .hasSameBinaryContentAs(unbroken.resolve(file));
    }
  }

  /** Starts a training and kills its JVM after some steps, whatever it is doing then. */
  private static long killAfter(Path folder, int steps) throws IOException, InterruptedException {
    Process training =
        new ProcessBuilder(
                AnotherJvm.java(),
                "-Xmx512m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                KilledTraining.class.getName(),
                folder.toString())
            .redirectErrorStream(true)
            .start();
    long last = 0;
    try (BufferedReader out = training.inputReader(StandardCharsets.UTF_8)) {
      StringBuilder said = new StringBuilder();
      int seen = 0;
      while (seen < steps) {
        String line = out.readLine();
        assertThat(line).as("the training ended before it was killed: %s", said).isNotNull();
        said.append(line).append('\n');
        if (line.matches("[0-9]+")) {
          last = Long.parseLong(line);
          seen++;
        }
      }
      training.destroyForcibly();
    }
    assertThat(training.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(training.exitValue()).isNotZero();
    return last;
  }
}
