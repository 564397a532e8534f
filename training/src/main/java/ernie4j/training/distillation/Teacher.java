package ernie4j.training.distillation;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.Parallel;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.encoder.Encoder;
import ernie4j.engine.encoder.EncoderWorkspace;
import ernie4j.engine.file.Model;
import ernie4j.engine.kernels.Kernels;
import ernie4j.training.autograd.Variable;

/** An encoder that computes targets for texts, with the engine; it is not trained. */
final class Teacher {
  private final Encoder encoder;
  private final EncoderWorkspace workspace;

  Teacher(Model model, Kernels kernels, Parallel parallel) {
    encoder = Encoder.of(model.config(), model.parameters(), kernels);
    workspace = encoder.newWorkspace(parallel);
  }

  EncoderConfig config() {
    return encoder.config();
  }

  /** The width of query, key and value of the last layer, each. */
  int attentionWidth() {
    return workspace.attentionWidth();
  }

  /**
   * The targets for a batch, shared by any number of students; constants that the next batch
   * overwrites.
   *
   * @param hidden the last hidden states, {@code [tokens, hidden]}
   * @param queryKeyValue query, key and value of the last layer side by side, {@code [tokens, 3
   *     attention width]}
   */
  record Knowledge(Variable hidden, Variable queryKeyValue) {
    /** The mean over the columns of the variance of the hidden states over the tokens. */
    float hiddenVariance() {
      int columns = hidden.columns();
      double sum = 0;
      for (int j = 0; j < columns; j++) {
        double mean = 0;
        double squares = 0;
        for (int i = j; i < hidden.size(); i += columns) {
          double x = hidden.value()[i];
          mean += x / hidden.rows();
          squares += x * x / hidden.rows();
        }
        sum += squares - mean * mean;
      }
      return (float) Math.max(1e-12, sum / columns);
    }
  }

  Knowledge read(RaggedBatch batch) {
    encoder.forward(batch, workspace);
    int tokens = batch.tokens();
    return new Knowledge(
        Variable.constant(tokens, workspace.hiddenSize(), workspace.hidden()),
        Variable.constant(tokens, 3 * workspace.attentionWidth(), workspace.queryKeyValue()));
  }
}
