package ernie4j.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ernie4j.engine.RaggedBatch;
import ernie4j.engine.encoder.Encoder;
import ernie4j.engine.encoder.EncoderWorkspace;
import ernie4j.engine.file.Model;
import ernie4j.engine.head.Head;
import ernie4j.engine.head.HeadOptions;
import ernie4j.engine.head.Logits;
import ernie4j.engine.head.Task;
import ernie4j.engine.head.WrongTaskException;
import ernie4j.tokenizer.Encoding;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class MultiLabelClassifierTest {
  private static final Model MODEL = TinyModels.multiLabel("a", "b", "c");
  private static final MultiLabelClassifier CLASSIFIER = MultiLabelClassifier.of(MODEL);

  @Provide
  Arbitrary<String> texts() {
    return TinyModels.texts(30);
  }

  @Test
  void probabilitiesAreSigmoidsOfTheLogits() {
    Encoding pair = Tokenizers.of(MODEL).encode("天地", "玄黄");
    Encoder encoder = Encoder.of(MODEL.config(), MODEL.parameters());
    EncoderWorkspace states = encoder.newWorkspace();
    encoder.forward(RaggedBatch.of(pair.ids()).withTypeIds(List.of(pair.typeIds())), states);
    float[] logits =
        Head.of(encoder, Task.MULTI_LABEL_CLASSIFICATION, MODEL.parameters()).logits(states).get(0);
    MultiLabelClassifier.Result result = CLASSIFIER.classify("天地", "玄黄");
    for (int j = 0; j < 3; j++) {
      assertThat(result.scores().get(j).probability()).isEqualTo(Logits.sigmoid(logits[j]));
    }
  }

  @Property(tries = 100)
  void labelsReachTheThresholdMostProbableFirst(
      @ForAll("texts") String text, @ForAll @DoubleRange(min = 0, max = 1) double threshold) {
    Attempt<MultiLabelClassifier.Result> attempt =
        CLASSIFIER
            .withLongText(LongText.TRUNCATE)
            .withThreshold(threshold)
            .tryClassify(List.of(text))
            .get(0);
    if (attempt.isSuccess()) {
      MultiLabelClassifier.Result result = attempt.result();
      List<Score> sorted = Score.best(result.scores(), 3);
      assertThat(result.labels())
          .isEqualTo(
              sorted.stream().filter(s -> s.probability() >= threshold).map(Score::label).toList());
    } else {
      assertThat(attempt.error().orElseThrow()).contains("has no tokens");
    }
  }

  @Test
  void thresholdComesFromTheModel() {
    Model strict = MODEL.withOptions(Map.of(HeadOptions.THRESHOLD, "1"));
    Model lax = MODEL.withOptions(Map.of(HeadOptions.THRESHOLD, "0"));
    assertThat(MultiLabelClassifier.of(strict).classify("天地").labels()).isEmpty();
    assertThat(MultiLabelClassifier.of(lax).classify("天地").labels())
        .containsExactlyInAnyOrder("a", "b", "c");
  }

  @Test
  void refusesOtherTasksAndInvalidThresholds() {
    assertThatThrownBy(() -> MultiLabelClassifier.of(TinyModels.classifier("a", "b")))
        .isInstanceOf(WrongTaskException.class)
        .hasMessage(
            "MultiLabelClassifier expects a model for the task multi-label-classification, got one for 'sequence-classification'; use TextClassifier");
    assertThatThrownBy(() -> CLASSIFIER.withThreshold(1.5))
        .hasMessageContaining("threshold: expected a probability from 0 to 1, got 1.5");
  }
}
