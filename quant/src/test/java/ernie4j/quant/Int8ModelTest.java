package ernie4j.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ernie4j.engine.Golden;
import ernie4j.engine.GoldenModel;
import ernie4j.engine.Int8Weight;
import ernie4j.engine.KernelsUnderTest;
import ernie4j.engine.ParameterNames;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.Tensor;
import ernie4j.engine.encoder.Encoder;
import ernie4j.engine.encoder.EncoderWorkspace;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.engine.file.SafetensorsFile;
import ernie4j.engine.head.Head;
import ernie4j.engine.head.Task;
import ernie4j.engine.kernels.Kernels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole int8 models: made, written, read and run. */
class Int8ModelTest {
  private static final String Q = "ernie.encoder.layers.0.self_attn.q_proj";

  private final SafetensorsFile golden = Golden.file("quant.model.safetensors");

  private static Model floats() throws IOException {
    return Model.encoder(
        GoldenModel.config("a.json"), GoldenModel.parameters("a.safetensors", "joint.safetensors"));
  }

  private static Map<String, Float> inputScales() {
    Map<String, Float> scales = new HashMap<>();
    ((Map<?, ?>) Golden.json("quant.model.json").get("activation_scales"))
        .forEach((name, scale) -> scales.put((String) name, ((Number) scale).floatValue()));
    return scales;
  }

  /** Quantizes only the layers that the encoder and the joint head use. */
  private static Model quantized() throws IOException {
    return ModelQuantizer.linear(floats(), inputScales().keySet(), inputScales());
  }

  private record Logits(List<Float> intents, List<Float> slots) {
    static Logits of(Model model, Kernels kernels, RaggedBatch batch) {
      Encoder encoder = Encoder.of(model.config(), model.parameters(), kernels);
      Head head = Head.of(encoder, Task.JOINT_INTENT_SLOTS, model.parameters());
      EncoderWorkspace workspace = encoder.newWorkspace();
      encoder.forward(batch, workspace);
      List<float[]> logits = head.logits(workspace);
      return new Logits(list(logits.get(0)), list(logits.get(1)));
    }

    private static List<Float> list(float[] values) {
      List<Float> list = new ArrayList<>();
      for (float value : values) {
        list.add(value);
      }
      return list;
    }
  }

  private RaggedBatch batch() throws IOException {
    return GoldenModel.batch(golden, "");
  }

  @Test
  void codesAndScalesMatchTheReference() throws IOException {
    ParameterStore store = ParameterStore.copyOf(quantized().parameters());
    for (String layer : inputScales().keySet()) {
      Int8Weight weight = (Int8Weight) store.weight(layer + ".weight");
      assertThat(weight.codes()).isEqualTo(golden.bytes(layer + ".weight_codes"));
      assertThat(weight.scales()).isEqualTo(golden.floats(layer + ".weight_scale"));
    }
  }

  @ParameterizedTest
  @MethodSource("ernie4j.engine.KernelsUnderTest#all")
  void logitsMatchTheReference(Kernels kernels) throws IOException {
    Logits logits = Logits.of(quantized(), kernels, batch());
    assertClose(logits.intents(), golden.doubles("int8.intent_logits"));
    assertClose(logits.slots(), golden.doubles("int8.slot_logits"));
  }

  private static void assertClose(List<Float> actual, double[] expected) {
    assertThat(actual).hasSize(expected.length);
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) actual.get(i)).isCloseTo(expected[i], Offset.offset(2e-5));
    }
  }

  @ParameterizedTest
  @EnumSource(EmbeddingQuantization.class)
  void aFileGivesTheSameBits(EmbeddingQuantization form, @TempDir Path folder) throws IOException {
    Model model = ModelQuantizer.embeddings(quantized(), form);
    Path file = folder.resolve("int8.ernie");
    ModelFile.write(file, model);
    for (Kernels kernels : KernelsUnderTest.all()) {
      Logits direct = Logits.of(model, kernels, batch());
      RaggedBatch batch = batch();
      Logits loaded = ModelFile.load(file, m -> Logits.of(m, kernels, batch));
      assertThat(loaded).isEqualTo(direct);
      assertThat(Logits.of(ModelFile.read(file), kernels, batch)).isEqualTo(direct);
      // The codes of the tables really are in use.
      assertThat(direct).isNotEqualTo(Logits.of(quantized(), kernels, batch));
    }
  }

  @Test
  void lookupsEqualTheDequantizedTables() throws IOException {
    Model floats = floats();
    for (EmbeddingQuantization form : EmbeddingQuantization.values()) {
      Model codes = ModelQuantizer.embeddings(floats, form);
      ParameterStore expanded = ParameterStore.copyOf(floats.parameters());
      for (String name :
          List.of(
              ParameterNames.WORD_EMBEDDINGS,
              ParameterNames.POSITION_EMBEDDINGS,
              ParameterNames.TOKEN_TYPE_EMBEDDINGS)) {
        Tensor table = expanded.get(name);
        expanded.replace(
            name,
            form == EmbeddingQuantization.ROW
                ? RowQuantizer.quantize(table).dequantize()
                : LogQuantizer.quantize(table).dequantize());
      }
      assertThat(Logits.of(codes, Kernels.scalar(), batch()))
          .isEqualTo(
              Logits.of(
                  floats.withParameters(floats.config(), expanded), Kernels.scalar(), batch()));
    }
  }

  @ParameterizedTest
  @EnumSource(EmbeddingQuantization.class)
  void dequantizeReturnsTheFloatsOfTheCodes(EmbeddingQuantization form) throws IOException {
    Model int8 = ModelQuantizer.embeddings(quantized(), form);
    Model floats = ModelQuantizer.dequantize(int8);
    assertThat(floats.parameters().names())
        .containsExactlyInAnyOrderElementsOf(floats().parameters().names());
    ParameterStore weights = ParameterStore.copyOf(floats().parameters());
    String weight = Q + ".weight";
    assertThat(floats.parameters().get(weight).toArray())
        .isEqualTo(ColumnQuantizer.quantize(weights.get(weight)).dequantize().toArray());
    Logits all = Logits.of(int8, Kernels.scalar(), batch());
    Logits rounded = Logits.of(floats, Kernels.scalar(), batch());
    for (int i = 0; i < all.slots().size(); i++) {
      assertThat(rounded.slots().get(i)).isCloseTo(all.slots().get(i), Offset.offset(0.3f));
    }
  }

  @Test
  void someLayersMayStayFloat() throws IOException {
    Model mixed = ModelQuantizer.linear(floats(), List.of(Q), Map.of());
    Logits all = Logits.of(floats(), Kernels.scalar(), batch());
    Logits one = Logits.of(mixed, Kernels.scalar(), batch());
    assertThat(one).isNotEqualTo(all);
    for (int i = 0; i < all.slots().size(); i++) {
      assertThat(one.slots().get(i)).isCloseTo(all.slots().get(i), Offset.offset(0.05f));
    }
  }

  @Test
  void errorsNameWhatCannotBeQuantized() throws IOException {
    Model model = floats();
    assertThatThrownBy(() -> ModelQuantizer.linear(model, List.of("x"), Map.of()))
        .hasMessageContaining("'x' is not a linear layer of the model");
    assertThatThrownBy(
            () -> ModelQuantizer.linear(model, List.of(Q), Map.of("ernie.pooler.dense", 1f)))
        .hasMessageContaining("'ernie.pooler.dense' is not among the layers to quantize");
    assertThatThrownBy(() -> ModelQuantizer.linear(model, List.of(Q), Map.of(Q, 0f)))
        .hasMessageContaining("must be a positive number");
    Model int8 = quantized();
    assertThatThrownBy(() -> ModelQuantizer.linear(int8, List.of(Q), Map.of()))
        .hasMessageContaining("is not a linear layer of the model");
    assertThatThrownBy(() -> int8.parameters().get(Q + ".weight"))
        .hasMessageContaining("holds int8 codes, expected floats");
    assertThatThrownBy(() -> int8.parameters().asMap()).hasMessageContaining("int8 codes");
    ParameterStore bad = ParameterStore.copyOf(int8.parameters());
    bad.replace(ParameterNames.inputScale(Q), Tensor.of(new float[] {Float.NaN}, 1));
    assertThatThrownBy(() -> Encoder.of(int8.config(), bad))
        .hasMessageContaining(Q + ".input_scale': expected a number above 0, got NaN");
  }
}
