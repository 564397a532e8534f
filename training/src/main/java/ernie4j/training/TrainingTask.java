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

  /**
   * What a checkpoint of this task depends on besides the training options, as one line: a training
   * with other settings cannot go on from it.
   */
  default String settings() {
    return "";
  }

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
}
