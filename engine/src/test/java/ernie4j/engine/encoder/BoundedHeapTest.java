package ernie4j.engine.encoder;

import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.engine.AnotherJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** There may be many more concurrent callers than workspaces that fit into the heap. */
class BoundedHeapTest {
  @TempDir Path folder;

  @Test
  void sixtyFourCallersWithLongTextsRunInASmallHeap() throws Exception {
    Path output = folder.resolve("output");
    // The scratch of one caller takes 2.5 MB, so 64 of them would take 160 MB.
    Process process =
        new ProcessBuilder(
                AnotherJvm.java(),
                "-Xmx48m",
                "-Dernie4j.kernels=scalar",
                "-cp",
                System.getProperty("java.class.path"),
                CrowdedEncoder.class.getName())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(process.waitFor(120, TimeUnit.SECONDS)).as("ended").isTrue();
      assertThat(process.exitValue()).as(() -> read(output)).isZero();
    } finally {
      process.destroyForcibly();
    }
  }

  private static String read(Path output) {
    try {
      return Files.readString(output, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
