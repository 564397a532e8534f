package ernie4j.training.task;

import ernie4j.engine.RaggedBatch;
import ernie4j.engine.file.Model;
import ernie4j.engine.head.Task;
import ernie4j.pipeline.ChoiceSelector;
import ernie4j.training.autograd.Tape;
import ernie4j.training.autograd.Variable;
import ernie4j.training.data.ChoiceExample;
import ernie4j.training.data.Split;
import ernie4j.training.evaluation.Evaluated;
import ernie4j.training.evaluation.MultipleChoiceEvaluation;
import ernie4j.training.model.ModelOutputs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The right one of several answers. Every choice is an input of its own and gets one score from its
 * pooled output; the loss is the mean cross entropy over the scores of a question. Questions may
 * have different numbers of choices.
 */
public final class MultipleChoiceObjective extends SplitObjective<ChoiceExample> {
  private final TaskSetup setup;
  private final List<List<Input>> inputs = new ArrayList<>();

  /**
   * An objective over questions.
   *
   * @param setup the model to start from, its tokenizer and the threads
   * @param data questions to learn from and to evaluate on, and unlabelled ones for a teacher
   * @throws IllegalArgumentException if an example has no answer
   */
  public MultipleChoiceObjective(TaskSetup setup, Split<ChoiceExample> data) {
    super(data);
    this.setup = setup;
    ChoiceExample.requireAnswers(data.train());
    ChoiceExample.requireAnswers(data.dev());
    data.train().forEach(this::add);
    data.unlabelled().forEach(this::add);
  }

  private void add(ChoiceExample example) {
    inputs.add(
        ChoiceSelector.pairs(example.toQuestion(), setup.tokenizer(), setup.maxLength()).stream()
            .map(pair -> Input.of(setup, pair.first(), pair.second()))
            .toList());
  }

  @Override
  public Task task() {
    return Task.MULTIPLE_CHOICE;
  }

  @Override
  public Map<String, List<String>> labels() {
    return Map.of();
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
  public RaggedBatch batch(int[] examples) {
    return Input.batch(
        Arrays.stream(examples).mapToObj(inputs::get).flatMap(List::stream).toList());
  }

  /**
   * Treats a question as a sequence of choices, as a text is one of tokens, so that the same losses
   * apply.
   */
  private RaggedBatch questions(int[] examples) {
    return RaggedBatch.of(
        Arrays.stream(examples).mapToObj(e -> new int[inputs.get(e).size()]).toList());
  }

  @Override
  public Variable loss(Tape tape, ModelOutputs outputs, int[] examples) {
    // The position behind the last choice is one that the loss ignores.
    int[] wanted =
        Arrays.stream(examples)
            .map(e -> e < data.train().size() ? data.train().get(e).answer() : inputs.get(e).size())
            .toArray();
    return tape.positionCrossEntropy(outputs.logits().get(0), 0, questions(examples), wanted);
  }

  @Override
  public Variable softLoss(
      Tape tape, ModelOutputs outputs, List<Variable> teacher, int[] examples, float temperature) {
    return tape.softPositionCrossEntropy(
        outputs.logits().get(0), 0, questions(examples), teacher.get(0), temperature);
  }

  @Override
  public Evaluated evaluate(Model model) {
    return MultipleChoiceEvaluation.of(
        MultipleChoiceEvaluation.pipeline(model, setup.kernels(), setup.parallel()), data.dev());
  }

  @Override
  public String bestMetric() {
    return MultipleChoiceEvaluation.ACCURACY;
  }

  @Override
  public String settings() {
    return Settings.examples("questions", this);
  }
}
