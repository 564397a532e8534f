package ernie4j.training.evaluation;

import static ernie4j.training.evaluation.EvaluationTest.NEARLY;
import static ernie4j.training.evaluation.EvaluationTest.assertOutcomes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ernie4j.engine.Parallel;
import ernie4j.engine.kernels.Kernels;
import ernie4j.pipeline.Attempt;
import ernie4j.pipeline.JointSlu;
import ernie4j.pipeline.QuestionAnswerer;
import ernie4j.pipeline.Span;
import ernie4j.pipeline.TokenTagger;
import ernie4j.training.data.JointExample;
import ernie4j.training.data.LabelledSpan;
import ernie4j.training.data.MultiLabelExample;
import ernie4j.training.data.QuestionExample;
import ernie4j.training.data.ScoredExample;
import ernie4j.training.data.TaggedExample;
import ernie4j.training.metrics.AnswerScores;
import ernie4j.training.task.TinyObjective;
import ernie4j.training.task.TinyTasks;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Like {@link EvaluationTest}, for parts of a text: spans, slots and answers. */
class SpanEvaluationTest {
  private final Kernels kernels = Kernels.best();
  private final Parallel parallel = Parallel.serial();

  /** All spans of all texts as texts. */
  private static final class Spans {
    final Set<String> expected = new HashSet<>();
    final Set<String> found = new HashSet<>();

    void add(int text, List<LabelledSpan> wanted, List<Span> got) {
      wanted.forEach(s -> expected.add(text + s.type() + s.start() + "-" + s.end()));
      got.forEach(s -> found.add(text + s.type() + s.start() + "-" + s.end()));
    }

    double right() {
      Set<String> both = new HashSet<>(expected);
      both.retainAll(found);
      return both.size();
    }

    double f1() {
      return 200 * right() / (expected.size() + found.size());
    }
  }

  @Test
  void spansOfTypes() {
    List<TaggedExample> examples = new ArrayList<>();
    for (TaggedExample e : TinyTasks.tags(120).dev()) {
      LabelledSpan span = e.spans().get(0);
      examples.add(
          switch (examples.size() % 5) {
            case 0 -> new TaggedExample(e.text(), List.of());
            case 1 ->
                new TaggedExample(e.text(), List.of(new LabelledSpan(span.type(), 0, span.end())));
            case 2 ->
                new TaggedExample(
                    e.text(), List.of(new LabelledSpan("PER", span.start(), span.end())));
            default -> e;
          });
    }
    // Blanks have no tokens, so spans in them are not found; the evaluation continues.
    examples.add(3, new TaggedExample("   ", List.of(new LabelledSpan("LOC", 0, 2))));
    examples.add(4, new TaggedExample("", List.of()));
    TokenTagger tagger = TaggingEvaluation.pipeline(TinyObjective.TAG.trained(), kernels, parallel);
    Evaluated evaluated = TaggingEvaluation.of(tagger, examples);
    List<Attempt<TokenTagger.Result>> answers = TaggingEvaluation.answers(tagger, examples);
    Spans spans = new Spans();
    int characters = 0;
    int right = 0;
    for (int i = 0; i < examples.size(); i++) {
      List<Span> found = answers.get(i).result().entities();
      TaggedExample e = examples.get(i);
      spans.add(i, e.spans(), found);
      for (int c = 0; c < e.text().strip().length(); c++) {
        int at = c;
        Set<String> in = new HashSet<>();
        e.spans().stream()
            .filter(s -> s.start() <= at && at < s.end())
            .forEach(s -> in.add(s.type()));
        Set<String> said = new HashSet<>();
        found.stream()
            .filter(s -> s.start() <= at && at < s.end())
            .forEach(s -> said.add(s.type()));
        characters++;
        right += in.equals(said) ? 1 : 0;
      }
    }
    Map<String, Double> metrics = evaluated.metrics();
    assertThat(spans.f1()).isBetween(30.0, 95.0);
    assertThat(metrics.get("f1")).isCloseTo(spans.f1(), NEARLY);
    assertThat(metrics.get("precision"))
        .isCloseTo(100 * spans.right() / spans.found.size(), NEARLY);
    assertThat(metrics.get("recall"))
        .isCloseTo(100 * spans.right() / spans.expected.size(), NEARLY);
    assertThat(metrics.get("character_accuracy")).isCloseTo(100.0 * right / characters, NEARLY);
    assertThat(metrics).hasSize(4);
    assertThat(evaluated.outcomes()).hasSize(32);
    assertThat(evaluated.outcomes().get(3).score()).isZero();
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                TaggingEvaluation.of(
                    tagger,
                    List.of(new TaggedExample("甲", List.of(new LabelledSpan("ORG", 0, 1))))))
        .withMessageContaining("label 'ORG' is unknown; the model has [O, LOC, PER]");
  }

  @Test
  void intentsAndSlots() {
    List<JointExample> examples = new ArrayList<>();
    for (JointExample e : TinyTasks.utterances(120).dev()) {
      examples.add(
          switch (examples.size() % 5) {
            case 0 -> new JointExample(e.text(), "praise", e.slots());
            case 1 -> new JointExample(e.text(), e.intent(), List.of());
            default -> e;
          });
    }
    examples.add(3, new JointExample(" ", "chat", List.of()));
    JointSlu slu = JointEvaluation.pipeline(TinyObjective.JOINT.trained(), kernels, parallel);
    Set<String> without = Set.of("chat");
    assertThat(JointEvaluation.intentsWithoutSlots(examples)).isEqualTo(without);
    Evaluated evaluated = JointEvaluation.of(slu, examples);
    List<Attempt<JointSlu.Result>> answers = JointEvaluation.answers(slu, examples);
    Spans spans = new Spans();
    double right = 0;
    double intents = 0;
    for (int i = 0; i < examples.size(); i++) {
      JointExample e = examples.get(i);
      if (!answers.get(i).isSuccess()) {
        spans.add(i, e.slots(), List.of());
        continue;
      }
      JointSlu.Result found = answers.get(i).result();
      spans.add(i, e.slots(), found.slots());
      boolean sameIntent = found.intent().equals(e.intent());
      // A character is a token here.
      List<String> labels = new ArrayList<>();
      for (int c = 0; c < e.text().length(); c++) {
        String label = "O";
        for (LabelledSpan s : e.slots()) {
          label =
              c == s.start()
                  ? "B-" + s.type()
                  : c > s.start() && c < s.end() ? "I-" + s.type() : label;
        }
        labels.add(label);
      }
      boolean sameSlots = without.contains(e.intent()) || labels.equals(found.labels());
      intents += sameIntent ? 1 : 0;
      right += sameIntent && sameSlots ? 1 : 0;
    }
    Map<String, Double> metrics = evaluated.metrics();
    assertThat(right / examples.size()).isBetween(0.4, 0.9);
    assertThat(metrics.get("accuracy")).isCloseTo(100 * right / examples.size(), NEARLY);
    assertThat(metrics.get("intent_accuracy")).isCloseTo(100 * intents / examples.size(), NEARLY);
    assertThat(metrics.get("slot_f1")).isCloseTo(spans.f1(), NEARLY);
    assertThat(metrics).hasSize(3);
    assertOutcomes(evaluated, 31, 3);
  }

  @Test
  void answersAndQuestionsWithoutAny() {
    List<QuestionExample> examples = new ArrayList<>();
    for (QuestionExample e : TinyTasks.openQuestions(120, 24).dev()) {
      List<QuestionExample.Answer> others =
          List.of(new QuestionExample.Answer("坏去在", -1), new QuestionExample.Answer("甲好坏", -1));
      examples.add(
          switch (examples.size() % 5) {
            case 0 -> new QuestionExample(e.id(), e.question(), e.context(), others);
            case 1 -> QuestionExample.impossible(e.id(), e.question(), e.context());
            default -> e;
          });
    }
    examples.add(3, QuestionExample.impossible("blank", "在", " "));
    examples.add(
        6, new QuestionExample("empty", "", "甲好坏", List.of(new QuestionExample.Answer("好坏", 1))));
    QuestionAnswerer reader =
        QuestionAnsweringEvaluation.pipeline(TinyObjective.ANSWER.trained(), 6, kernels, parallel);
    Evaluated evaluated = QuestionAnsweringEvaluation.of(reader, examples);
    List<Attempt<QuestionAnswerer.Result>> answers =
        QuestionAnsweringEvaluation.answers(reader, examples);
    double[] exact = new double[2];
    double[] f1 = new double[2];
    double[] count = new double[2];
    for (int i = 0; i < examples.size(); i++) {
      QuestionExample e = examples.get(i);
      int kind = e.impossible() ? 1 : 0;
      count[kind]++;
      if (answers.get(i).isSuccess()) {
        String found = answers.get(i).result().best().map(a -> a.text()).orElse("");
        boolean same = e.impossible() ? found.isEmpty() : e.answerTexts().contains(found);
        exact[kind] += same ? 1 : 0;
        f1[kind] +=
            e.impossible()
                ? (same ? 1 : 0)
                : e.answerTexts().stream().mapToDouble(a -> f1(a, found)).max().orElse(0);
      }
    }
    Map<String, Double> metrics = evaluated.metrics();
    double all = examples.size();
    assertThat((exact[0] + exact[1]) / all).isBetween(0.3, 0.9);
    assertThat(metrics.get("exact_match")).isCloseTo(100 * (exact[0] + exact[1]) / all, NEARLY);
    assertThat(metrics.get("f1")).isCloseTo(100 * (f1[0] + f1[1]) / all, NEARLY);
    assertThat(metrics.get("answerable_exact_match")).isCloseTo(100 * exact[0] / count[0], NEARLY);
    assertThat(metrics.get("answerable_f1"))
        .isCloseTo(100 * f1[0] / count[0], NEARLY)
        .isGreaterThan(100 * exact[0] / count[0]);
    assertThat(metrics.get("no_answer_accuracy")).isCloseTo(100 * exact[1] / count[1], NEARLY);
    assertThat(metrics).hasSize(5);
    assertOutcomes(evaluated, 32, 3, 6);
  }

  /** Twice the longest run of characters in both, over the characters of both. */
  private static double f1(String expected, String found) {
    for (int length = expected.length(); length > 0; length--) {
      for (int from = 0; from + length <= expected.length(); from++) {
        if (found.contains(expected.substring(from, from + length))) {
          return 2.0 * length / (expected.length() + found.length());
        }
      }
    }
    return 0;
  }

  /** No answer was found because nothing was read, which must not count as right. */
  @Test
  void unreadableTextIsWrongEvenIfItHasNoAnswer() {
    QuestionAnswerer reader =
        QuestionAnsweringEvaluation.pipeline(TinyObjective.ANSWER.trained(), 6, kernels, parallel);
    Evaluated evaluated =
        QuestionAnsweringEvaluation.of(
            reader,
            List.of(
                QuestionExample.impossible("blank", "在", " "),
                QuestionExample.impossible("none", "在", "甲乙癸丙")));
    assertThat(evaluated.metrics())
        .containsEntry("exact_match", 0.0)
        .containsEntry("no_answer_accuracy", 50.0);
    assertThat(evaluated.outcomes().get(0).score()).isZero();
    assertThat(evaluated.outcomes().get(1).score()).isEqualTo(1);
  }

  @Test
  void unlabelledQuestionIsAnsweredButCannotBeEvaluated() {
    QuestionAnswerer reader =
        QuestionAnsweringEvaluation.pipeline(TinyObjective.ANSWER.trained(), 6, kernels, parallel);
    List<QuestionExample> open = List.of(QuestionExample.unlabelled("TEST_3", "在", "甲好坏乙"));
    assertThat(
            QuestionAnsweringEvaluation.answers(reader, open)
                .get(0)
                .result()
                .best()
                .orElseThrow()
                .text())
        .isEqualTo("好坏");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> QuestionAnsweringEvaluation.of(reader, open))
        .withMessageContaining("question 'TEST_3' has neither");
  }

  @Test
  void noMetricIsPerfectIfNothingIsExpected() {
    TokenTagger tagger = TaggingEvaluation.pipeline(TinyObjective.TAG.trained(), kernels, parallel);
    List<TaggedExample> bare = List.of(new TaggedExample("好", List.of()));
    assertThat(TaggingEvaluation.of(tagger, bare).metrics().values()).containsOnly(0.0);
    assertThat(TaggingEvaluation.cautions(bare).toString()).contains("none of the 1 examples");
    assertThat(TaggingEvaluation.cautions(TinyTasks.tags(40).dev())).isEmpty();
    AnswerScores scores = new AnswerScores();
    scores.add(List.of(), "");
    assertThat(scores.exactMatch() + scores.f1()).isZero();
    assertThat(scores.impossibleAccuracy()).isEqualTo(100);
    List<QuestionExample> open = List.of(QuestionExample.impossible("q", "谁", "甲"));
    assertThat(QuestionAnsweringEvaluation.cautions(open).toString()).contains("has an answer");
    List<JointExample> joint =
        List.of(new JointExample("甲", "go", List.of()), new JointExample("乙", "go", List.of()));
    assertThat(JointEvaluation.cautions(joint))
        .hasSize(2)
        .anyMatch(c -> c.contains("all 2 utterances") && c.contains("'go'"))
        .anyMatch(c -> c.contains("has a slot"));
    List<MultiLabelExample> none = List.of(new MultiLabelExample("甲", null, List.of()));
    assertThat(MultiLabelEvaluation.cautions(none).toString()).contains("has a label");
    List<ScoredExample> equal =
        List.of(new ScoredExample("甲", null, 0.5), new ScoredExample("乙", null, 0.5));
    assertThat(ScoringEvaluation.cautions(equal).toString()).contains("the score 0.5");
    assertThat(ScoringEvaluation.cautions(TinyTasks.scores(40).dev())).isEmpty();
  }
}
