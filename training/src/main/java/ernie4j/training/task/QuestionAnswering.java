package ernie4j.training.task;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.head.HeadNames;
import ernie4j.engine.head.TaskNames;
import ernie4j.engine.kernels.Kernels;
import ernie4j.training.autograd.Tape;
import ernie4j.training.autograd.Variable;
import ernie4j.training.data.QuestionExample;
import ernie4j.training.data.QuestionExample.Answer;
import ernie4j.training.data.Split;
import ernie4j.training.model.RandomParameters;
import ernie4j.training.model.TrainableEncoder;
import ernie4j.training.model.TrainableHead;
import ernie4j.training.model.TrainableParameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Answers as spans of a context: half the sum of the cross entropies of first and last token over
 * the tokens of an input. A training example is one window; where the answer is not in it, both
 * ends are to be at [CLS]. As in the reference there is no dropout before the classifier.
 */
public final class QuestionAnswering implements Objective {
  private final List<QuestionExample> dev;
  private final int stride;
  private final List<Input> inputs = new ArrayList<>();
  private final List<int[]> answers = new ArrayList<>();

  /**
   * An objective over the windows of the questions. A question whose answers have no place is left
   * out of training; one without any answer is learnt to have none.
   *
   * @param stride tokens from one window to the next, 128 in the reference
   * @throws IllegalArgumentException if the stride is below 1 or nothing is left to learn from
   */
  public QuestionAnswering(TaskSetup setup, Split<QuestionExample> data, int stride) {
    if (stride < 1) {
      throw new IllegalArgumentException(
          "QuestionAnswering: expected a stride of at least 1 token, got " + stride);
    }
    this.dev = data.dev();
    this.stride = stride;
    for (QuestionExample example : data.train()) {
      Optional<Answer> answer = example.answers().stream().filter(a -> a.start() >= 0).findFirst();
      if (answer.isPresent() || example.answers().isEmpty()) {
        for (QuestionWindows.Window window :
            QuestionWindows.of(example, setup.tokenizer(), setup.maxLength(), stride)) {
          inputs.add(window.input());
          answers.add(answer.map(window::answer).orElse(new int[] {0, 0}));
        }
      }
    }
    if (inputs.isEmpty()) {
      throw new IllegalArgumentException(
          "QuestionAnswering: expected questions whose answer stands in the context, got none");
    }
  }

  @Override
  public String task() {
    return TaskNames.QUESTION_ANSWERING;
  }

  @Override
  public Map<String, List<String>> labels() {
    return Map.of();
  }

  @Override
  public void addHead(RandomParameters random, ParameterStore store, EncoderConfig config) {
    Objective.removePooler(store);
    Objective.addLinear(random, store, HeadNames.CLASSIFIER, config.hiddenSize(), 2);
  }

  @Override
  public TrainableHead head(
      Kernels kernels, TrainableParameters parameters, EncoderConfig config, float dropout) {
    return TrainableHead.ofTokens(kernels, parameters, 0f);
  }

  @Override
  public int examples() {
    return inputs.size();
  }

  @Override
  public int tokens(int example) {
    return inputs.get(example).length();
  }

  @Override
  public Variable loss(Tape tape, TrainableEncoder encoder, TrainableHead head, int[] examples) {
    RaggedBatch batch = Input.batch(inputs, examples);
    Variable logits = head.logits(tape, encoder.forward(tape, batch).last(), batch);
    Variable start = tape.positionCrossEntropy(logits, 0, batch, places(examples, 0));
    Variable end = tape.positionCrossEntropy(logits, 1, batch, places(examples, 1));
    return tape.scale(tape.add(start, end), 0.5f);
  }

  private int[] places(int[] examples, int end) {
    return Arrays.stream(examples).map(e -> answers.get(e)[end]).toArray();
  }

  @Override
  public Evaluated evaluate(Inference model) {
    return new AnswerFinder(model, stride).evaluate(dev);
  }

  @Override
  public String bestMetric() {
    return AnswerFinder.EXACT;
  }

  @Override
  public String settings() {
    return "stride %d, %d windows".formatted(stride, inputs.size());
  }
}
