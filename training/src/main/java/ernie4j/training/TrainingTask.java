package ernie4j.training;

import ernie4j.engine.file.Model;
import ernie4j.training.autograd.Tape;
import ernie4j.training.autograd.Variable;
import ernie4j.training.model.TrainableParameters;
import ernie4j.training.optimizer.AdamW;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** What a {@link Trainer} trains: examples, a loss, an evaluation. */
public interface TrainingTask {
  /** The number of training examples. */
  int examples();

  /** Records the mean loss of the given examples. */
  Variable loss(Tape tape, int[] examples);

  /**
   * How many terms the mean of {@link #loss} is over, for example labelled tokens: the share of a
   * batch when the gradients of several are added up to those of one large batch. The number of
   * examples unless a task says otherwise.
   */
  default double lossWeight(int[] examples) {
    return examples.length;
  }

  /**
   * The tokens of an example, for batches of a limited number of tokens.
   *
   * @throws UnsupportedOperationException if this task does not count them
   */
  default int tokens(int example) {
    throw new UnsupportedOperationException(
        "this task does not count tokens; use batches of a number of examples");
  }

  /**
   * Called before every step with the number of its epoch, from 0 on, for what changes from epoch
   * to epoch; a resumed training begins in the middle of one.
   */
  default void beginStep(long epoch) {}

  /** The parameters that the optimizer changes. */
  TrainableParameters parameters();

  /** Called after every change of the parameters, before they are used again. */
  void parametersChanged();

  /** Metrics on the evaluation examples by name; {@link #bestMetric} is one of them. */
  Map<String, Double> evaluate();

  /** What makes the metrics say little, as sentences for people; told before the first step. */
  default List<String> cautions() {
    return List.of();
  }

  /** The name of the metric whose highest value makes an evaluation the best one. */
  String bestMetric();

  /** The models to keep, each in a file of its own; at least one. */
  List<KeptModel> models();

  /** What the learning rate of a parameter is multiplied by. */
  default double learningRateFactor(String parameter) {
    return 1;
  }

  /** Whether weight decay applies to a parameter: to neither biases nor norms unless it says so. */
  default boolean decays(String parameter) {
    return AdamW.decays(parameter);
  }

  /**
   * The task's own options as text: a checkpoint is continued only by a task with the same ones.
   * Empty if there are none that a resumed training could silently change.
   */
  default String settings() {
    return "";
  }

  /**
   * Hashes of what the training begins with, by names for people such as {@code "examples"}: a
   * checkpoint is continued only with the same.
   */
  default Map<String, String> inputs() {
    return Map.of();
  }

  /**
   * The numbers that a resumed training needs besides parameters and moments to go on with the same
   * bits, by name; they become part of the checkpoint.
   */
  default Map<String, Double> state() {
    return Map.of();
  }

  /**
   * Takes back what {@link #state} gave.
   *
   * @throws IllegalArgumentException if these are not the numbers that this task has; nothing is
   *     changed then
   */
  default void restore(Map<String, Double> state) {
    if (!state.isEmpty()) {
      throw new IllegalArgumentException(
          "expected no numbers besides the parameters, got %s; the checkpoint belongs to another kind of training"
              .formatted(state.keySet()));
    }
  }

  /**
   * A model that a training keeps as it was when a metric was highest (the first of equals).
   *
   * @param file its name in the output folder
   * @param metric the name of one of the metrics of {@link #evaluate}
   * @param now makes the model as it is now; called after {@link #evaluate}
   */
  record KeptModel(String file, String metric, Supplier<Model> now) {}
}
