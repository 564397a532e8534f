package ernie4j.zoo.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.encoder.Encoder;
import ernie4j.engine.encoder.EncoderWorkspace;
import ernie4j.engine.file.Model;
import ernie4j.engine.head.Head;
import ernie4j.engine.head.Task;
import ernie4j.pipeline.JointSlu;
import ernie4j.quant.EmbeddingQuantization;
import ernie4j.quant.ModelQuantizer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Exported int8 models in ONNX Runtime, compared with our own int8 inference. */
class Int8ExportTest {
  private static final EncoderConfig CONFIG = EncoderConfig.ernie(50, 48, 2, 3, 96, 24);

  @Test
  void embeddingTablesMatchAndProductsWithTokenScalesAreClose() throws Exception {
    Model model = Model.encoder(CONFIG, RandomParameters.of(CONFIG));
    Model linear = ModelQuantizer.linear(model, ModelQuantizer.linearLayers(model), Map.of());
    for (EmbeddingQuantization form : EmbeddingQuantization.values()) {
      assertThat(worst(ModelQuantizer.embeddings(model, form))).isLessThan(2e-5);
      assertThat(worst(ModelQuantizer.embeddings(linear, form))).isLessThan(5e-3);
    }
  }

  @Test
  void productsWithCalibratedScalesDifferByRoundingOnly() throws Exception {
    Model model = Model.encoder(CONFIG, RandomParameters.of(CONFIG));
    Map<String, Float> scales = new HashMap<>();
    List<String> layers = ModelQuantizer.linearLayers(model);
    layers.forEach(layer -> scales.put(layer, 2.5f));
    assertThat(worst(ModelQuantizer.linear(model, layers, scales))).isLessThan(2e-3);
  }

  /**
   * The largest difference between hidden states, whose values are around 1. If a value lies
   * halfway between two codes, the last bit decides which one it gets; a difference of one code
   * shows as about 1e-3.
   */
  private static double worst(Model model) throws Exception {
    OnnxExportTest.Texts texts = OnnxExportTest.Texts.random(CONFIG, 1, 9, 1, 24);
    Encoder encoder = Encoder.of(model.config(), model.parameters());
    EncoderWorkspace states = encoder.newWorkspace();
    encoder.forward(texts.batch(), states);
    try (OnnxRun onnx = OnnxRun.of(OnnxExport.graph(model))) {
      float[] hidden =
          onnx.run(texts.ids(), texts.types()).get("last_hidden_state").ofTokens(texts.ids());
      return distance(hidden, states.hidden());
    }
  }

  private static double distance(float[] actual, float[] expected) {
    double worst = 0;
    for (int i = 0; i < actual.length; i++) {
      double difference = Math.abs(actual[i] - expected[i]);
      worst = Math.max(worst, Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference);
    }
    return worst;
  }

  @Test
  void theBundledModelGivesTheSameLogits() throws Exception {
    Model model = JointSlu.bundledModel();
    OnnxExportTest.Texts texts = OnnxExportTest.Texts.random(model.config(), 4, 12, 5, 16);
    Encoder encoder = Encoder.of(model.config(), model.parameters());
    EncoderWorkspace states = encoder.newWorkspace();
    encoder.forward(texts.batch(), states);
    List<float[]> logits =
        Head.of(encoder, Task.JOINT_INTENT_SLOTS, model.parameters()).logits(states);
    try (OnnxRun onnx = OnnxRun.of(OnnxExport.graph(model))) {
      Map<String, OnnxRun.Output> outputs = onnx.run(texts.ids(), texts.types());
      assertThat(distance(outputs.get("intent_logits").values(), logits.get(0))).isLessThan(0.05);
      assertThat(distance(outputs.get("slot_logits").ofTokens(texts.ids()), logits.get(1)))
          .isLessThan(0.05);
    }
  }
}
