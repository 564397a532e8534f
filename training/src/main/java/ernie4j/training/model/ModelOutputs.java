package ernie4j.training.model;

import ernie4j.training.autograd.Variable;
import java.util.List;

/**
 * The results of a forward pass of a {@link TrainableModel}.
 *
 * @param states the intermediate states of the encoder
 * @param logits the logits of every output of the head, in the order of {@link
 *     ernie4j.engine.head.Task#outputs}
 */
public record ModelOutputs(TrainableEncoder.States states, List<Variable> logits) {
  /** Keeps an unmodifiable copy of the logits. */
  public ModelOutputs {
    logits = List.copyOf(logits);
  }
}
