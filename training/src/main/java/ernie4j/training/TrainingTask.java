package ernie4j.training;

import ernie4j.engine.file.Model;
import ernie4j.training.autograd.Tape;
import ernie4j.training.autograd.Variable;
import ernie4j.training.model.TrainableParameters;
import ernie4j.training.optimizer.AdamW;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** What a {@link Trainer} trains: examples, a loss and an evaluation. */
public interface TrainingTask {
  /** {@return the number of training examples} */
  int examples();

  /**
   * Records the mean loss of the given examples.
   *
   * @param tape the tape of this step; discarded after the backward pass
   * @param examples indices below {@link #examples}
   * @return the loss, [1, 1]
   */
  Variable loss(Tape tape, int[] examples);

  /**
   * The number of terms that the mean of {@link #loss} is over, for example labelled tokens. It is
   * the weight of a batch when the gradients of several batches are added up to those of one large
   * batch. Unless overridden, it is the number of examples.
   *
   * @param examples indices below {@link #examples}
   * @return a weight that is not negative
   */
  default double lossWeight(int[] examples) {
    return examples.length;
  }

  /**
   * Counts the tokens of an example, for batches with a limit of tokens.
   *
   * @param example an index below {@link #examples}
   * @return the tokens of its input, [CLS] and [SEP] included
   * @throws UnsupportedOperationException if this task does not count them
   */
  default int tokens(int example) {
    throw new UnsupportedOperationException(
        "this task does not count tokens; use batches of a number of examples");
  }

  /**
   * Called before every step, for what changes from epoch to epoch. A resumed training begins in
   * the middle of an epoch.
   *
   * @param epoch the epoch of the step, counted from 0
   */
  default void beginStep(long epoch) {}

  /** {@return the parameters that the optimizer changes} */
  TrainableParameters parameters();

  /** Called after every change of the parameters, before they are used again. */
  void parametersChanged();

  /**
   * Evaluates the parameters as they are now.
   *
   * @return metrics on the evaluation examples by name; {@link #bestMetric} is one of them
   */
  Map<String, Double> evaluate();

  /**
   * {@return reasons why the metrics will say little, as sentences for people, reported before the
   * first step; empty unless overridden}
   */
  default List<String> cautions() {
    return List.of();
  }

  /** {@return the name of the metric whose highest value makes an evaluation the best one} */
  String bestMetric();

  /** {@return the models to keep, each in a file of its own; at least one} */
  List<KeptModel> models();

  /**
   * The factor by which the learning rate of a parameter is multiplied.
   *
   * @param parameter a name in {@link #parameters}
   * @return a factor that is not negative; 1 unless overridden
   */
  default double learningRateFactor(String parameter) {
    return 1;
  }

  /**
   * Whether weight decay applies to a parameter. Unless overridden, it applies to all but biases
   * and norms.
   *
   * @param parameter a name in {@link #parameters}
   * @return whether AdamW decays it
   */
  default boolean decays(String parameter) {
    return AdamW.decays(parameter);
  }

  /**
   * The task's own options as text. A checkpoint is continued only by a task with the same text.
   *
   * @return all options that could silently change before a training is resumed; empty if there are
   *     none
   */
  default String settings() {
    return "";
  }

  /**
   * Hashes of what the training begins with. A checkpoint is continued only with the same hashes.
   *
   * @return hashes by descriptive names such as {@code "examples"}
   */
  default Map<String, String> inputs() {
    return Map.of();
  }

  /**
   * The numbers besides parameters and moments that a resumed training needs to continue with the
   * same bits. They become part of the checkpoint.
   *
   * @return numbers by name; empty unless overridden
   */
  default Map<String, Double> state() {
    return Map.of();
  }

  /**
   * Restores the numbers that {@link #state} returned.
   *
   * @param state the numbers of a checkpoint by name
   * @throws IllegalArgumentException if the names are not those of this task; nothing is changed
   *     then
   */
  default void restore(Map<String, Double> state) {
    if (!state.isEmpty()) {
      throw new IllegalArgumentException(
          "expected no numbers besides the parameters, got %s; the checkpoint belongs to another kind of training"
              .formatted(state.keySet()));
    }
  }

  /**
   * A model that a training keeps as it was when a metric was highest. The first of several equal
   * values counts.
   *
   * @param file its name in the output folder
   * @param metric the name of one of the metrics of {@link #evaluate}
   * @param now creates the model from the current parameters; called after {@link #evaluate}
   */
  record KeptModel(String file, String metric, Supplier<Model> now) {}
}
