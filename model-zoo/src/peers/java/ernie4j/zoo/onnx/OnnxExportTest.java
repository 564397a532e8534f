package ernie4j.zoo.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.GoldenModel;
import ernie4j.engine.ParameterNames;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.SmallModel;
import ernie4j.engine.Tensor;
import ernie4j.engine.encoder.Encoder;
import ernie4j.engine.encoder.EncoderWorkspace;
import ernie4j.engine.file.Model;
import ernie4j.engine.head.Head;
import ernie4j.engine.head.Logits;
import ernie4j.engine.head.MaskedLanguageModelHead;
import ernie4j.engine.head.Pooler;
import ernie4j.engine.head.Task;
import ernie4j.pipeline.BgeSmallZh;
import ernie4j.zoo.Architectures;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Exported models in ONNX Runtime, compared with our own encoder and heads. */
class OnnxExportTest {
  private static final Offset<Float> LIMIT = Offset.offset(2e-5f);

  /**
   * Random sequences of given lengths with token types. Ids start at {@code firstId}, for example
   * after the id of padding.
   */
  record Texts(List<int[]> ids, List<int[]> types) {
    static Texts random(EncoderConfig config, int firstId, int... lengths) {
      SplittableRandom random = new SplittableRandom(4);
      List<int[]> ids = new ArrayList<>();
      List<int[]> types = new ArrayList<>();
      for (int length : lengths) {
        ids.add(random.ints(length, firstId, config.vocabularySize()).toArray());
        types.add(random.ints(length, 0, config.tokenTypes()).toArray());
      }
      return new Texts(ids, types);
    }

    RaggedBatch batch() {
      return RaggedBatch.of(ids)
          .withTypeIds(types)
          .withAttentionMask(
              ids.stream().map(s -> IntStream.range(0, s.length).map(i -> 1).toArray()).toList());
    }

    Texts only(int sequence) {
      return new Texts(List.of(ids.get(sequence)), List.of(types.get(sequence)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"base", "medium", "mini", "micro", "nano", "pico"})
  void givesTheHiddenStatesOfEveryArchitecture(String name) throws Exception {
    EncoderConfig config = Architectures.of(name).withVocabularySize(60).withMaxPositions(24);
    assertHiddenStates(config, RandomParameters.of(config), Texts.random(config, 0, 9, 1, 24));
  }

  private static void assertHiddenStates(
      EncoderConfig config, ParameterStore parameters, Texts texts) throws Exception {
    Encoder encoder = Encoder.of(config, parameters);
    EncoderWorkspace states = encoder.newWorkspace();
    encoder.forward(texts.batch(), states);
    int values = texts.batch().tokens() * config.hiddenSize();
    try (OnnxRun onnx = OnnxRun.of(OnnxExport.encoder(config, parameters))) {
      Map<String, OnnxRun.Output> outputs = onnx.run(texts.ids(), texts.types());
      float[] hidden = outputs.get("last_hidden_state").ofTokens(texts.ids());
      assertThat(hidden).containsExactly(Arrays.copyOf(states.hidden(), values), LIMIT);
      if (parameters.contains(ParameterNames.POOLER + ".weight")) {
        assertThat(outputs.get("pooler_output").values())
            .containsExactly(Pooler.of(encoder, parameters).pooled(states), LIMIT);
      }
      for (int s = 0; s < texts.ids().size(); s++) {
        Texts one = texts.only(s);
        float[] alone =
            onnx.run(one.ids(), one.types()).get("last_hidden_state").ofTokens(one.ids());
        int from = texts.batch().start(s) * config.hiddenSize();
        assertThat(alone)
            .containsExactly(Arrays.copyOfRange(hidden, from, from + alone.length), LIMIT);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "b", "c"})
  void givesTheHiddenStatesOfTaskTypesAndPrunedWidths(String name) throws Exception {
    EncoderConfig config = GoldenModel.config(name + ".json");
    ParameterStore parameters = GoldenModel.parameters(name + ".safetensors");
    assertHiddenStates(config, parameters, Texts.random(config, 0, 7, config.maxPositions(), 1));
  }

  @Test
  void givesTheHiddenStatesOfRealWeights() throws Exception {
    Model model = BgeSmallZh.model();
    assertHiddenStates(
        model.config(),
        ParameterStore.copyOf(model.parameters()),
        Texts.random(model.config(), 0, 16, 5, 60));
  }

  @Test
  void givesTheLogitsOfEveryHead() throws Exception {
    EncoderConfig config = SmallModel.CONFIG;
    ParameterStore parameters = SmallModel.parameters(2);
    SplittableRandom random = new SplittableRandom(3);
    put(parameters, random, "classifier", config.hiddenSize(), 2);
    put(parameters, random, "cls.predictions.transform", config.hiddenSize(), config.hiddenSize());
    parameters.put("cls.predictions.layer_norm.weight", random(random, config.hiddenSize()));
    parameters.put("cls.predictions.layer_norm.bias", random(random, config.hiddenSize()));
    parameters.put("cls.predictions.decoder_bias", random(random, config.vocabularySize()));
    Texts texts = Texts.random(config, 0, 6, 11);
    Encoder encoder = Encoder.of(config, parameters);
    EncoderWorkspace states = encoder.newWorkspace();
    encoder.forward(texts.batch(), states);

    Map<String, OnnxRun.Output> logits =
        run(config, parameters, Task.SEQUENCE_CLASSIFICATION.id(), texts);
    assertThat(logits.get("logits").values())
        .containsExactly(logits(encoder, Task.SEQUENCE_CLASSIFICATION, parameters, states), LIMIT);
    logits = run(config, parameters, Task.MULTI_LABEL_CLASSIFICATION.id(), texts);
    assertThat(logits.get("logits").values())
        .containsExactly(
            logits(encoder, Task.MULTI_LABEL_CLASSIFICATION, parameters, states), LIMIT);
    logits = run(config, parameters, Task.TOKEN_CLASSIFICATION.id(), texts);
    assertThat(logits.get("logits").ofTokens(texts.ids()))
        .containsExactly(logits(encoder, Task.TOKEN_CLASSIFICATION, parameters, states), LIMIT);
    logits = run(config, parameters, Task.QUESTION_ANSWERING.id(), texts);
    float[] ends = logits(encoder, Task.QUESTION_ANSWERING, parameters, states);
    assertThat(logits.get("start_logits").ofTokens(texts.ids()))
        .containsExactly(column(ends, 0), LIMIT);
    assertThat(logits.get("end_logits").ofTokens(texts.ids()))
        .containsExactly(column(ends, 1), LIMIT);
    put(parameters, random, "linear_start", config.hiddenSize(), 1);
    put(parameters, random, "linear_end", config.hiddenSize(), 1);
    logits = run(config, parameters, Task.INFORMATION_EXTRACTION.id(), texts);
    List<float[]> edges = Head.of(encoder, Task.INFORMATION_EXTRACTION, parameters).logits(states);
    assertProbabilities(logits.get("start_prob"), edges.get(0), texts);
    assertProbabilities(logits.get("end_prob"), edges.get(1), texts);
    logits = run(config, parameters, Task.MASKED_LM.id(), texts);
    int[] all = IntStream.range(0, texts.batch().tokens()).toArray();
    assertThat(logits.get("logits").ofTokens(texts.ids()))
        .containsExactly(
            MaskedLanguageModelHead.of(encoder, parameters).logits(states, all), LIMIT);
  }

  private static void assertProbabilities(OnnxRun.Output actual, float[] logits, Texts texts) {
    float[] expected = new float[logits.length];
    for (int i = 0; i < logits.length; i++) {
      expected[i] = (float) Logits.sigmoid(logits[i]);
    }
    assertThat(actual.shape()).hasSize(2);
    assertThat(actual.ofTokens(texts.ids())).containsExactly(expected, LIMIT);
  }

  @ParameterizedTest
  @EnumSource(names = {"SCORING", "MULTIPLE_CHOICE"})
  void givesOneNumberPerText(Task task) throws Exception {
    EncoderConfig config = SmallModel.CONFIG;
    ParameterStore parameters = SmallModel.parameters(2);
    put(parameters, new SplittableRandom(3), "classifier", config.hiddenSize(), 1);
    Texts texts = Texts.random(config, 0, 6, 11);
    Encoder encoder = Encoder.of(config, parameters);
    EncoderWorkspace states = encoder.newWorkspace();
    encoder.forward(texts.batch(), states);
    OnnxRun.Output output = run(config, parameters, task.id(), texts).get("logits");
    assertThat(output.shape()).containsExactly(2, 1);
    assertThat(output.values()).containsExactly(logits(encoder, task, parameters, states), LIMIT);
  }

  private static float[] logits(
      Encoder encoder, Task task, ParameterStore parameters, EncoderWorkspace states) {
    return Head.of(encoder, task, parameters).logits(states).get(0);
  }

  private static float[] column(float[] pairs, int column) {
    float[] values = new float[pairs.length / 2];
    for (int i = 0; i < values.length; i++) {
      values[i] = pairs[2 * i + column];
    }
    return values;
  }

  private static void put(
      ParameterStore store, SplittableRandom random, String layer, int in, int out) {
    store.put(layer + ".weight", random(random, in, out));
    store.put(layer + ".bias", random(random, out));
  }

  private static Tensor random(SplittableRandom random, int... shape) {
    Tensor tensor = Tensor.zeros(shape);
    for (int i = 0; i < tensor.size(); i++) {
      tensor.data()[i] = (float) (random.nextDouble() - 0.5);
    }
    return tensor;
  }

  private static Map<String, OnnxRun.Output> run(
      EncoderConfig config, ParameterStore parameters, String task, Texts texts) throws Exception {
    Model model = Model.encoder(config, parameters).withTask(task, Map.of());
    try (OnnxRun onnx = OnnxRun.of(OnnxExport.graph(model))) {
      return onnx.run(texts.ids(), texts.types());
    }
  }

  @Test
  void refusesAnUnknownTask() {
    Model model = Model.encoder(SmallModel.CONFIG, SmallModel.parameters(1));
    assertThatThrownBy(() -> OnnxExport.graph(model.withTask("cooking", Map.of())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the task 'cooking' is unknown");
  }
}
