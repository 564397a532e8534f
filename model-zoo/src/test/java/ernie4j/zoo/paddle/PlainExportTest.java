package ernie4j.zoo.paddle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.LayerPart;
import ernie4j.engine.ParameterNames;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.Tensor;
import ernie4j.engine.encoder.Encoder;
import ernie4j.engine.file.Model;
import ernie4j.engine.head.Head;
import ernie4j.engine.head.Task;
import ernie4j.quant.EmbeddingQuantization;
import ernie4j.quant.ModelQuantizer;
import ernie4j.zoo.ModelImport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models in a form that Paddle lacks are written in one that gives the same results. */
class PlainExportTest {
  private static final EncoderConfig CONFIG = EncoderConfig.ernie(20, 12, 2, 3, 24, 8);

  @TempDir Path folder;

  /** One layer lacks heads and neurons, the other only neurons. */
  private static Model pruned() {
    Model model = RandomModels.joint(CONFIG, 3, 5);
    ParameterStore store = ParameterStore.copyOf(model.parameters());
    int[] attention = {8, 12};
    int[] neurons = {15, 20};
    Random random = new Random(4);
    for (int i = 0; i < 2; i++) {
      for (LayerPart part : LayerPart.QUERY_KEY_VALUE) {
        linear(store, random, part.module(i), 12, attention[i]);
      }
      linear(store, random, LayerPart.OUTPUT.module(i), attention[i], 12);
      linear(store, random, LayerPart.EXPAND.module(i), 12, neurons[i]);
      linear(store, random, LayerPart.CONTRACT.module(i), neurons[i], 12);
    }
    return model.withParameters(CONFIG, store);
  }

  private static void linear(ParameterStore store, Random random, String name, int in, int out) {
    store.remove(name + ".weight");
    store.remove(name + ".bias");
    RandomModels.head(store, random, name, in, out);
  }

  private static Model int8(Model model) {
    Model linear = ModelQuantizer.linear(model, ModelQuantizer.linearLayers(model), Map.of());
    return ModelQuantizer.embeddings(linear, EmbeddingQuantization.LOG);
  }

  /** Logits of intents and slots, and the states of the encoder. */
  private static List<Float> outputs(Model model) {
    Encoder encoder = Encoder.of(model.config(), model.parameters());
    return encoder.forward(
        RaggedBatch.of(new int[] {1, 7, 9, 3, 2}),
        states -> {
          List<float[]> logits =
              Head.of(encoder, Task.JOINT_INTENT_SLOTS, model.parameters()).logits(states);
          List<Float> numbers = new ArrayList<>();
          add(numbers, logits.get(0), 3);
          add(numbers, logits.get(1), 5 * 5);
          add(numbers, states.hidden(), 5 * 12);
          return numbers;
        });
  }

  private static void add(List<Float> numbers, float[] values, int count) {
    for (int i = 0; i < count; i++) {
      numbers.add(values[i]);
    }
  }

  private static void assertSameOutputs(Model actual, Model expected) {
    List<Float> numbers = outputs(actual);
    List<Float> wanted = outputs(expected);
    assertThat(numbers).hasSameSizeAs(wanted);
    for (int i = 0; i < wanted.size(); i++) {
      assertThat(numbers.get(i)).as("number %d", i).isCloseTo(wanted.get(i), within(2e-6f));
    }
  }

  @Test
  void prunedModelIsFilledUpAndGivesTheSameResults() throws Exception {
    Model pruned = pruned();
    assertThat(PaddleFolder.write(pruned, folder))
        .singleElement()
        .asString()
        .contains("filled up with zeros");
    Model read = ModelImport.read(folder).model();
    assertThat(read.config()).isEqualTo(CONFIG.withIntermediateSize(20));
    ParameterNames.shapes(read.config())
        .forEach((name, shape) -> assertThat(read.parameters().shape(name)).isEqualTo(shape));
    assertThat(read.labels()).isEqualTo(pruned.labels());
    assertSameOutputs(read, pruned);
  }

  @Test
  void codesBecomeTheirFloats() throws Exception {
    Model codes = int8(RandomModels.joint(CONFIG, 3, 5));
    Model floats = ModelQuantizer.dequantize(codes);
    assertThat(PaddleFolder.write(codes, folder.resolve("f")))
        .singleElement()
        .asString()
        .contains("codes were turned into the floats");
    PaddleFolderTest.assertSame(
        ModelImport.read(folder.resolve("f")).model().parameters(), floats.parameters());
    Path program = folder.resolve("q.pdmodel");
    assertThat(PaddleInference.write(codes, program)).hasSize(1);
    PaddleFolderTest.assertSame(
        ModelImport.read(program).model().parameters(), floats.parameters());
  }

  @Test
  void prunedInt8ModelIsDecodedAndFilledUp() throws Exception {
    Model small = int8(pruned());
    assertThat(PaddleFolder.write(small, folder.resolve("f"))).hasSize(2);
    Model floats = ModelQuantizer.dequantize(small);
    assertSameOutputs(ModelImport.read(folder.resolve("f")).model(), floats);
    // A program states its own shapes, so nothing is filled up.
    assertThat(PaddleInference.write(small, folder.resolve("q.pdmodel"))).hasSize(1);
    assertSameOutputs(ModelImport.read(folder.resolve("q.pdmodel")).model(), floats);
  }

  @Test
  void refusesShapesThatDoNotFitBeforeWriting() {
    ParameterStore store = RandomModels.parameters(CONFIG, 5);
    store.replace(LayerPart.EXPAND.weight(0), Tensor.zeros(12, 20));
    assertThatThrownBy(() -> PaddleFolder.write(Model.encoder(CONFIG, store), folder))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("layers.0.linear1.bias': expected shape [20], got [24]");
    assertThat(folder).isEmptyDirectory();
  }
}
