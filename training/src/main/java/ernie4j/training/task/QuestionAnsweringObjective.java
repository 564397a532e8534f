package ernie4j.training.task;

import ernie4j.engine.RaggedBatch;
import ernie4j.engine.file.Model;
import ernie4j.engine.head.HeadOptions;
import ernie4j.engine.head.Task;
import ernie4j.pipeline.QuestionAnswerer;
import ernie4j.pipeline.Window;
import ernie4j.training.autograd.Tape;
import ernie4j.training.autograd.Variable;
import ernie4j.training.data.QuestionExample;
import ernie4j.training.data.QuestionExample.Answer;
import ernie4j.training.data.Split;
import ernie4j.training.evaluation.Evaluated;
import ernie4j.training.evaluation.QuestionAnsweringEvaluation;
import ernie4j.training.model.ModelOutputs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Answers as spans of a context: half the sum of the cross entropies of the first and the last
 * token over the tokens of an input. A training example is one window; if the answer is not in it,
 * the target of both ends is [CLS]. As in the reference, there is no dropout before the classifier.
 *
 * <p>If some training questions have no answer, the options of the model say so ({@link
 * HeadOptions#NO_ANSWER_THRESHOLD}), and its pipeline may return no answer.
 */
public final class QuestionAnsweringObjective extends InputObjective<QuestionExample> {
  /** The number of tokens from one window to the next in the reference. */
  public static final int STRIDE = 128;

  private static final int[] NOWHERE = {0, 0};
  private static final int[] IGNORED = {Integer.MAX_VALUE, Integer.MAX_VALUE};

  private final TaskSetup setup;
  private final int stride;
  private final List<int[]> answers = new ArrayList<>();
  private final int labelled;

  /**
   * An objective over the windows of the questions. A question whose answers are not found in the
   * context is left out of training; one that is known to have no answer is learned as such.
   *
   * @param setup the model to start from, its tokenizer and the threads
   * @param data questions to learn from and to evaluate on, and unlabelled ones for a teacher
   * @param stride tokens from one window to the next, at least 1; {@value #STRIDE} in the reference
   * @throws IllegalArgumentException if the stride is below 1, a question has neither answers nor
   *     is known to have none, cannot be read, or nothing is left to learn from
   */
  public QuestionAnsweringObjective(TaskSetup setup, Split<QuestionExample> data, int stride) {
    super(data);
    if (stride < 1) {
      throw new IllegalArgumentException(
          "QuestionAnsweringObjective: expected a stride of at least 1 token, got " + stride);
    }
    this.setup = setup;
    this.stride = stride;
    for (QuestionExample example : data.train()) {
      requireLabel(example);
      Optional<Answer> answer = example.answers().stream().filter(a -> a.start() >= 0).findFirst();
      if (answer.isPresent() || example.impossible()) {
        add(example, answer);
      }
    }
    data.dev().forEach(QuestionAnsweringObjective::requireLabel);
    labelled = inputs.size();
    if (inputs.isEmpty()) {
      throw new IllegalArgumentException(
          "question-answering: expected questions whose answer is in the context, got none");
    }
    for (QuestionExample example : data.unlabelled()) {
      for (Window window : windows(example)) {
        inputs.add(new Input(window.ids(), window.typeIds()));
        answers.add(IGNORED);
      }
    }
  }

  private static void requireLabel(QuestionExample example) {
    if (!example.isLabelled()) {
      throw new IllegalArgumentException(
          "question '%s': expected answers, or an empty list if there are none; got neither"
              .formatted(example.id()));
    }
  }

  private void add(QuestionExample example, Optional<Answer> answer) {
    for (Window window : windows(example)) {
      inputs.add(new Input(window.ids(), window.typeIds()));
      answers.add(answer.map(a -> place(window, a)).orElse(NOWHERE));
    }
  }

  private List<Window> windows(QuestionExample example) {
    try {
      return QuestionAnswerer.windows(
          example.toQuery(), setup.tokenizer(), setup.maxLength(), stride);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "question '%s': %s".formatted(example.id(), e.getMessage()), e);
    }
  }

  /** The first and the last token of an answer; [CLS] if it is not entirely in the window. */
  private static int[] place(Window window, Answer answer) {
    int start = window.tokenAt(answer.start());
    int end = window.tokenAt(answer.end() - 1);
    return start < 0 || end < 0 ? NOWHERE : new int[] {start, end};
  }

  @Override
  public Task task() {
    return Task.QUESTION_ANSWERING;
  }

  @Override
  public Map<String, List<String>> labels() {
    return Map.of();
  }

  @Override
  public Map<String, String> options() {
    return data.train().stream().anyMatch(QuestionExample::impossible)
        ? Map.of(HeadOptions.NO_ANSWER_THRESHOLD, "0")
        : Map.of();
  }

  @Override
  public int unlabelled() {
    return inputs.size() - labelled;
  }

  @Override
  public Variable loss(Tape tape, ModelOutputs outputs, int[] examples) {
    RaggedBatch batch = batch(examples);
    Variable ends = outputs.logits().get(0);
    Variable start = tape.positionCrossEntropy(ends, 0, batch, places(examples, 0));
    Variable end = tape.positionCrossEntropy(ends, 1, batch, places(examples, 1));
    return tape.scale(tape.add(start, end), 0.5f);
  }

  private int[] places(int[] examples, int end) {
    return Arrays.stream(examples).map(e -> answers.get(e)[end]).toArray();
  }

  @Override
  public Variable softLoss(
      Tape tape, ModelOutputs outputs, List<Variable> teacher, int[] examples, float temperature) {
    RaggedBatch batch = batch(examples);
    Variable ends = outputs.logits().get(0);
    return tape.scale(
        tape.add(
            tape.softPositionCrossEntropy(ends, 0, batch, teacher.get(0), temperature),
            tape.softPositionCrossEntropy(ends, 1, batch, teacher.get(0), temperature)),
        0.5f);
  }

  @Override
  public List<String> cautions() {
    List<String> cautions = new ArrayList<>(QuestionAnsweringEvaluation.cautions(data.dev()));
    long nowhere =
        data.train().stream()
            .filter(e -> !e.impossible() && e.answers().stream().allMatch(a -> a.start() < 0))
            .count();
    if (nowhere > 0) {
      cautions.add(
          "%,d of %,d questions in the training data have no answer that is in their text; nothing is learned from them"
              .formatted(nowhere, data.train().size()));
    }
    return cautions;
  }

  @Override
  public Evaluated evaluate(Model model) {
    return QuestionAnsweringEvaluation.of(
        QuestionAnsweringEvaluation.pipeline(model, stride, setup.kernels(), setup.parallel()),
        data.dev());
  }

  @Override
  public String bestMetric() {
    return QuestionAnsweringEvaluation.EXACT;
  }

  @Override
  public String settings() {
    return "stride %d, %s".formatted(stride, Settings.examples("windows", this));
  }
}
