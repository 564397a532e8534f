package ernie4j.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ernie4j.engine.GoldenModel;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.WeightType;
import ernie4j.engine.encoder.Encoder;
import ernie4j.engine.encoder.EncoderWorkspace;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.engine.kernels.Kernels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Models in bfloat16: made, written, read and run. */
class ModelPrecisionTest {
  private static final RaggedBatch BATCH =
      RaggedBatch.of(new int[] {1, 7, 9, 11, 2}, new int[] {1, 2});

  @TempDir Path folder;

  private static Model floats() throws IOException {
    return Model.encoder(
        GoldenModel.config("a.json"), GoldenModel.parameters("a.safetensors", "joint.safetensors"));
  }

  @Test
  void matricesBecomeBfloat16AndVectorsStay() throws IOException {
    Model model = ModelPrecision.of(floats(), WeightType.BFLOAT16);
    model
        .parameters()
        .weights()
        .forEach(
            (name, weight) ->
                assertThat(weight.type())
                    .as(name)
                    .isEqualTo(
                        weight.shape().length == 2 ? WeightType.BFLOAT16 : WeightType.FLOAT32));
    assertThat(model.parameters().names()).isEqualTo(floats().parameters().names());
  }

  @Test
  void aFileHasHalfTheSizeAndTheSameValues() throws IOException {
    Path big = folder.resolve("float.ernie");
    Path small = folder.resolve("bfloat.ernie");
    Model model = ModelPrecision.of(floats(), WeightType.BFLOAT16);
    ModelFile.write(big, floats());
    ModelFile.write(small, model);
    assertThat(Files.size(small)).isLessThan(Files.size(big) * 6 / 10);

    byte[] bytes = Files.readAllBytes(small);
    Model read = ModelFile.read(small);
    read.parameters()
        .asMap()
        .forEach(
            (name, tensor) ->
                assertThat(tensor.toArray())
                    .as(name)
                    .isEqualTo(model.parameters().get(name).toArray()));
    ModelFile.write(small, read);
    assertThat(Files.readAllBytes(small)).isEqualTo(bytes);
    int words = read.parameters().shape("ernie.embeddings.word_embeddings.weight")[0];
    float[] part =
        ModelFile.load(
            small,
            m -> {
              float[] values = new float[3];
              m.parameters()
                  .weight("ernie.embeddings.word_embeddings.weight")
                  .read(5, 3, values, 0);
              return values;
            });
    assertThat(words).isGreaterThan(1);
    assertThat(part)
        .isEqualTo(
            Arrays.copyOfRange(
                model.parameters().get("ernie.embeddings.word_embeddings.weight").toArray(), 5, 8));
  }

  /** Kernels without bfloat16 products give the bits of the widened model, like training. */
  @ParameterizedTest
  @MethodSource("ernie4j.engine.KernelsUnderTest#all")
  void otherKernelsGiveTheBitsOfTheWidenedModel(Kernels of) throws IOException {
    Path file = folder.resolve("model.ernie");
    ModelFile.write(file, ModelPrecision.of(floats(), WeightType.BFLOAT16));
    Model widened = ModelPrecision.of(ModelFile.read(file), WeightType.FLOAT32);
    assertThat(widened.parameters().weights().values())
        .allMatch(weight -> weight.type() == WeightType.FLOAT32);
    assertThat(of.multiplyBfloat16()).isFalse();
    float[] expected = run(widened, of);
    assertThat(run(ModelFile.read(file), of)).isEqualTo(expected);
    float[] loaded = ModelFile.load(file, m -> run(m, of));
    assertThat(loaded).isEqualTo(expected);
    assertThat(expected).isNotEqualTo(run(floats(), of));
  }

  private static float[] run(Model model, Kernels kernels) {
    Encoder encoder = Encoder.of(model.config(), model.parameters(), kernels);
    EncoderWorkspace workspace = encoder.newWorkspace();
    encoder.forward(BATCH, workspace);
    return Arrays.copyOf(workspace.hidden(), BATCH.tokens() * workspace.hiddenSize());
  }

  @Test
  void int8CodesStayAndInt8IsRefused() throws IOException {
    Model int8 = ModelQuantizer.linear(floats(), ModelQuantizer.linearLayers(floats()), Map.of());
    Model mixed = ModelPrecision.of(int8, WeightType.BFLOAT16);
    ModelQuantizer.linearLayers(floats())
        .forEach(l -> assertThat(mixed.parameters().isInt8(l + ".weight")).isTrue());
    assertThat(mixed.parameters().weight("ernie.embeddings.word_embeddings.weight").type())
        .isEqualTo(WeightType.BFLOAT16);
    assertThatThrownBy(() -> ModelPrecision.of(floats(), WeightType.INT8))
        .hasMessageContaining("expected a type of floats, got int8");
    // A model in bfloat16 can be quantized.
    Model back = ModelPrecision.of(floats(), WeightType.BFLOAT16);
    assertThat(ModelQuantizer.linearLayers(back)).isEqualTo(ModelQuantizer.linearLayers(floats()));
  }
}
