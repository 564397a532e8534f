package ernie4j.training.model;

import ernie4j.engine.ParameterNames;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.kernels.Kernels;
import ernie4j.training.autograd.Tape;
import ernie4j.training.autograd.TrainableLinear;
import ernie4j.training.autograd.Variable;

/** {@code tanh(x W + b)} of every sequence's first token. */
final class TrainablePooler {
  private final TrainableLinear dense;

  TrainablePooler(Kernels kernels, TrainableParameters parameters) {
    dense = TrainableEncoder.linear(kernels, parameters, ParameterNames.POOLER);
  }

  TrainableLinear dense() {
    return dense;
  }

  /** The pooled output {@code [sequences, hidden]} of hidden states {@code [tokens, hidden]}. */
  Variable pool(Tape tape, Variable hidden, RaggedBatch batch) {
    int[] first = new int[batch.sequences()];
    for (int s = 0; s < first.length; s++) {
      first[s] = batch.start(s);
    }
    return tape.tanh(tape.linear(tape.selectRows(hidden, first), dense));
  }
}
