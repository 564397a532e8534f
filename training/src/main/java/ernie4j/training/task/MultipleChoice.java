package ernie4j.training.task;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.ParameterNames;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.head.HeadNames;
import ernie4j.engine.head.TaskNames;
import ernie4j.engine.kernels.Kernels;
import ernie4j.training.autograd.Tape;
import ernie4j.training.autograd.Variable;
import ernie4j.training.data.ChoiceExample;
import ernie4j.training.data.Split;
import ernie4j.training.model.RandomParameters;
import ernie4j.training.model.TrainableEncoder;
import ernie4j.training.model.TrainableHead;
import ernie4j.training.model.TrainableParameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The right one of several answers: every choice is an input of its own and gets one score from its
 * pooled output; mean cross entropy over the scores of a question. Questions may have different
 * numbers of choices.
 */
public final class MultipleChoice implements Objective {
  private final List<ChoiceExample> dev;
  private final List<List<Input>> inputs;
  private final int[] answers;

  /**
   * An objective over encoded examples.
   *
   * @throws IllegalArgumentException if an example has no answer
   */
  public MultipleChoice(TaskSetup setup, Split<ChoiceExample> data) {
    this.dev = data.dev();
    ChoicePicker.requireAnswers(data.train());
    ChoicePicker.requireAnswers(data.dev());
    this.inputs =
        data.train().stream()
            .map(e -> ChoicePicker.inputs(e, setup.tokenizer(), setup.maxLength()))
            .toList();
    this.answers = data.train().stream().mapToInt(ChoiceExample::answer).toArray();
  }

  @Override
  public String task() {
    return TaskNames.MULTIPLE_CHOICE;
  }

  @Override
  public Map<String, List<String>> labels() {
    return Map.of();
  }

  @Override
  public void addHead(RandomParameters random, ParameterStore store, EncoderConfig config) {
    int hidden = config.hiddenSize();
    Objective.addLinear(random, store, ParameterNames.POOLER, hidden, hidden);
    Objective.addLinear(random, store, HeadNames.CLASSIFIER, hidden, 1);
  }

  @Override
  public TrainableHead head(
      Kernels kernels, TrainableParameters parameters, EncoderConfig config, float dropout) {
    return TrainableHead.ofSequences(kernels, parameters, dropout);
  }

  @Override
  public int examples() {
    return inputs.size();
  }

  @Override
  public int tokens(int example) {
    return inputs.get(example).stream().mapToInt(Input::length).sum();
  }

  @Override
  public Variable loss(Tape tape, TrainableEncoder encoder, TrainableHead head, int[] examples) {
    List<Input> choices = new ArrayList<>();
    List<int[]> groups = new ArrayList<>();
    for (int example : examples) {
      choices.addAll(inputs.get(example));
      groups.add(new int[inputs.get(example).size()]);
    }
    RaggedBatch batch = Input.batch(choices);
    Variable scores = head.logits(tape, encoder.forward(tape, batch).last(), batch);
    int[] wanted = Arrays.stream(examples).map(e -> answers[e]).toArray();
    // A question is a sequence of choices as a text is one of tokens: the same loss.
    return tape.positionCrossEntropy(scores, 0, RaggedBatch.of(groups), wanted);
  }

  @Override
  public Evaluated evaluate(Inference model) {
    return new ChoicePicker(model).evaluate(dev);
  }

  @Override
  public String bestMetric() {
    return ChoicePicker.ACCURACY;
  }

  @Override
  public String settings() {
    return "%d questions".formatted(inputs.size());
  }
}
