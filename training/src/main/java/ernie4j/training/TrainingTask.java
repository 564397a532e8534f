package ernie4j.training;

import ernie4j.engine.file.Model;
import ernie4j.training.autograd.Tape;
import ernie4j.training.autograd.Variable;
import ernie4j.training.model.TrainableParameters;
import java.util.Map;

/** What a {@link Trainer} trains: examples, a loss, an evaluation. */
public interface TrainingTask {
  /** The number of training examples. */
  int examples();

  /** Records the mean loss of the given examples. */
  Variable loss(Tape tape, int[] examples);

  /** The parameters that the optimizer changes. */
  TrainableParameters parameters();

  /** Called after every change of the parameters, before they are used again. */
  void parametersChanged();

  /** Metrics on the evaluation examples by name; {@link #bestMetric} is one of them. */
  Map<String, Double> evaluate();

  /** The name of the metric whose highest value makes a model the best. */
  String bestMetric();

  /** The model as it is now. */
  Model toModel();

  /** What the learning rate of a parameter is multiplied by. */
  default double learningRateFactor(String parameter) {
    return 1;
  }

  /**
   * What decides about the training besides {@link TrainingOptions}, as text: a training goes on
   * only from a checkpoint of the same options.
   */
  default String options() {
    return "";
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
}
