package ernie4j.training.model;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.head.Task;
import ernie4j.engine.kernels.Kernels;
import ernie4j.training.autograd.Tape;
import ernie4j.training.autograd.TrainableLinear;
import java.util.List;
import java.util.function.BiConsumer;

/** A model that can be trained: an encoder and the head of a task. */
public final class TrainableModel {
  private final TrainableParameters parameters;
  private final TrainableEncoder encoder;
  private final TrainableHead head;

  /**
   * A model composed of parts. Several models may share an encoder.
   *
   * @param parameters the variables of encoder and head by name
   * @param encoder an encoder over these parameters
   * @param head a head over these parameters
   */
  public TrainableModel(
      TrainableParameters parameters, TrainableEncoder encoder, TrainableHead head) {
    this.parameters = parameters;
    this.encoder = encoder;
    this.head = head;
  }

  /**
   * Creates a model over its parameters.
   *
   * @param task the task of the head
   * @param config the shape of the encoder
   * @param parameters the variables of encoder and head by name
   * @param kernels the arithmetic to compute with
   * @param dropout the probability of all dropouts; 0.1 in the reference
   * @return a model with an encoder and a head of its own
   * @throws IllegalArgumentException if a parameter of encoder or head is missing
   */
  public static TrainableModel of(
      Task task,
      EncoderConfig config,
      TrainableParameters parameters,
      Kernels kernels,
      float dropout) {
    return new TrainableModel(
        parameters,
        new TrainableEncoder(config, parameters, kernels, dropout, dropout),
        new TrainableHead(task, config, parameters, kernels, dropout));
  }

  /** {@return the variables of encoder and head by name} */
  public TrainableParameters parameters() {
    return parameters;
  }

  /** {@return the encoder, which other models may share} */
  public TrainableEncoder encoder() {
    return encoder;
  }

  /** {@return the head of the task} */
  public TrainableHead head() {
    return head;
  }

  /** Must be called when the optimizer has changed the parameters. */
  public void invalidate() {
    encoder.invalidate();
    head.invalidate();
  }

  /**
   * Visits the matrix products of a pass. Each computes one layer, or Q, K and V together.
   *
   * @param visit receives the names of the layers of a product, and the product
   */
  public void forEachLinear(BiConsumer<List<String>, TrainableLinear> visit) {
    encoder.forEachLinear(visit);
    head.forEachLinear(visit);
  }

  /**
   * Runs encoder and head on a batch.
   *
   * @param tape the tape to record on
   * @param batch token sequences
   * @return the intermediate states and the logits
   */
  public ModelOutputs forward(Tape tape, RaggedBatch batch) {
    TrainableEncoder.States states = encoder.forward(tape, batch);
    return new ModelOutputs(states, head.logits(tape, states.last(), batch));
  }
}
