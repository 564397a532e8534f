package ernie4j.engine.head;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

    Setting run(RaggedBatch batch) {
      encoder.forward(batch, states);
      return this;
    }
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
    for (String head : new String[] {"seqcls", "regression"}) {
      Setting s = Setting.of(kernels, head + ".").run(batch());
      assertLogits(
          head + ".logits",
          SequenceClassificationHead.of(s.encoder, s.parameters).logits(s.states));
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void tokenClassification(Kernels kernels) throws IOException {
    Setting s = Setting.of(kernels, "tokcls.").run(batch());
    assertLogits(
        "tokcls.logits", TokenClassificationHead.of(s.encoder, s.parameters).logits(s.states));
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void questionAnswering(Kernels kernels) throws IOException {
    Setting s = Setting.of(kernels, "qa.").run(batch());
    QuestionAnsweringHead.Spans spans =
        QuestionAnsweringHead.of(s.encoder, s.parameters).logits(s.states);
    assertLogits("qa.start_logits", spans.start());
    assertLogits("qa.end_logits", spans.end());
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void multipleChoice(Kernels kernels) throws IOException {
    Setting s = Setting.of(kernels, "choice.");
    s.run(RaggedBatch.of(GoldenModel.rows(Golden.file(HEADS), "choice.input_ids")));
    MultipleChoiceHead head = MultipleChoiceHead.of(s.encoder, s.parameters);
    assertLogits("choice.logits", head.logits(s.states, 3));
    assertThatThrownBy(() -> head.logits(s.states, 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected a multiple of 4 sequences, got 6");
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
  void jointIntentAndSlots(Kernels kernels) throws IOException {
    SafetensorsFile file = Golden.file("joint.safetensors");
    Setting s =
        Setting.of(kernels, GoldenModel.parameters("a.safetensors", "joint.safetensors"))
            .run(GoldenModel.batch(file, ""));
    JointIntentSlotHead head = JointIntentSlotHead.of(s.encoder, s.parameters);
    GoldenModel.assertClose(
        "intent", head.intentLogits(s.states), file.doubles("intent_logits"), 2e-5);
    GoldenModel.assertClose("slots", head.slotLogits(s.states), file.doubles("slot_logits"), 2e-5);
  }
}
