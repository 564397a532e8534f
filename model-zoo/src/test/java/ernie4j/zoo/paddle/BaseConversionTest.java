package ernie4j.zoo.paddle;

import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.engine.AnotherJvm;
import ernie4j.engine.EncoderConfig;
import ernie4j.engine.ParameterNames;
import ernie4j.engine.Tensor;
import ernie4j.engine.file.AtomicFile;
import ernie4j.engine.file.ModelFile;
import ernie4j.zoo.Architectures;
import ernie4j.zoo.ModelImport;
import ernie4j.zoo.pickle.PickleWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file of ERNIE base, 472 MB, is converted in a JVM of 1.2 GB. */
class BaseConversionTest {
  @TempDir Path folder;

  @Test
  void convertsBaseInLittleMemory() throws Exception {
    EncoderConfig base = Architectures.of("base");
    // All parameters share one array, so that this JVM needs less memory.
    float[] shared = new float[base.vocabularySize() * base.hiddenSize()];
    for (int i = 0; i < shared.length; i++) {
      shared[i] = (i % 1001 - 500) * 1e-4f;
    }
    Map<String, Object> dict = new LinkedHashMap<>();
    ParameterNames.shapes(base)
        .forEach((name, shape) -> dict.put(name, Tensor.wrap(shared, 0, shape)));
    Path source = folder.resolve("model_state.pdparams");
    AtomicFile.write(source, channel -> PickleWriter.write(channel, dict));
    assertThat(Files.size(source)).isGreaterThan(471_000_000);

    Path target = folder.resolve("base.ernie");
    List<String> command = new ArrayList<>();
    command.add(AnotherJvm.java());
    command.addAll(
        List.of(
            "-Xmx1200m",
            "-cp",
            System.getProperty("java.class.path"),
            Converter.class.getName(),
            source.toString(),
            target.toString()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.exitValue()).as(said).isZero();
    // About 4 seconds here; the limit only catches a conversion that has become much slower.
    assertThat(seconds(said)).as(said).isLessThan(20);
    assertThat(Files.size(target)).isGreaterThan(471_000_000);
  }

  private static double seconds(String said) {
    return Double.parseDouble(said.strip().lines().reduce((a, b) -> b).orElse("NaN"));
  }

  /** The program of the child JVM, which prints the seconds. */
  static final class Converter {
    private Converter() {}

    public static void main(String[] arguments) throws Exception {
      long start = System.nanoTime();
      ModelFile.write(Path.of(arguments[1]), ModelImport.read(Path.of(arguments[0])).model());
      System.out.println((System.nanoTime() - start) / 1e9);
    }
  }
}
