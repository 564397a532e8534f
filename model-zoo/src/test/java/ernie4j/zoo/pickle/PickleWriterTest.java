package ernie4j.zoo.pickle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ernie4j.engine.Tensor;
import ernie4j.zoo.conversion.FileBytes;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PickleWriterTest {
  @TempDir Path folder;

  private Path written(Map<String, ?> dict) throws IOException {
    Path file = folder.resolve("written.pkl");
    try (FileChannel out =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      PickleWriter.write(out, dict);
    }
    return file;
  }

  private static Map<String, Object> dict() {
    float[] large = new float[40_000];
    Random random = new Random(1);
    for (int i = 0; i < large.length; i++) {
      large[i] = random.nextFloat();
    }
    Map<String, Object> dict = new LinkedHashMap<>();
    dict.put("large", Tensor.of(large, 200, 200));
    dict.put("part", Tensor.wrap(new float[] {9, 1.5f, -2, 0}, 1, 3, 1));
    dict.put("number", Tensor.of(new float[] {7}));
    dict.put("empty", Tensor.of(new float[0], 0, 3));
    dict.put("names", Map.of("weight", "linear_0.w_0"));
    dict.put("中文", "词");
    return dict;
  }

  @Test
  void writtenPickleIsReadBack() throws Exception {
    Map<String, Object> dict = dict();
    try (FileBytes file = FileBytes.open(written(dict))) {
      Map<?, ?> read = (Map<?, ?>) Unpickler.read(file, NumpyGlobals.table());
      assertThat(read.keySet()).isEqualTo(dict.keySet());
      dict.forEach(
          (name, value) -> {
            if (value instanceof Tensor tensor) {
              assertThat(floats(read.get(name))).isEqualTo(tensor.toArray());
              assertThat(((NumpyArray) read.get(name)).shape()).isEqualTo(tensor.shape());
            }
          });
      assertThat(read.get("names")).isEqualTo(Map.of("weight", "linear_0.w_0"));
      assertThat(read.get("中文")).isEqualTo("词");
    }
  }

  private static float[] floats(Object array) {
    try {
      return ((NumpyArray) array).floats();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /**
   * Reads a pickle with Python itself, with stubs for three names of NumPy, so NumPy is not needed.
   */
  @Test
  void pythonReadsAWrittenPickle() throws Exception {
    Path file = written(dict());
    Path script = folder.resolve("read.py");
    Files.writeString(
        script,
        """
        import pickle, struct, sys
        class Array:
            def __setstate__(self, state): self.state = state
        class DType:
            def __init__(self, code, align, copy): self.code = code
            def __setstate__(self, state): self.order = state[1]
        class Reader(pickle.Unpickler):
            def find_class(self, module, name):
                return {('numpy.core.multiarray', '_reconstruct'): lambda t, shape, kind: Array(),
                        ('numpy', 'ndarray'): Array, ('numpy', 'dtype'): DType}[(module, name)]
        d = Reader(open(sys.argv[1], 'rb')).load()
        for name in ('part', 'number', 'empty', 'large'):
            version, shape, dtype, fortran, raw = d[name].state
            values = struct.unpack('<%df' % (len(raw) // 4), raw)
            print(name, version, shape, dtype.order + dtype.code, fortran, sum(values))
        print(d['names'], d['\\u4e2d\\u6587'] == '\\u8bcd')
        """);
    Process python;
    try {
      python =
          new ProcessBuilder("python3", script.toString(), file.toString())
              .redirectErrorStream(true)
              .start();
    } catch (IOException e) {
      Assumptions.abort("skipped: there is no python3 on this machine");
      return;
    }
    assertThat(python.waitFor(15, TimeUnit.SECONDS)).isTrue();
    String said = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    double sum = 0;
    for (float value : ((Tensor) dict().get("large")).toArray()) {
      sum += value;
    }
    assertThat(said)
        .startsWith(
            """
            part 1 (3, 1) <f4 False -0.5
            number 1 () <f4 False 7.0
            empty 1 (0, 3) <f4 False 0
            large 1 (200, 200) <f4 False\s""")
        .contains("{'weight': 'linear_0.w_0'} True")
        .contains(" " + Double.toString(sum).substring(0, 10));
  }

  @Test
  void refusesOtherValues() {
    assertThatThrownBy(() -> written(Map.of("a", new Object())))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
