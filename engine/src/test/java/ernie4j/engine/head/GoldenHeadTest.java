package ernie4j.engine.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ernie4j.engine.Golden;
import ernie4j.engine.GoldenModel;
import ernie4j.engine.KernelsUnderTest;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.encoder.Encoder;
import ernie4j.engine.encoder.EncoderWorkspace;
import ernie4j.engine.file.SafetensorsFile;
import ernie4j.engine.kernels.Kernels;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The logits of every head on body {@code a} against the golden files. */
class GoldenHeadTest {
  private static final String HEADS = "heads.safetensors";
  private static final double LIMIT = 5e-5;

  static List<Kernels> kernels() {
    return KernelsUnderTest.all();
  }

  /** Body {@code a} with one head's weights. */
  private record Setting(ParameterStore parameters, Encoder encoder, EncoderWorkspace states) {
    static Setting of(Kernels kernels, String prefix) throws IOException {
      ParameterStore parameters = GoldenModel.parameters("a.safetensors");
      GoldenModel.addWithoutPrefix(parameters, HEADS, prefix);
      return of(kernels, parameters);
    }

    static Setting of(Kernels kernels, ParameterStore parameters) {
      Encoder encoder = Encoder.of(GoldenModel.config("a.json"), parameters, kernels);
      return new Setting(parameters, encoder, encoder.newWorkspace());
    }

    /** The logits of a task with one output. */
    float[] logits(Task task) {
      return Head.of(encoder, task, parameters).logits(states).get(0);
    }

    Setting run(RaggedBatch batch) {
      encoder.forward(batch, states);
      return this;
    }
  }

  private static float[] column(float[] pairs, int column) {
    float[] values = new float[pairs.length / 2];
    for (int i = 0; i < values.length; i++) {
      values[i] = pairs[2 * i + column];
    }
    return values;
  }

  private static void assertLogits(String name, float[] actual) throws IOException {
    GoldenModel.assertClose(name, actual, Golden.file(HEADS).doubles(name), LIMIT);
  }

  private static RaggedBatch batch() throws IOException {
    return GoldenModel.batch(Golden.file(HEADS), "");
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void sequenceClassificationAndRegression(Kernels kernels) throws IOException {
    Setting s = Setting.of(kernels, "seqcls.").run(batch());
    assertLogits("seqcls.logits", s.logits(Task.SEQUENCE_CLASSIFICATION));
    assertLogits("seqcls.logits", s.logits(Task.MULTI_LABEL_CLASSIFICATION));
    Setting one = Setting.of(kernels, "regression.").run(batch());
    assertLogits("regression.logits", one.logits(Task.SCORING));
    assertThatThrownBy(() -> s.logits(Task.SCORING))
        .isInstanceOf(WrongTaskException.class)
        .hasMessageContaining("expected a layer 'classifier' of 1 outputs");
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void tokenClassification(Kernels kernels) throws IOException {
    Setting s = Setting.of(kernels, "tokcls.").run(batch());
    assertLogits("tokcls.logits", s.logits(Task.TOKEN_CLASSIFICATION));
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void questionAnswering(Kernels kernels) throws IOException {
    Setting s = Setting.of(kernels, "qa.").run(batch());
    float[] ends = s.logits(Task.QUESTION_ANSWERING);
    assertLogits("qa.start_logits", column(ends, 0));
    assertLogits("qa.end_logits", column(ends, 1));
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void multipleChoice(Kernels kernels) throws IOException {
    Setting s = Setting.of(kernels, "choice.");
    s.run(RaggedBatch.of(GoldenModel.rows(Golden.file(HEADS), "choice.input_ids")));
    assertLogits("choice.logits", s.logits(Task.MULTIPLE_CHOICE));
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void maskedLanguageModel(Kernels kernels) throws IOException {
    SafetensorsFile file = Golden.file(HEADS);
    Setting s = Setting.of(kernels, "mlm.");
    s.run(
        RaggedBatch.of(GoldenModel.rows(file, "mlm.input_ids"))
            .withTypeIds(GoldenModel.rows(file, "token_type_ids")));
    int[] every = IntStream.range(0, s.states.batch().tokens()).toArray();
    assertLogits(
        "mlm.logits", MaskedLanguageModelHead.of(s.encoder, s.parameters).logits(s.states, every));
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void informationExtraction(Kernels kernels) throws IOException {
    SafetensorsFile file = Golden.file("uie/model.expected.safetensors");
    ParameterStore parameters = GoldenModel.parameters("uie/model.safetensors");
    Encoder encoder = Encoder.of(GoldenModel.config("uie/model.config.json"), parameters, kernels);
    Setting s = new Setting(parameters, encoder, encoder.newWorkspace());
    List<int[]> ids = GoldenModel.rows(file, "input_ids");
    List<int[]> mask = GoldenModel.rows(file, "attention_mask");
    RaggedBatch plain = RaggedBatch.of(ids).withTypeIds(GoldenModel.rows(file, "token_type_ids"));
    RaggedBatch full =
        plain.withPositionIds(GoldenModel.rows(file, "position_ids")).withAttentionMask(mask);
    assertEdges("plain", s.run(plain), file);
    assertEdges("full", s.run(full), file);
    assertEdges("task", s.run(full.withTaskTypeIds(GoldenModel.rows(file, "task_type_ids"))), file);
  }

  private static void assertEdges(String name, Setting s, SafetensorsFile file) throws IOException {
    GoldenModel.assertClose(name, s.states.hidden(), file.doubles(name + ".sequence_output"), 2e-5);
    List<float[]> logits =
        Head.of(s.encoder, Task.INFORMATION_EXTRACTION, s.parameters).logits(s.states);
    assertProbabilities(logits.get(0), file.doubles(name + ".start_prob"));
    assertProbabilities(logits.get(1), file.doubles(name + ".end_prob"));
  }

  private static void assertProbabilities(float[] logits, double[] expected) {
    assertThat(logits).hasSize(expected.length);
    for (int t = 0; t < expected.length; t++) {
      assertThat(Logits.sigmoid(logits[t])).isCloseTo(expected[t], within(5e-6));
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void jointIntentAndSlots(Kernels kernels) throws IOException {
    SafetensorsFile file = Golden.file("joint.safetensors");
    Setting s =
        Setting.of(kernels, GoldenModel.parameters("a.safetensors", "joint.safetensors"))
            .run(GoldenModel.batch(file, ""));
    List<float[]> logits =
        Head.of(s.encoder, Task.JOINT_INTENT_SLOTS, s.parameters).logits(s.states);
    GoldenModel.assertClose("intent", logits.get(0), file.doubles("intent_logits"), 2e-5);
    GoldenModel.assertClose("slots", logits.get(1), file.doubles("slot_logits"), 2e-5);
  }
}
