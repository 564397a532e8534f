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
 * What to learn: examples for a head, a loss against their labels, a loss against a teacher's
 * outputs, and metrics. An objective owns no model, so fine-tuning, width pruning,
 * quantization-aware training and training of several tasks at once all work with every objective.
 */
public interface Objective {
  /** {@return the task, which determines the head} */
  Task task();

  /** {@return the labels for the model file by output; empty for heads without labels} */
  Map<String, List<String>> labels();

  /**
   * The options for the model file, which say how its outputs are to be read.
   *
   * @return see {@link ernie4j.engine.head.HeadOptions}; empty unless overridden
   */
  default Map<String, String> options() {
    return Map.of();
  }

  /**
   * Checks that a model was fine-tuned for this objective.
   *
   * @param model the fine-tuned model to check
   * @throws ernie4j.engine.head.WrongTaskException if its task or labels differ, or its logits have
   *     another meaning
   */
  default void requireFit(Model model) {
    ModelParts.requireFit(model, task(), labels());
  }

  /**
   * Adds the missing parameters of the head, with the reference's initial values.
   *
   * @param random draws the initial values
   * @param store holds the parameters of the model; new ones are added to it
   * @param config the shape of the encoder
   */
  default void initialize(RandomParameters random, ParameterStore store, EncoderConfig config) {
    random.addMissing(store, task().shapes(config, labels()));
  }

  /** {@return the number of training examples; those without labels come last} */
  int examples();

  /**
   * {@return how many of the training examples have no labels and are learned from a teacher only}
   */
  default int unlabelled() {
    return 0;
  }

  /**
   * Counts the tokens of a training example.
   *
   * @param example an index below {@link #examples}
   * @return the tokens of its input, or of all its inputs, [CLS] and [SEP] included
   */
  int tokens(int example);

  /**
   * The number of terms that the mean of the loss is over; see {@link
   * ernie4j.training.TrainingTask#lossWeight}.
   *
   * @param examples indices below {@link #examples}
   * @return a weight; the number of examples unless overridden
   */
  default double lossWeight(int[] examples) {
    return examples.length;
  }

  /**
   * Called before every step; see {@link ernie4j.training.TrainingTask#beginStep}.
   *
   * @param epoch the epoch of the step, counted from 0
   */
  default void beginStep(long epoch) {}

  /**
   * Collects the inputs of examples.
   *
   * @param examples indices below {@link #examples}
   * @return the inputs as the model reads them, in the order of the examples
   */
  RaggedBatch batch(int[] examples);

  /**
   * Runs a model on examples.
   *
   * @param tape the tape to record on
   * @param model the model that is trained
   * @param examples indices below {@link #examples}
   * @return the outputs that {@link #loss} and {@link #softLoss} take
   */
  default ModelOutputs forward(Tape tape, TrainableModel model, int[] examples) {
    return model.forward(tape, batch(examples));
  }

  /**
   * Records the mean loss of the outputs against the labels.
   *
   * @param tape the tape to record on
   * @param outputs the result of {@link #forward} for the same examples
   * @param examples indices below {@link #examples}
   * @return the loss, [1, 1]
   */
  Variable loss(Tape tape, ModelOutputs outputs, int[] examples);

  /**
   * Records the mean loss of the outputs against those of a teacher.
   *
   * @param tape the tape to record on
   * @param outputs the result of {@link #forward} for the same examples
   * @param teacher the teacher's logits for the same examples, one for each output
   * @param examples indices below {@link #examples}
   * @param temperature divisor of the logits of both models
   * @return the loss, [1, 1]
   * @throws UnsupportedOperationException if this objective cannot follow a teacher
   */
  Variable softLoss(
      Tape tape, ModelOutputs outputs, List<Variable> teacher, int[] examples, float temperature);

  /**
   * Records how far two passes over the same examples with different dropout are apart: the term
   * that R-Drop (Liang et al., 2021) adds to the loss.
   *
   * @param tape the tape of both passes
   * @param first the outputs of the first pass
   * @param second the outputs of the second pass
   * @param examples the examples, in the order of the rows
   * @return the divergence, [1, 1]
   * @throws UnsupportedOperationException if this objective cannot be trained that way
   */
  default Variable divergence(Tape tape, ModelOutputs first, ModelOutputs second, int[] examples) {
    throw new UnsupportedOperationException(
        "R-Drop: expected classes, or intents and slots, got " + task());
  }

  /** {@return a hash of all examples and their labels, by which a checkpoint recognizes them} */
  String dataHash();

  /** {@return the number of examples to evaluate on} */
  int heldOut();

  /**
   * {@return reasons why the metrics on the held-out examples will say little, as sentences for
   * people; empty unless overridden}
   */
  default List<String> cautions() {
    return List.of();
  }

  /**
   * Checks that there is something to evaluate on.
   *
   * @throws IllegalArgumentException if there is no example to evaluate on
   */
  default void requireHeldOut() {
    if (heldOut() == 0) {
      throw new IllegalArgumentException(
          "%s: expected examples to evaluate on, got none; hold some of the data back"
              .formatted(task()));
    }
  }

  /**
   * Evaluates a model on the held-out examples. Only what its pipeline returns for them counts.
   *
   * @param model a model of this task with the labels of this objective
   * @return metrics by name, {@link #bestMetric} among them
   */
  Evaluated evaluate(Model model);

  /** {@return the name of the metric whose highest value makes a model the best one} */
  String bestMetric();

  /**
   * Whether weight decay applies to a parameter; see {@link ernie4j.training.TrainingTask#decays}.
   *
   * @param parameter the name of a parameter
   * @return whether AdamW decays it; unless overridden, true for all but biases and norms
   */
  default boolean decays(String parameter) {
    return AdamW.decays(parameter);
  }

  /**
   * Counts labels, or types of spans, in the training examples, for reports.
   *
   * @return the number of occurrences by name; empty unless overridden
   */
  default Map<String, Long> labelCounts() {
    return Map.of();
  }

  /** {@return what a resumed training must have in common besides the options, as text} */
  String settings();
}
