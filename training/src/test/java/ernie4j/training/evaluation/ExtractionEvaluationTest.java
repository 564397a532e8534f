package ernie4j.training.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ernie4j.engine.Parallel;
import ernie4j.engine.kernels.Kernels;
import ernie4j.pipeline.Extraction;
import ernie4j.pipeline.InformationExtractor;
import ernie4j.training.data.ExtractionExample;
import ernie4j.training.data.ExtractionExample.Answer;
import ernie4j.training.data.ExtractionLabels;
import ernie4j.training.evaluation.Evaluated.Measures;
import ernie4j.training.evaluation.Evaluated.Outcome;
import ernie4j.training.task.TinyObjective;
import ernie4j.training.task.TinyTasks;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExtractionEvaluationTest {
  private static InformationExtractor trained() {
    return ExtractionEvaluation.pipeline(
        TinyObjective.EXTRACT.trained(), Kernels.best(), Parallel.serial());
  }

  private static Measures label(Evaluated evaluated, String name) {
    return Objects.requireNonNull(evaluated.labels().get(name));
  }

  private static ExtractionExample example(String content, String prompt, int... span) {
    return new ExtractionExample(
        content, prompt, span.length == 0 ? List.of() : List.of(Answer.ofText(span[0], span[1])));
  }

  @Test
  void answersOfThePipelineAreCounted() {
    List<ExtractionExample> dev = TinyTasks.prompts(240).dev();
    Evaluated evaluated = ExtractionEvaluation.of(trained(), dev);
    assertThat(evaluated.metrics().keySet()).containsExactly("f1", "precision", "recall");
    assertThat(evaluated.metrics().get("f1")).isGreaterThan(95);
    assertThat(evaluated.outcomes()).hasSameSizeAs(dev);
    assertThat(evaluated.labels().keySet()).containsExactly("去", "在");
    Measures first = label(evaluated, "去");
    Measures second = label(evaluated, "在");
    assertThat(first.expected() + second.expected())
        .isEqualTo(dev.stream().mapToLong(e -> e.answers().size()).sum());
    for (Measures m : List.of(first, second)) {
      assertThat(m.f1())
          .isCloseTo(2 * m.precision() * m.recall() / (m.precision() + m.recall()), within(1e-9));
    }
  }

  @Test
  void everyKindOfMistakeCounts() {
    // The pipeline finds 甲乙 in each of the first four.
    List<ExtractionExample> examples =
        List.of(
            example("好去甲乙吗", "去", 2, 4),
            example("好去甲乙吗", "去", 2, 3),
            example("好去甲乙吗", "去"),
            new ExtractionExample("好去甲乙吗", "去", List.of(Answer.ofText(2, 4), Answer.ofText(3, 4))),
            example("是甲乙在好", "去"),
            example("好去甲乙吗", "去甲乙丙丁戊己庚辛壬癸好坏是", 2, 4));
    Evaluated evaluated = ExtractionEvaluation.of(trained(), examples);
    // The pairing of expected starts and ends returns only 乙 of the nested answers.
    assertThat(label(evaluated, "去").predicted()).isEqualTo(4);
    assertThat(label(evaluated, "去").expected()).isEqualTo(4);
    assertThat(evaluated.metrics().get("precision")).isEqualTo(25);
    assertThat(evaluated.metrics().get("recall")).isEqualTo(20);
    List<Outcome> outcomes = evaluated.outcomes();
    assertThat(outcomes.get(0)).isEqualTo(new Outcome("去 | 好去甲乙吗", "好去⟨甲乙⟩吗", "好去⟨甲乙⟩吗", 1));
    assertThat(outcomes.get(1)).isEqualTo(new Outcome("去 | 好去甲乙吗", "好去⟨甲⟩乙吗", "好去⟨甲乙⟩吗", 0));
    assertThat(outcomes.get(2)).isEqualTo(new Outcome("去 | 好去甲乙吗", "", "好去⟨甲乙⟩吗", 0));
    assertThat(outcomes.get(3).expected()).isEqualTo("好去⟨甲⟨乙⟩⟩吗");
    assertThat(outcomes.get(4)).isEqualTo(new Outcome("去 | 是甲乙在好", "", "", 1));
    assertThat(outcomes.get(5).score()).isZero();
    assertThat(outcomes.get(5).predicted()).contains("leaves no room");
    assertThat(evaluated.worst(10)).hasSize(4).doesNotContain(outcomes.get(0), outcomes.get(4));
  }

  @Test
  void optionIsFoundAmongTheOptionsOfThePrompt() {
    ExtractionExample example = example("好", "好坏[坏好,好，坏]");
    Extraction option = new Extraction("好", -1, -1, 0.9, Map.of());
    Extraction cut = new Extraction("坏好", -1, -1, 0.9, Map.of());
    Extraction span = new Extraction("好", 0, 1, 0.9, Map.of());
    assertThat(ExtractionEvaluation.predicted(example, List.of(option, cut, span)).answers())
        .containsExactly(Answer.ofPrompt(6, 7), Answer.ofPrompt(3, 5), Answer.ofText(0, 1));
  }

  @Test
  void longTextsAreShownAroundTheirAnswers() {
    String text = "一".repeat(30) + "😀张三" + "二".repeat(30) + "李四" + "三".repeat(30);
    int second = text.indexOf("李四");
    ExtractionExample example =
        new ExtractionExample(
            text, "人名", List.of(Answer.ofText(second, second + 2), Answer.ofText(32, 34)));
    assertThat(MarkedText.of(example))
        .isEqualTo(
            "…%s😀⟨张三⟩%s…%s⟨李四⟩%s…"
                .formatted("一".repeat(10), "二".repeat(12), "二".repeat(12), "三".repeat(12)));
    assertThat(MarkedText.of(example("一二", "人名", 0, 2))).isEqualTo("⟨一二⟩");
    assertThat(MarkedText.of(new ExtractionExample("一", "问[对,错]", List.of(Answer.ofPrompt(2, 3)))))
        .isEqualTo("⟨对⟩");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "时间 时间",
        "北京奥运会的举办时间 举办时间",
        "我的书的作者 作者",
        "北京的目的地 目的地",
        "目的地 目的地",
        "的 的",
        "目的 目的",
        "情感倾向[正向,负向] 情感倾向[正向,负向]",
        "房间的情感倾向[负向,正向] 情感倾向[正向,负向]",
        "问[我的,你的] 问[你的,我的]",
      })
  void promptsOfOneKind(String prompt, String label) {
    String text = "我的书说房间在北京，还有北京奥运会";
    assertThat(ExtractionLabels.of(List.of(example(text, prompt, 0, 1))))
        .containsExactly(Map.entry(prompt, label));
  }

  @Test
  void promptsOfOneKindInEnglish() {
    String text = "it is about Bank of China";
    assertThat(
            ExtractionLabels.of(
                List.of(
                    example(text, "founder of Bank of China", 0, 2),
                    example(text, "Sentiment of it[positive,negative]", 0, 2),
                    example(text, "date of birth", 0, 2))))
        .containsOnly(
            Map.entry("founder of Bank of China", "founder"),
            Map.entry("Sentiment of it[positive,negative]", "Sentiment[negative,positive]"),
            Map.entry("date of birth", "date of birth"));
  }

  @Test
  void textsTellWhatIsAskedAboutAnEarlierAnswer() {
    // 目 occurs in one of the texts, but not in all; 李四 only in another text.
    List<ExtractionExample> examples =
        List.of(
            example("项目在北京", "目的地", 3, 5),
            example("去北京", "目的地", 1, 3),
            example("看一眼目录", "目的地"),
            example("张三在北京", "张三的住处", 3, 5),
            example("张三在北京", "李四的住处"));
    assertThat(ExtractionLabels.of(examples))
        .containsOnly(Map.entry("目的地", "目的地"), Map.entry("张三的住处", "住处"), Map.entry("李四的住处", "住处"));
  }

  @Test
  void warnsIfNoPromptHasAnAnswer() {
    assertThat(ExtractionEvaluation.cautions(List.of(example("好", "去"), example("坏", "在"))))
        .containsExactly("none of the 2 prompts to evaluate on has an answer; every metric is 0");
    assertThat(ExtractionEvaluation.cautions(List.of(example("好", "去", 0, 1)))).isEmpty();
  }
}
