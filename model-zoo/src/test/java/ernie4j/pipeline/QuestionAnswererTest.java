package ernie4j.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ernie4j.engine.RaggedBatch;
import ernie4j.engine.encoder.Encoder;
import ernie4j.engine.encoder.EncoderWorkspace;
import ernie4j.engine.file.Model;
import ernie4j.engine.head.Head;
import ernie4j.engine.head.HeadOptions;
import ernie4j.engine.head.Task;
import ernie4j.engine.head.WrongTaskException;
import ernie4j.pipeline.QuestionAnswerer.Answer;
import ernie4j.pipeline.QuestionAnswerer.Query;
import ernie4j.pipeline.QuestionAnswerer.Result;
import ernie4j.tokenizer.Encoding;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class QuestionAnswererTest {
  private static final Model MODEL = TinyModels.answerer();
  private static final QuestionAnswerer READER = QuestionAnswerer.of(MODEL);
  private static final String CONTEXT = "天地玄黄宇宙洪荒日月盈昃辰宿列张";

  @Provide
  Arbitrary<String> contexts() {
    return TinyModels.texts(60).map(text -> text + "天");
  }

  @Property(tries = 200)
  void answersAreDistinctSpansSortedByScore(
      @ForAll("contexts") String context,
      @ForAll @IntRange(min = 8, max = TinyModels.POSITIONS) int length,
      @ForAll @IntRange(min = 1, max = 30) int stride,
      @ForAll @IntRange(min = 1, max = 25) int best) {
    Result result =
        READER
            .withLongText(LongText.WINDOW)
            .withMaxLength(length)
            .withStride(stride)
            .withBest(best)
            .answer("天？", context);
    assertThat(result.answers())
        .isNotEmpty()
        .hasSizeLessThanOrEqualTo(best)
        .doesNotHaveDuplicates();
    assertThat(result.answers())
        .isSortedAccordingTo(Comparator.comparing(Answer::score).reversed());
    assertThat(result.answers().stream().mapToDouble(Answer::probability).sum())
        .isLessThanOrEqualTo(1 + 1e-9);
    for (Answer answer : result.answers()) {
      assertThat(answer.start()).isNotNegative().isLessThan(answer.end());
      assertThat(answer.text()).isEqualTo(context.substring(answer.start(), answer.end()));
    }
  }

  @Property(tries = 50)
  void batchGivesSameResultsAsSingleQueries(
      @ForAll("contexts") String a, @ForAll("contexts") String b) {
    QuestionAnswerer reader =
        READER.withLongText(LongText.WINDOW).withMaxLength(12).withNoAnswer(0).withBest(3);
    List<Query> queries = List.of(new Query("天", a), new Query("玄黄", b), new Query("a", a));
    assertThat(reader.answer(queries))
        .isEqualTo(queries.stream().map(q -> reader.answer(q.question(), q.context())).toList());
  }

  /** The logits of a question with its context, straight from the head. */
  private static float[] logits(Encoding pair) {
    Encoder encoder = Encoder.of(MODEL.config(), MODEL.parameters());
    EncoderWorkspace states = encoder.newWorkspace();
    encoder.forward(RaggedBatch.of(pair.ids()).withTypeIds(List.of(pair.typeIds())), states);
    return Head.of(encoder, Task.QUESTION_ANSWERING, MODEL.parameters()).logits(states).get(0);
  }

  @Test
  void bestSpanHasTheHighestSumOfLogits() {
    Encoding pair = Tokenizers.of(MODEL).encode("宇宙", CONTEXT);
    float[] logits = logits(pair);
    for (int longest : new int[] {1, 3, 50}) {
      double score = Double.NEGATIVE_INFINITY;
      String expected = "";
      for (int s = 4; s < pair.length() - 1; s++) {
        for (int e = s; e < pair.length() - 1 && e - s < longest; e++) {
          double sum = (double) logits[2 * s] + logits[2 * e + 1];
          if (sum > score) {
            score = sum;
            expected = CONTEXT.substring(pair.start(s), pair.end(e));
          }
        }
      }
      Answer best = READER.withMaxAnswerLength(longest).answer("宇宙", CONTEXT).best().orElseThrow();
      assertThat(best.text()).isEqualTo(expected).hasSizeLessThanOrEqualTo(longest);
      assertThat(best.score()).isEqualTo(score);
    }
  }

  @Test
  void probabilitiesOfAllSpansSumToOne() {
    Result result = READER.withBest(10).answer("宇宙", "天地玄");
    assertThat(result.answers()).hasSize(6);
    assertThat(result.answers().stream().mapToDouble(Answer::probability).sum())
        .isCloseTo(1, within(1e-9));
    assertThat(result.noAnswerProbability()).isZero();
  }

  @Test
  void noAnswerThresholdComesFromTheModel() {
    Model model = MODEL.withOptions(Map.of(HeadOptions.NO_ANSWER_THRESHOLD, "-1e9"));
    QuestionAnswerer reader = QuestionAnswerer.of(model);
    assertThat(reader.answer("宇宙", CONTEXT).best()).isEmpty();
    assertThat(reader.withAnswerAlways().answer("宇宙", CONTEXT))
        .isEqualTo(READER.answer("宇宙", CONTEXT));
    assertThatThrownBy(
            () ->
                QuestionAnswerer.of(
                    MODEL.withOptions(Map.of(HeadOptions.NO_ANSWER_THRESHOLD, "much"))))
        .isInstanceOf(WrongTaskException.class)
        .hasMessageContaining("no_answer_threshold: expected a number, got 'much'");
  }

  @Test
  void noAnswerIfClsScoresHigherByTheThreshold() {
    Encoding pair = Tokenizers.of(MODEL).encode("宇宙", CONTEXT);
    float[] logits = logits(pair);
    double none = (double) logits[0] + logits[1];
    double top = READER.answer("宇宙", CONTEXT).best().orElseThrow().score();
    Result with = READER.withNoAnswer(none - top + 1e-6).answer("宇宙", CONTEXT);
    Result without = READER.withNoAnswer(none - top - 1e-6).answer("宇宙", CONTEXT);
    assertThat(with.best()).map(Answer::score).contains(top);
    assertThat(without.best()).isEqualTo(Optional.empty());
    assertThat(without.noAnswerProbability())
        .isEqualTo(with.noAnswerProbability())
        .isBetween(0.0, 1.0);
    double ratio = with.noAnswerProbability() / with.answers().get(0).probability();
    assertThat(Math.log(ratio)).isCloseTo(none - top, within(1e-6));
  }

  @Test
  void adjacentWindowsGiveTheBestOfBoth() {
    QuestionAnswerer reader = READER.withMaxLength(12); // 4 for the question, 7 of context, [SEP]
    String left = CONTEXT.substring(0, 7);
    String right = CONTEXT.substring(7, 14);
    Answer a = reader.answer("宇宙", left).best().orElseThrow();
    Answer b = reader.answer("宇宙", right).best().orElseThrow();
    Answer best =
        reader
            .withLongText(LongText.WINDOW)
            .withStride(7)
            .answer("宇宙", left + right)
            .best()
            .orElseThrow();
    Answer expected = a.score() > b.score() ? a : b;
    assertThat(best.score()).isEqualTo(expected.score());
    assertThat(best.text()).isEqualTo(expected.text());
    assertThat(best.start()).isEqualTo(expected.start() + (expected.equals(b) ? 7 : 0));
  }

  @Test
  void windowsChangeNothingWhenTheContextFits() {
    assertThat(READER.withLongText(LongText.WINDOW).answer("宇宙", CONTEXT))
        .isEqualTo(READER.answer("宇宙", CONTEXT));
  }

  @Test
  void longContextsAreRefusedOrCutAndLongQuestionsRefused() {
    String context = CONTEXT.repeat(3);
    assertThatThrownBy(() -> READER.answer("宇宙", context))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("has 53 tokens");
    Result cut = READER.withLongText(LongText.TRUNCATE).answer("宇宙", context);
    assertThat(cut.truncated()).isTrue();
    assertThat(cut.answers()).isEqualTo(READER.answer("宇宙", context.substring(0, 35)).answers());
    for (LongText policy : List.of(LongText.WINDOW, LongText.TRUNCATE)) {
      assertThatThrownBy(() -> READER.withLongText(policy).answer(context, "天地"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("the question alone has 48 tokens");
    }
    Stream.of(new Query("", "天"), new Query("天", " "))
        .forEach(
            query ->
                assertThatThrownBy(() -> READER.answer(List.of(query)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("has no tokens"));
  }
}
