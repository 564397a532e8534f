package ernie4j.engine;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** For tests that start a JVM of their own. */
public final class AnotherJvm {
  private AnotherJvm() {}

  /**
   * The java command of this JVM. Skips the test if it cannot be started: a JDK that was built for
   * a newer C library runs only through the loader that came with it, see docs/platforms.md.
   */
  public static String java() throws InterruptedException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    boolean starts;
    try {
      starts =
          new ProcessBuilder(java, "-version")
                  .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                  .redirectError(ProcessBuilder.Redirect.DISCARD)
                  .start()
                  .waitFor()
              == 0;
    } catch (IOException e) {
      starts = false;
    }
    Assumptions.assumeTrue(starts, "skipped: this JVM cannot start another one");
    return java;
  }
}
