package ernie4j.training.task;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.ParameterNames;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.kernels.Kernels;
import ernie4j.training.autograd.Tape;
import ernie4j.training.autograd.Variable;
import ernie4j.training.model.RandomParameters;
import ernie4j.training.model.TrainableEncoder;
import ernie4j.training.model.TrainableHead;
import ernie4j.training.model.TrainableParameters;
import java.util.List;
import java.util.Map;

/**
 * What is learnt on top of an encoder: a head, the examples for it, its loss and its metrics. An
 * objective does not own the encoder, so that several can share one.
 */
public interface Objective {
  /** The task in a model file, one of {@link ernie4j.engine.head.TaskNames}. */
  String task();

  /** The labels for the model file; empty for tasks without. */
  Map<String, List<String>> labels();

  /**
   * Adds the parameters of the head that are not there yet, and removes those of the pooler if the
   * head does not use it: nothing would train them.
   */
  void addHead(RandomParameters random, ParameterStore store, EncoderConfig config);

  /** The head over its parameters. */
  TrainableHead head(
      Kernels kernels, TrainableParameters parameters, EncoderConfig config, float dropout);

  /** The number of training examples. */
  int examples();

  /** The tokens of an example. */
  int tokens(int example);

  /** What the mean of the loss is over; see {@link ernie4j.training.TrainingTask#lossWeight}. */
  default double lossWeight(int[] examples) {
    return examples.length;
  }

  /** See {@link ernie4j.training.TrainingTask#beginStep}. */
  default void beginStep(long epoch) {}

  /** Records the mean loss of the given examples. */
  Variable loss(Tape tape, TrainableEncoder encoder, TrainableHead head, int[] examples);

  /** Evaluates a model on the dev examples. */
  Evaluated evaluate(Inference model);

  /** The metric whose highest value makes a model the best one. */
  String bestMetric();

  /** How often each label, or type of span, occurs in the training examples; for reports. */
  default Map<String, Long> labelCounts() {
    return Map.of();
  }

  /** What a resumed training must have in common besides the options, as text. */
  String settings();

  /** Adds a linear layer with the reference's initial values unless the model has it. */
  static void addLinear(
      RandomParameters random, ParameterStore store, String name, int in, int out) {
    if (!store.contains(name + ".weight")) {
      random.linear(store, name, in, out);
    }
  }

  /** Removes the pooler. */
  static void removePooler(ParameterStore store) {
    for (String part : new String[] {".weight", ".bias"}) {
      if (store.contains(ParameterNames.POOLER + part)) {
        store.remove(ParameterNames.POOLER + part);
      }
    }
  }
}
