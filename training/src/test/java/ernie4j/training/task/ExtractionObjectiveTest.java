package ernie4j.training.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ernie4j.engine.Parallel;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.file.Model;
import ernie4j.engine.head.HeadOptions;
import ernie4j.engine.head.Task;
import ernie4j.training.TrainingOptions;
import ernie4j.training.autograd.Tape;
import ernie4j.training.autograd.Variable;
import ernie4j.training.data.ExtractionExample;
import ernie4j.training.data.ExtractionExample.Answer;
import ernie4j.training.data.Split;
import ernie4j.training.model.ModelOutputs;
import ernie4j.training.model.TrainableEncoder;
import ernie4j.training.optimizer.LearningRateSchedule;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ExtractionObjectiveTest {
  private static final ExtractionExample DEV = example("好去甲吗", "去", Answer.ofText(2, 3));

  private final TaskSetup setup = TinyTasks.setup(16, 0f, Parallel.serial());

  private static ExtractionExample example(String content, String prompt, Answer... answers) {
    return new ExtractionExample(content, prompt, List.of(answers));
  }

  private ExtractionObjective objective(ExtractionExample... train) {
    return new ExtractionObjective(setup, new Split<>(List.of(train), List.of(DEV)));
  }

  /**
   * The loss of logits that are sure that spans begin and end at the given tokens and no others.
   */
  private double lossIfSureOf(
      ExtractionObjective objective, int input, Set<Integer> starts, Set<Integer> ends) {
    RaggedBatch batch = objective.batch(new int[] {input});
    ModelOutputs outputs =
        new ModelOutputs(
            new TrainableEncoder.States(List.of(), List.of(), List.of()),
            List.of(sure(batch, starts), sure(batch, ends)));
    Tape tape = new Tape(setup.kernels(), setup.parallel());
    return objective.loss(tape, outputs, new int[] {input}).scalar();
  }

  private static Variable sure(RaggedBatch batch, Set<Integer> tokens) {
    float[] logits = new float[batch.tokens()];
    Arrays.fill(logits, -40);
    tokens.forEach(token -> logits[token] = 40);
    return Variable.constant(batch.tokens(), 1, logits);
  }

  @Test
  void answersAreAtTheirTokensInTextAndPrompt() {
    // [CLS] 是 [ 好 , 坏 ] [SEP] 甲 乙 丙 丁 [SEP]
    ExtractionObjective objective =
        objective(
            example(
                "甲 乙丙丁",
                "是［好，坏］",
                Answer.ofText(0, 3),
                Answer.ofText(4, 5),
                Answer.ofPrompt(2, 3)));
    RaggedBatch batch = objective.batch(new int[] {0});
    int[] half = setup.tokenizer().encode("是[好,坏]", "甲乙丙丁").ids();
    for (int t = 0; t < half.length; t++) {
      assertThat(batch.id(t)).isEqualTo(half[t]);
    }
    Set<Integer> starts = Set.of(3, 8, 11);
    Set<Integer> ends = Set.of(3, 9, 11);
    assertThat(lossIfSureOf(objective, 0, starts, ends)).isLessThan(1e-6);
    // One wrong token of 13 costs 40, of which half counts.
    assertThat(lossIfSureOf(objective, 0, Set.of(3, 8), ends)).isCloseTo(40 / 26.0, within(1e-4));
    assertThat(lossIfSureOf(objective, 0, starts, Set.of(3, 9, 11, 10)))
        .isCloseTo(40 / 26.0, within(1e-4));
    assertThat(objective.lossWeight(new int[] {0})).isEqualTo(13);
  }

  @Test
  void longTextsAreCutIntoPiecesThatAllHaveTheOptions() {
    // 16 tokens, 1 of the prompt and 3 special ones: 12 characters.
    String text = "甲乙丙丁戊己庚辛壬癸甲乙丙丁戊己";
    ExtractionObjective objective =
        objective(example(text, "去", Answer.ofText(11, 13), Answer.ofPrompt(0, 1)));
    assertThat(objective.examples()).isEqualTo(2);
    assertThat(objective.tokens(0)).isEqualTo(11 + 4);
    assertThat(objective.tokens(1)).isEqualTo(5 + 4);
    assertThat(lossIfSureOf(objective, 0, Set.of(1), Set.of(1))).isLessThan(1e-6);
    assertThat(lossIfSureOf(objective, 1, Set.of(1, 3), Set.of(1, 4))).isLessThan(1e-6);
    assertThat(objective.cautions()).isEmpty();
  }

  @Test
  void warnsAboutAnswersThatCannotBeLearned() {
    String text = "甲乙丙丁戊己庚辛壬癸甲乙丙丁戊己";
    ExtractionObjective objective =
        objective(
            example("甲乙丙", "去", Answer.ofText(0, 2), Answer.ofText(1, 3)),
            example("甲乙 ", "去", Answer.ofText(1, 3)),
            example(text, "去", Answer.ofText(0, 14)),
            example("甲乙丙", "去"),
            example("甲乙丙", "在"));
    assertThat(objective.cautions())
        .containsExactly(
            "1 of 4 answers in the training data overlap other answers to the same prompt; an extractor returns spans without overlaps, so it cannot learn all of them",
            "2 of 4 answers in the training data are not learned, because they begin or end at a blank or are longer than an input",
            "1 prompts in the training data occur twice for the same text, with different answers");
    assertThat(lossIfSureOf(objective, 1, Set.of(), Set.of())).isLessThan(1e-6);
    assertThat(objective.labelCounts()).isEqualTo(Map.of("去", 4L));
  }

  @Test
  void promptsThatLeaveNoRoomAndDataWithoutAnswersAreRefused() {
    String prompt = "甲乙丙丁戊己庚辛壬癸甲乙丙";
    assertThatIllegalArgumentException()
        .isThrownBy(() -> objective(example("甲", prompt, Answer.ofText(0, 1))))
        .withMessageContainingAll("'" + prompt + "'", "16 tokens", "make the prompt shorter");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new ExtractionObjective(
                    setup, new Split<>(List.of(DEV), List.of(example("甲", prompt)))))
        .withMessageContaining("leaves no room");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> objective(example("甲", "去"), example("甲", "在")))
        .withMessage(
            "information-extraction: expected prompts with answers to learn from, got 2 without any");
  }

  @Test
  void allParametersDecayAndAnExtractorKeepsItsOptions() {
    ExtractionObjective objective = objective(DEV);
    FineTuning tuning = new FineTuning(setup, objective);
    Set<String> decaying = new HashSet<>(tuning.parameters().asMap().keySet());
    decaying.removeIf(tuning::decays);
    assertThat(decaying).isEmpty();
    assertThat(new FineTuning(setup, TinyObjective.TAG.of(setup)).decays("x.bias")).isFalse();
    Map<String, String> english = Map.of(HeadOptions.SCHEMA_LANGUAGE, HeadOptions.ENGLISH);
    Model extractor =
        FineTuning.start(
            setup,
            new ExtractionObjective(setup, new Split<>(List.of(DEV), List.of(DEV)), english));
    assertThat(extractor.options()).isEqualTo(english);
    TaskSetup on = setup.withModel(extractor);
    assertThat(new ExtractionObjective(on, new Split<>(List.of(DEV), List.of(DEV))).options())
        .isEqualTo(english);
    assertThat(objective.options()).isEmpty();
    assertThat(extractor.task()).isEqualTo(Task.INFORMATION_EXTRACTION.id());
  }

  @Test
  void fewExamplesGetManyEpochsAndAboutTwentyEvaluations() {
    Model encoder = setup.model();
    Model extractor = FineTuning.start(setup, objective(DEV));
    TrainingOptions few = ExtractionRecipe.options(extractor, 20);
    assertThat(few.epochs()).isEqualTo(100);
    assertThat(few.evaluateEvery()).isEqualTo(10);
    assertThat(few.learningRate()).isEqualTo(1e-5);
    assertThat(few.batchSize()).isEqualTo(16);
    assertThat(few.schedule()).isEqualTo(LearningRateSchedule.Shape.CONSTANT);
    assertThat(few.warmupRatio()).isZero();
    assertThat(few.maxGradientNorm()).isInfinite();
    assertThat(ExtractionRecipe.options(extractor, 1).evaluateEvery()).isEqualTo(5);
    assertThat(ExtractionRecipe.options(extractor, 1600).epochs()).isEqualTo(10);
    TrainingOptions many = ExtractionRecipe.options(encoder, 60_000);
    assertThat(many.epochs()).isEqualTo(3);
    assertThat(many.evaluateEvery()).isEqualTo(3750 * 3 / 20);
    assertThat(many.learningRate()).isEqualTo(1e-4);
    assertThat(ExtractionRecipe.options(encoder, 20).epochs()).isEqualTo(200);
  }
}
