package ernie4j.training.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ernie4j.engine.Parallel;
import ernie4j.engine.RaggedBatch;
import ernie4j.training.autograd.Tape;
import ernie4j.training.autograd.Variable;
import ernie4j.training.data.QuestionExample;
import ernie4j.training.data.QuestionExample.Answer;
import ernie4j.training.data.Split;
import ernie4j.training.model.ModelOutputs;
import ernie4j.training.model.TrainableEncoder;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What is learned from a question whose context is read in several windows. */
class QuestionAnsweringObjectiveTest {
  private static final String CONTEXT = "甲乙甲乙甲乙甲乙甲乙是丙丁吗甲乙甲乙";

  private final TaskSetup setup = TinyTasks.setup(16, 0f, Parallel.serial());

  private QuestionAnsweringObjective objective(int stride, QuestionExample... train) {
    return new QuestionAnsweringObjective(setup, new Split<>(List.of(train), List.of()), stride);
  }

  private static QuestionExample question(String question, Answer... answers) {
    return new QuestionExample("q", question, CONTEXT, List.of(answers));
  }

  /** The loss of logits that are sure of the given first and last tokens. */
  private double lossIfSureOf(QuestionAnsweringObjective objective, int window, int[] place) {
    RaggedBatch batch = objective.batch(new int[] {window});
    float[] ends = new float[2 * batch.tokens()];
    ends[2 * place[0]] = 50;
    ends[2 * place[1] + 1] = 50;
    ModelOutputs outputs =
        new ModelOutputs(
            new TrainableEncoder.States(List.of(), List.of(), List.of()),
            List.of(Variable.constant(batch.tokens(), 2, ends)));
    Tape tape = new Tape(setup.kernels(), setup.parallel());
    return objective.loss(tape, outputs, new int[] {window}).scalar();
  }

  /** The place of 丙丁 in a window, found by its tokens; [CLS] if it is not completely there. */
  private int[] place(RaggedBatch batch) {
    int[] ids = setup.tokenizer().encode("丙丁").ids();
    for (int t = 0; t + 1 < batch.tokens(); t++) {
      if (batch.id(t) == ids[1] && batch.id(t + 1) == ids[2]) {
        return new int[] {t, t + 1};
      }
    }
    return new int[] {0, 0};
  }

  @Test
  void answerIsFoundInEveryWindowThatContainsIt() {
    // 16 tokens, 2 of the question and 3 special ones: 11 of the 18 of the context.
    QuestionAnsweringObjective objective = objective(5, question("在在", new Answer("丙丁", 11)));
    assertThat(objective.examples()).isEqualTo(3);
    int[][] places = {{0, 0}, {10, 11}, {8, 9}};
    for (int w = 0; w < 3; w++) {
      RaggedBatch batch = objective.batch(new int[] {w});
      assertThat(batch.tokens()).isEqualTo(16);
      assertThat(IntStream.range(0, 16).map(batch::typeId).toArray())
          .containsExactly(0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1);
      assertThat(place(batch)).containsExactly(places[w]);
      assertThat(lossIfSureOf(objective, w, places[w])).isLessThan(1e-6);
      assertThat(lossIfSureOf(objective, w, new int[] {places[w][0] + 1, places[w][1]}))
          .isGreaterThan(20);
    }
  }

  @Test
  void answerThatAWindowCutsIsNotInThatWindow() {
    for (int stride = 1; stride < 8; stride++) {
      QuestionAnsweringObjective objective =
          objective(stride, question("在在", new Answer("丙丁", 11)));
      for (int w = 0; w < objective.examples(); w++) {
        int[] place = place(objective.batch(new int[] {w}));
        assertThat(lossIfSureOf(objective, w, place))
            .as("window %d, stride %d, place %d", w, stride, place[0])
            .isLessThan(1e-6);
      }
    }
  }

  @Test
  void firstAnswerWithAPlaceIsLearned() {
    QuestionAnsweringObjective objective =
        objective(
            128, question("在", new Answer("丙甲", -1), new Answer("丙丁", 11), new Answer("甲", 0)));
    assertThat(objective.examples()).isEqualTo(2);
    RaggedBatch last = objective.batch(new int[] {1});
    assertThat(place(last)[0]).isPositive();
    assertThat(lossIfSureOf(objective, 1, place(last))).isLessThan(1e-6);
  }

  @Test
  void questionWithoutAnAnswerPointsToClsInEveryWindow() {
    QuestionAnsweringObjective objective =
        objective(5, QuestionExample.impossible("none", "在在", CONTEXT));
    assertThat(objective.examples()).isEqualTo(3);
    for (int w = 0; w < 3; w++) {
      assertThat(lossIfSureOf(objective, w, new int[] {0, 0})).isLessThan(1e-6);
    }
    assertThat(objective.options()).containsOnlyKeys("no_answer_threshold");
  }

  @Test
  void unlabelledQuestionIsRefusedByItsId() {
    QuestionExample open = QuestionExample.unlabelled("DEV_7", "在", CONTEXT);
    QuestionExample known = question("在", new Answer("丙丁", 11));
    for (Split<QuestionExample> data :
        List.of(
            new Split<>(List.of(known, open), List.of(known)),
            new Split<>(List.of(known), List.of(known, open)))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new QuestionAnsweringObjective(setup, data, 5))
          .withMessage(
              "question 'DEV_7': expected answers, or an empty list if there are none; got neither");
    }
    // It is accepted as unlabelled, because a teacher answers it.
    Split<QuestionExample> data = new Split<>(List.of(known), List.of(known), List.of(open));
    assertThat(new QuestionAnsweringObjective(setup, data, 128).unlabelled()).isEqualTo(2);
  }

  @Test
  void unreadableQuestionIsRefusedByItsId() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> objective(5, question("在".repeat(40), new Answer("丙丁", 11))))
        .withMessageContaining("question 'q': ")
        .withMessageContaining("the question alone has 40 tokens, which leaves no room");
    QuestionExample nothing = QuestionExample.impossible("empty", "在", " ");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> objective(5, nothing))
        .withMessageContaining("question 'empty': ")
        .withMessageContaining("the text ' ' has no tokens");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> objective(0, question("在", new Answer("丙丁", 11))))
        .withMessageContaining("expected a stride of at least 1 token, got 0");
  }
}
