package ernie4j.training.task;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.file.Model;
import ernie4j.engine.head.Task;
import ernie4j.training.autograd.Tape;
import ernie4j.training.autograd.Variable;
import ernie4j.training.evaluation.Evaluated;
import ernie4j.training.model.ModelOutputs;
import ernie4j.training.model.ModelParts;
import ernie4j.training.model.RandomParameters;
import ernie4j.training.model.TrainableModel;
import ernie4j.training.optimizer.AdamW;
import java.util.List;
import java.util.Map;

/**
 * What is learnt: examples for a head, a loss against their labels, one against a teacher's
 * outputs, and metrics. An objective owns no model, so that fine-tuning, width pruning,
 * quantization-aware training and training of several tasks at once all work for each of them.
 */
public interface Objective {
  /** The head. */
  Task task();

  /** The labels for the model file; empty for heads without. */
  Map<String, List<String>> labels();

  /** How answers of the model are to be read, for the model file. */
  default Map<String, String> options() {
    return Map.of();
  }

  /**
   * Checks that a model was fine-tuned for this objective.
   *
   * @throws ernie4j.engine.head.WrongTaskException if its task or labels are others, or its logits
   *     mean something else
   */
  default void requireFit(Model model) {
    ModelParts.requireFit(model, task(), labels());
  }

  /**
   * Adds the parameters of the head that are not there yet, with the reference's initial values.
   */
  default void initialize(RandomParameters random, ParameterStore store, EncoderConfig config) {
    random.addMissing(store, task().shapes(config, labels()));
  }

  /** The number of training examples; those without labels come last. */
  int examples();

  /** How many of the training examples have no labels and are learnt from a teacher only. */
  default int unlabelled() {
    return 0;
  }

  /** The tokens of an example. */
  int tokens(int example);

  /** What the mean of the loss is over; see {@link ernie4j.training.TrainingTask#lossWeight}. */
  default double lossWeight(int[] examples) {
    return examples.length;
  }

  /** See {@link ernie4j.training.TrainingTask#beginStep}. */
  default void beginStep(long epoch) {}

  /** The inputs of examples, as the model reads them. */
  RaggedBatch batch(int[] examples);

  /** Runs a model over examples. */
  default ModelOutputs forward(Tape tape, TrainableModel model, int[] examples) {
    return model.forward(tape, batch(examples));
  }

  /** Records the mean loss of the outputs for examples against their labels. */
  Variable loss(Tape tape, ModelOutputs outputs, int[] examples);

  /**
   * Records the mean loss of the outputs for examples against a teacher's.
   *
   * @param teacher the teacher's logits for the same examples, one for each output
   * @param temperature what both logits are divided by
   * @throws UnsupportedOperationException if this objective cannot follow a teacher
   */
  Variable softLoss(
      Tape tape, ModelOutputs outputs, List<Variable> teacher, int[] examples, float temperature);

  /** A hash of all examples and their labels: a checkpoint belongs to them. */
  String dataHash();

  /** The number of dev examples. */
  int heldOut();

  /** What makes the metrics of the dev examples say little, as sentences for people. */
  default List<String> cautions() {
    return List.of();
  }

  /**
   * Checks that there is something to evaluate on.
   *
   * @throws IllegalArgumentException if there is no dev example
   */
  default void requireHeldOut() {
    if (heldOut() == 0) {
      throw new IllegalArgumentException(
          "%s: expected examples to evaluate on, got none; hold some of the data back"
              .formatted(task()));
    }
  }

  /** Evaluates a model on the dev examples: the answers of its pipeline are counted. */
  Evaluated evaluate(Model model);

  /** The metric whose highest value makes a model the best one. */
  String bestMetric();

  /** See {@link ernie4j.training.TrainingTask#decays}. */
  default boolean decays(String parameter) {
    return AdamW.decays(parameter);
  }

  /** How often each label, or type of span, occurs in the training examples; for reports. */
  default Map<String, Long> labelCounts() {
    return Map.of();
  }

  /** What a resumed training must have in common besides the options, as text. */
  String settings();
}
