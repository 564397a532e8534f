package ernie4j.training.model;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.head.Task;
import ernie4j.engine.kernels.Kernels;
import ernie4j.training.autograd.Tape;
import ernie4j.training.autograd.TrainableLinear;
import java.util.List;
import java.util.function.BiConsumer;

/** A model that can learn: an encoder and the head of a task. */
public final class TrainableModel {
  private final TrainableParameters parameters;
  private final TrainableEncoder encoder;
  private final TrainableHead head;

  /** A model of parts, whose encoder others may share. */
  public TrainableModel(
      TrainableParameters parameters, TrainableEncoder encoder, TrainableHead head) {
    this.parameters = parameters;
    this.encoder = encoder;
    this.head = head;
  }

  /**
   * A model over its parameters.
   *
   * @param dropout the one probability of all dropouts, 0.1 in the reference
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

  public TrainableParameters parameters() {
    return parameters;
  }

  public TrainableEncoder encoder() {
    return encoder;
  }

  public TrainableHead head() {
    return head;
  }

  /** Says that the optimizer has changed the parameters. */
  public void invalidate() {
    encoder.invalidate();
    head.invalidate();
  }

  /**
   * Visits all products with the names of the layers that each computes: one name, or Q, K and V.
   */
  public void forEachLinear(BiConsumer<List<String>, TrainableLinear> visit) {
    encoder.forEachLinear(visit);
    head.forEachLinear(visit);
  }

  /** Runs a batch through encoder and head. */
  public ModelOutputs forward(Tape tape, RaggedBatch batch) {
    TrainableEncoder.States states = encoder.forward(tape, batch);
    return new ModelOutputs(states, head.logits(tape, states.last(), batch));
  }
}
