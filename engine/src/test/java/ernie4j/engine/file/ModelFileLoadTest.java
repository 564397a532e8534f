package ernie4j.engine.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ernie4j.engine.ParameterSource;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.SmallModel;
import ernie4j.engine.Tensor;
import ernie4j.engine.encoder.Encoder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFileLoadTest {
  private static final Tensor BIG = SampleModels.randomTensor(new Random(1), 300, 301);

  private final Path path;

  ModelFileLoadTest(@TempDir Path folder) throws IOException {
    path = folder.resolve("m.ernie");
    ParameterStore parameters = SmallModel.parameters(1);
    parameters.put("big", BIG);
    ModelFile.write(path, Model.encoder(SmallModel.CONFIG, parameters));
  }

  private <T> T load(Function<ParameterSource, T> use) throws IOException {
    return ModelFile.load(path, model -> use.apply(model.parameters()));
  }

  private void damage(int fromEnd) throws IOException {
    byte[] bytes = Files.readAllBytes(path);
    bytes[bytes.length - fromEnd] ^= 1;
    Files.write(path, bytes);
  }

  @Test
  void anyPartOfAParameterCanBeRead() throws IOException {
    Random random = new Random(2);
    for (int i = 0; i < 50; i++) {
      int offset = random.nextInt(BIG.size());
      int count = random.nextInt(BIG.size() - offset + 1);
      float[] into = new float[count + 5];
      load(
          source -> {
            source.weight("big").read(offset, count, into, 3);
            return into;
          });
      assertThat(bits(Arrays.copyOfRange(into, 3, 3 + count)))
          .isEqualTo(bits(Arrays.copyOfRange(BIG.data(), offset, offset + count)));
      assertThat(new float[] {into[0], into[2], into[count + 3]}).containsOnly(0f);
    }
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    Arrays.setAll(bits, i -> Float.floatToRawIntBits(values[i]));
    return bits;
  }

  @Test
  void sourceDescribesItsParameters() throws IOException {
    ParameterSource expected = ModelFile.read(path).parameters();
    load(
        source -> {
          assertThat(source.names()).containsExactlyElementsOf(expected.names());
          assertThat(source.size()).isEqualTo(expected.size());
          assertThat(source.elementCount()).isEqualTo(expected.elementCount());
          assertThat(source.shape("big")).containsExactly(300, 301);
          assertThat(source.contains("big")).isTrue();
          assertThat(source.contains("small")).isFalse();
          assertThat(source.get("big", 300, 301).size()).isEqualTo(300 * 301);
          return "";
        });
  }

  @Test
  void wrongRequestsAreRefused() throws IOException {
    load(
        source -> {
          float[] into = new float[10];
          assertThatIllegalArgumentException()
              .isThrownBy(() -> source.get("small"))
              .withMessageContaining("m.ernie: the model has no parameter 'small'");
          assertThatIllegalArgumentException()
              .isThrownBy(() -> source.get("big", 301, 300))
              .withMessage("Parameter 'big': expected shape [301, 300], got [300, 301]");
          for (int[] bad :
              new int[][] {
                {-1, 1, 0}, {0, -1, 0}, {90_300, 1, 0}, {0, 11, 0}, {0, 1, 10}, {0, 1, -1}
              }) {
            assertThatThrownBy(() -> source.weight("big").read(bad[0], bad[1], into, bad[2]))
                .isInstanceOf(IndexOutOfBoundsException.class);
          }
          return "";
        });
  }

  @Test
  void damagedWeightsGiveNoResult() throws IOException {
    damage(1);
    assertThatThrownBy(() -> load(source -> "result"))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining("m.ernie: the file is damaged: the SHA-256 of the weights");
    assertThatThrownBy(() -> ModelFile.load(path, m -> Encoder.of(m.config(), m.parameters())))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining("damaged");
    byte[] bytes = Files.readAllBytes(path);
    assertThatThrownBy(
            () -> ModelFile.load(new ByteArrayInputStream(bytes), "stream", model -> "result"))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining("stream: the file is damaged");
  }

  @Test
  void damageIsReportedInsteadOfTheFailureItCaused() throws IOException {
    IllegalArgumentException failure = new IllegalArgumentException("not a number");
    Function<ParameterSource, String> failing =
        source -> {
          throw failure;
        };
    assertThatThrownBy(() -> load(failing)).isSameAs(failure);
    damage(1);
    assertThatThrownBy(() -> load(failing))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining("damaged")
        .hasSuppressedException(failure);
  }

  @Test
  void parametersCannotBeReadAfterLoading() throws IOException {
    ParameterSource source = load(Function.identity());
    assertThat(source.shape("big")).containsExactly(300, 301);
    assertThatThrownBy(() -> source.get("big"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("m.ernie: parameter 'big' was asked for after the file was closed")
        .hasMessageContaining("use ModelFile.read");
  }

  @Test
  void fileThatIsCutWhileOpenIsRefused() {
    assertThatThrownBy(
            () ->
                load(
                    source -> {
                      cutInHalf();
                      return source.get("big");
                    }))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining("m.ernie: the file is ");
  }

  private void cutInHalf() {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
      channel.truncate(channel.size() / 2);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void fileThatIsReplacedWhileOpenIsReadAsItWas() throws IOException {
    Tensor read =
        load(
            source -> {
              try {
                ModelFile.write(path, Model.encoder(SmallModel.CONFIG, SmallModel.parameters(2)));
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
              return source.get("big");
            });
    assertThat(bits(read.data())).isEqualTo(bits(BIG.data()));
  }

  @Test
  void errorOfAMissingParameterPassesUnchanged() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> load(source -> source.get("small")))
        .withMessageContaining("'small'");
  }
}
