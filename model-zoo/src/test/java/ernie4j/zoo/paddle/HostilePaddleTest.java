package ernie4j.zoo.paddle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.sun.management.ThreadMXBean;
import ernie4j.engine.EncoderConfig;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFileException;
import ernie4j.zoo.ModelImport;
import ernie4j.zoo.conversion.FileBytes;
import ernie4j.zoo.conversion.SourceTensor;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged files cause our exception, quickly and in little memory, or give a complete model. */
class HostilePaddleTest {
  private static final EncoderConfig CONFIG = EncoderConfig.ernie(20, 12, 2, 3, 24, 8);
  private static final int COPIES = 500;

  @TempDir Path folder;

  enum Kind {
    PARAMETERS("model_state.pdparams", "model_state.pdparams"),
    PROGRAM("m.pdmodel", "m.pdmodel"),
    STREAMS("m.pdiparams", "m.pdmodel"),
    INFO("m.pdiparams.info", "m.pdmodel"),
    CONFIGURATION("config.json", "model_state.pdparams"),
    TOKENIZER("tokenizer_config.json", "model_state.pdparams");

    private final String damaged;
    private final String source;

    Kind(String damaged, String source) {
      this.damaged = damaged;
      this.source = source;
    }
  }

  @BeforeEach
  void write() throws IOException {
    Model model = RandomModels.joint(CONFIG, 3, 5);
    PaddleFolder.write(model, folder);
    PaddleInference.write(model, folder.resolve("m.pdmodel"));
  }

  @ParameterizedTest
  @EnumSource
  void damagedFilesAreRefusedOrGiveACompleteModel(Kind kind) throws Exception {
    Path file = folder.resolve(kind.damaged);
    byte[] good = Files.readAllBytes(file);
    Random random = new Random(1);
    int refused = 0;
    for (int i = 0; i < COPIES; i++) {
      Files.write(file, damage(good, random, i % 4));
      refused +=
          assertTimeoutPreemptively(
                  Duration.ofSeconds(5), () -> isRefused(folder.resolve(kind.source)))
              ? 1
              : 0;
    }
    // A flipped bit in a weight cannot be seen: these formats have no checksum.
    assertThat(refused).isBetween(COPIES / 5, COPIES - 1);
  }

  private static byte[] damage(byte[] good, Random random, int kind) {
    byte[] copy = good.clone();
    int at = random.nextInt(copy.length);
    switch (kind) {
      case 0 -> copy[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> copy = Arrays.copyOf(copy, at);
      case 2 -> Arrays.fill(copy, at, Math.min(copy.length, at + 6), (byte) 0xff);
      default -> {
        int from = random.nextInt(copy.length);
        int length = Math.min(random.nextInt(64), copy.length - Math.max(from, at));
        System.arraycopy(good, from, copy, at, length);
      }
    }
    return copy;
  }

  /** Whether a source is refused; anything but an IOException that names a file fails the test. */
  private boolean isRefused(Path source) throws IOException {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    boolean refused = false;
    try {
      Model model = ModelImport.read(source).model();
      assertThat(model.parameters().size()).isGreaterThanOrEqualTo(5 + 2 * 16);
    } catch (IOException e) {
      assertThat(e).hasMessageContaining(folder.toString());
      refused = true;
    }
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(10_000_000);
    return refused;
  }

  @Test
  void everyCutOffParameterFileIsRefused() throws Exception {
    byte[] good = Files.readAllBytes(folder.resolve("model_state.pdparams"));
    for (int length = 0; length < good.length; length += 37) {
      byte[] cut = Arrays.copyOf(good, length);
      assertThatThrownBy(() -> PaddleParameters.read(FileBytes.of("cut", cut)))
          .isInstanceOf(ModelFileException.class)
          .hasMessageStartingWith("cut: ");
    }
  }

  private static Map<String, SourceTensor> read(String pickle) throws IOException {
    byte[] bytes = pickle.getBytes(StandardCharsets.ISO_8859_1);
    return PaddleParameters.read(FileBytes.of("hostile", bytes)).tensors();
  }

  @Test
  void acceptsEvalOnlyAsTheOldFormOfATensor() {
    assertThatThrownBy(
            () ->
                read(
                    "\u0080\u0002}U\u0001ac__builtin__\neval\n(U*__import__('os').system('touch /tmp/gone')tRs."))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining("nothing was executed");
    assertThatThrownBy(() -> read("\u0080\u0002}U\u0001aceval\nexec\nU\u0001x\u0085Rs."))
        .hasMessageContaining("'eval.exec'");
  }

  @Test
  void refusesArraysThatShareTheirBytesTooOften() {
    // One byte string of 1,000 bytes, put into 50 arrays.
    StringBuilder pickle = new StringBuilder("\u0080\u0004}");
    pickle.append("B\u00e8\u0003\0\0").append("x".repeat(1000)).append("q\u00010");
    pickle.append("cnumpy\ndtype\nU\u0002i1\u0089\u0088\u0087Rq\u00020");
    for (int i = 0; i < 50; i++) {
      pickle.append("U\u0001").append((char) ('0' + i));
      pickle.append("cnumpy.core.multiarray\n_reconstruct\n)R(K\u0001M\u00e8\u0003\u0085");
      pickle.append("h\u0002\u0089h\u0001tbs");
    }
    assertThatThrownBy(() -> read(pickle.append('.').toString()))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining("more than the file's");
  }

  @Test
  void refusesAnArrayWithoutContentAndSlicesThatDoNotFit() {
    String empty = "cnumpy.core.multiarray\n_reconstruct\n)R";
    assertThatThrownBy(() -> read("\u0080\u0002}U\u0001a" + empty + "s."))
        .hasMessageContaining("never gets its content");
    String big =
        "}U\u0015UnpackBigParamInfor@@}U\u0001a}(U\u000bOriginShapeK\u0002\u0085"
            + "U\u0006slices]U\u0003a.0auss";
    assertThatThrownBy(() -> read("\u0080\u0002" + big + "."))
        .hasMessageContaining("lacks a slice");
  }

  @Test
  void refusesManyNamesOfOneArray() {
    StringBuilder pickle = new StringBuilder("\u0080\u0004}");
    pickle.append("cnumpy.core.multiarray\n_reconstruct\n)R(K\u0001M\u00e8\u0003\u0085");
    pickle.append("cnumpy\ndtype\nU\u0002i1\u0089\u0088\u0087R\u0089");
    pickle.append("B\u00e8\u0003\0\0").append("x".repeat(1000)).append("tbq\u00010");
    for (int i = 0; i < 50; i++) {
      pickle.append("U\u0001").append((char) ('0' + i)).append("h\u0001s");
    }
    assertThatThrownBy(() -> read(pickle.append('.').toString()))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining("50000 numbers, shared too often");
  }

  /** Short texts as bytes: {@code encode(text, 'latin1')}, many times for the same text. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "h\u0001h\u0002\u0086R",
        "h\u0003)R(K\u0001M\u0000\u0010\u0085h\u0004\u0089h\u0001tb"
      })
  void bytesOfATextAreMadeOnlyOnce(String again) {
    StringBuilder pickle = new StringBuilder("\u0080\u0002]");
    pickle.append("c_codecs\nencode\nq\u00000");
    pickle.append("X\0\u0010\0\0").append("x".repeat(4096)).append("q\u00010");
    pickle.append("X\u0006\0\0\0latin1q\u00020");
    pickle.append("cnumpy.core.multiarray\n_reconstruct\nq\u00030");
    pickle.append("cnumpy\ndtype\nU\u0002i1\u0089\u0088\u0087Rq\u00040");
    String one = again.endsWith("R") ? "h\0" + again : again;
    for (int i = 0; i < 100_000; i++) {
      pickle.append(one).append('a');
    }
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    assertThatThrownBy(() -> read(pickle.append('.').toString()))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining("expected a dict");
    // 100,000 times 4,096 bytes are 400 MB.
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(250_000_000);
  }

  /**
   * Byte strings of protocol 2 are texts, whose length in bytes does not determine that of the
   * array.
   */
  @Test
  void damagedArraysOfProtocol2GiveOurException() throws IOException {
    StringBuilder pickle = new StringBuilder("\u0080\u0002}");
    Random random = new Random(3);
    for (int i = 0; i < 20; i++) {
      StringBuilder text = new StringBuilder();
      for (int j = 0; j < 4 * 2000; j++) {
        int value = random.nextInt(256);
        text.append(
            value < 128
                ? Character.toString(value)
                : "" + (char) (0xc0 | (value >> 6)) + (char) (0x80 | (value & 63)));
      }
      int length = text.length();
      pickle.append("U\u0001").append((char) ('a' + i));
      pickle.append("cnumpy.core.multiarray\n_reconstruct\n)R(K\u0001M\u00d0\u0007\u0085");
      pickle.append("cnumpy\ndtype\nU\u0002f4\u0089\u0088\u0087R\u0089c_codecs\nencode\nX");
      pickle.append((char) (length & 255)).append((char) (length >> 8 & 255)).append("\0\0");
      pickle.append(text).append("X\u0006\0\0\0latin1\u0086Rtbs");
    }
    byte[] good = pickle.append('.').toString().getBytes(StandardCharsets.ISO_8859_1);
    readAll(good);
    int refused = 0;
    for (int i = 0; i < 4000; i++) {
      try {
        readAll(damage(good, random, i % 4));
      } catch (ModelFileException e) {
        refused++;
      }
    }
    assertThat(refused).isBetween(2000, 4000);
  }

  private static void readAll(byte[] bytes) throws IOException {
    for (SourceTensor tensor :
        PaddleParameters.read(FileBytes.of("hostile", bytes)).tensors().values()) {
      tensor.floats();
    }
  }
}
