package ernie4j.training.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Metrics against values counted by hand. */
class MetricsTest {
  /** Expected a: 3 right, 1 as b. Expected b: 2 as a, 4 right. c never occurs. */
  private static ConfusionMatrix twoOfThree() {
    ConfusionMatrix matrix = new ConfusionMatrix(List.of("a", "b", "c"));
    add(matrix, 0, 0, 3);
    add(matrix, 0, 1, 1);
    add(matrix, 1, 0, 2);
    add(matrix, 1, 1, 4);
    return matrix;
  }

  private static void add(ConfusionMatrix matrix, int expected, int predicted, int times) {
    for (int i = 0; i < times; i++) {
      matrix.add(expected, predicted);
    }
  }

  @Test
  void accuracyAndMacroF1() {
    ConfusionMatrix matrix = twoOfThree();
    assertThat(matrix.total()).isEqualTo(10);
    assertThat(matrix.accuracy()).isEqualTo(70);
    // a: 2*3/(4+5) = 0.6667; b: 2*4/(6+5) = 0.7273; c does not count.
    assertThat(matrix.macroF1()).isCloseTo(100 * (6 / 9.0 + 8 / 11.0) / 2, within(1e-9));
  }

  @Test
  void matthewsIsTheBinaryFormulaForTwoLabels() {
    // (tp tn - fp fn) / sqrt((tp+fp)(tp+fn)(tn+fp)(tn+fn)) with tp 3, fn 1, fp 2, tn 4.
    double expected = (3 * 4 - 2 * 1) / Math.sqrt(5.0 * 4 * 6 * 5);
    assertThat(twoOfThree().matthews()).isCloseTo(100 * expected, within(1e-9));
  }

  @Test
  void matthewsOfPerfectConstantAndInvertedAnswers() {
    ConfusionMatrix perfect = new ConfusionMatrix(List.of("a", "b", "c"));
    ConfusionMatrix constant = new ConfusionMatrix(List.of("a", "b"));
    ConfusionMatrix inverted = new ConfusionMatrix(List.of("a", "b"));
    for (int i = 0; i < 3; i++) {
      perfect.add(i, i);
    }
    for (int i = 0; i < 2; i++) {
      constant.add(i, 0);
      inverted.add(i, 1 - i);
    }
    assertThat(perfect.matthews()).isCloseTo(100, within(1e-9));
    assertThat(constant.matthews()).isZero();
    assertThat(inverted.matthews()).isCloseTo(-100, within(1e-9));
    assertThat(new ConfusionMatrix(List.of("a")).accuracy()).isZero();
  }

  @Test
  void spansAreRightOnlyIfTypeAndBothEndsAgree() {
    SpanScores scores = new SpanScores();
    scores.add(List.of("PER 0 2", "LOC 5 7", "LOC 9 10"), List.of("PER 0 2", "ORG 5 7"));
    scores.add(List.of(), List.of("PER 1 2", "PER 1 2"));
    assertThat(scores.precision()).isCloseTo(100 / 3.0, within(1e-9));
    assertThat(scores.recall()).isCloseTo(100 / 3.0, within(1e-9));
    assertThat(scores.f1()).isCloseTo(100 / 3.0, within(1e-9));
  }

  @Test
  void noExpectedAndNoFoundSpansScoreZero() {
    SpanScores scores = new SpanScores();
    scores.add(List.of(), List.of());
    assertThat(scores.f1()).isZero();
    assertThat(scores.precision()).isZero();
    assertThat(scores.recall()).isZero();
    scores.add(List.of(), List.of("PER 0 1"));
    assertThat(scores.f1()).isZero();
    assertThat(scores.precision()).isZero();
    // A single text is right if it has no spans and none are found.
    assertThat(SpanScores.ofText(List.of(), List.of())).isOne();
    assertThat(SpanScores.ofText(List.of(), List.of("PER 0 1"))).isZero();
    assertThat(SpanScores.ofText(List.of("a", "b"), List.of("a", "c"))).isEqualTo(0.5);
  }

  @Test
  void answersIgnorePunctuationAndCase() {
    assertThat(AnswerScores.isExact("《ABC》公司。", "abc公司")).isTrue();
    assertThat(AnswerScores.isExact("1963年", "1963")).isFalse();
    assertThat(AnswerScores.segments("在New York，1963年 3.5km"))
        .containsExactly("在", "new", "york1963", "年", "3.5km");
  }

  @Test
  void caseOfAnswersDoesNotDependOnTheJvm() {
    String garay = "\uD803\uDD50"; // A capital letter of Unicode 16: JDK 17 does not know it.
    assertThat(AnswerScores.isExact(garay + "好", "\uD803\uDD70好")).isTrue();
    assertThat(AnswerScores.f1("ΣΑΣ", "σας")).isEqualTo(1);
    assertThat(AnswerScores.isExact("\u0130", "i\u0307")).as("I with a dot").isTrue();
    assertThat(AnswerScores.isExact("\u0130", "i")).isFalse();
  }

  @Test
  void answerF1IsTheLongestCommonRun() {
    // 光荣和 against 由光荣开: both characters of the run 光荣; 2*2/(3+4).
    assertThat(AnswerScores.f1("光荣和", "由光荣开")).isCloseTo(4 / 7.0, within(1e-9));
    // 北京大学 against 北大: the longest run has one character, although two are common.
    assertThat(AnswerScores.f1("北京大学", "北大")).isCloseTo(2 / 6.0, within(1e-9));
    assertThat(AnswerScores.f1("上海", "广州")).isZero();
  }

  @Test
  void theBestOfSeveralAnswersCounts() {
    AnswerScores scores = new AnswerScores();
    scores.add(List.of("北京", "北京市"), "北京市");
    scores.add(List.of("上海"), "上海市");
    assertThat(scores.exactMatch()).isEqualTo(50);
    assertThat(scores.f1()).isCloseTo(100 * (1 + 0.8) / 2, within(1e-9));
  }

  @Test
  void emptyAnswerIsRightForQuestionsWithoutAnAnswer() {
    AnswerScores scores = new AnswerScores();
    scores.add(List.of(), "");
    scores.add(List.of(), "北京");
    scores.add(List.of(), " ");
    scores.add(List.of("北京"), "");
    scores.add(List.of("。"), "");
    scores.add(List.of("上海"), "上海市");
    scores.add(List.of("广州"), "广州");
    assertThat(scores.questions()).isEqualTo(7);
    assertThat(scores.answerable()).isEqualTo(4);
    assertThat(scores.impossible()).isEqualTo(3);
    assertThat(scores.impossibleAccuracy()).isCloseTo(200 / 3.0, within(1e-9));
    assertThat(scores.answerableExactMatch()).isEqualTo(25);
    assertThat(scores.answerableF1()).isCloseTo(100 * (0.8 + 1) / 4, within(1e-9));
    assertThat(scores.exactMatch()).isCloseTo(300 / 7.0, within(1e-9));
    assertThat(scores.f1()).isCloseTo(100 * (2 + 0.8 + 1) / 7, within(1e-9));
    AnswerScores nothing = new AnswerScores();
    assertThat(nothing.exactMatch() + nothing.f1() + nothing.impossibleAccuracy()).isZero();
  }

  /** They are wrong even if nothing is expected. */
  @Test
  void unreadableInputsAreWrong() {
    AnswerScores answers = new AnswerScores();
    answers.add(List.of(), "");
    answers.addUnanswered(List.of());
    answers.addUnanswered(List.of("北京"));
    answers.add(List.of("北京"), "北京");
    assertThat(answers.questions()).isEqualTo(4);
    assertThat(answers.exactMatch()).isEqualTo(50);
    assertThat(answers.f1()).isEqualTo(50);
    assertThat(answers.impossibleAccuracy()).isEqualTo(50);
    MultiLabelScores labels = new MultiLabelScores(List.of("a", "b"));
    labels.add(List.of("a"), List.of("a"));
    labels.addUnanswered(List.of());
    labels.addUnanswered(List.of("b"));
    assertThat(labels.texts()).isEqualTo(3);
    assertThat(labels.exactMatch()).isCloseTo(100 / 3.0, within(1e-9));
    assertThat(labels.microRecall()).isEqualTo(50);
    assertThat(labels.microPrecision()).isEqualTo(100);
  }

  /** An unanswered example counts like one with a label that is never expected. */
  @Test
  void noPredictionIsAClassOfItsOwn() {
    ConfusionMatrix unanswered = new ConfusionMatrix(List.of("a", "b"));
    ConfusionMatrix other = new ConfusionMatrix(List.of("a", "b", "none"));
    for (ConfusionMatrix matrix : List.of(unanswered, other)) {
      add(matrix, 0, 0, 4);
      add(matrix, 1, 1, 3);
      add(matrix, 1, 0, 1);
    }
    for (int i = 0; i < 2; i++) {
      unanswered.addUnanswered(0);
      unanswered.addUnanswered(1);
    }
    add(other, 0, 2, 2);
    add(other, 1, 2, 2);
    assertThat(unanswered.total()).isEqualTo(12);
    assertThat(unanswered.accuracy()).isEqualTo(other.accuracy());
    assertThat(unanswered.matthews()).isCloseTo(other.matthews(), within(1e-9));
  }
}
