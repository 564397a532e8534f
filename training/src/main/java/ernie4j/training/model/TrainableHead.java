package ernie4j.training.model;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.ParameterNames;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.head.HeadNames;
import ernie4j.engine.kernels.Kernels;
import ernie4j.training.autograd.Tape;
import ernie4j.training.autograd.TrainableLinear;
import ernie4j.training.autograd.Variable;

/**
 * What turns hidden states {@code [tokens, hidden]} into logits, on a tape: the trainable forms of
 * the heads in {@link ernie4j.engine.head}, with the reference's parameter names and dropouts.
 */
public interface TrainableHead {
  /** The logits of a batch; what their rows are depends on the head. */
  Variable logits(Tape tape, Variable hidden, RaggedBatch batch);

  /** Says that the optimizer has changed the parameters. */
  void invalidate();

  /**
   * A classifier on the pooled output: logits {@code [sequences, labels]}. For the classes of texts
   * and pairs, and with one label for the scores of choices.
   *
   * @param dropout of the pooled output
   */
  static TrainableHead ofSequences(Kernels kernels, TrainableParameters parameters, float dropout) {
    TrainablePooler pooler = new TrainablePooler(kernels, parameters);
    TrainableLinear classifier = TrainableEncoder.linear(kernels, parameters, HeadNames.CLASSIFIER);
    return new TrainableHead() {
      @Override
      public Variable logits(Tape tape, Variable hidden, RaggedBatch batch) {
        Variable pooled = pooler.pool(tape, hidden, batch);
        return tape.linear(tape.dropout(pooled, dropout), classifier);
      }

      @Override
      public void invalidate() {
        pooler.dense().invalidate();
        classifier.invalidate();
      }
    };
  }

  /**
   * A classifier on every hidden state: logits {@code [tokens, labels]}. For labels of tokens, and
   * without dropout and with two labels for the ends of answers.
   *
   * @param dropout of the hidden states
   */
  static TrainableHead ofTokens(Kernels kernels, TrainableParameters parameters, float dropout) {
    TrainableLinear classifier = TrainableEncoder.linear(kernels, parameters, HeadNames.CLASSIFIER);
    return new TrainableHead() {
      @Override
      public Variable logits(Tape tape, Variable hidden, RaggedBatch batch) {
        return tape.linear(tape.dropout(hidden, dropout), classifier);
      }

      @Override
      public void invalidate() {
        classifier.invalidate();
      }
    };
  }

  /**
   * Scores of all words, {@code norm(gelu(x W + b)) E^T + c} with the word embedding E as decoder:
   * logits {@code [rows, vocabulary]} of the hidden states it is given. Hand it only those of
   * masked tokens ({@link Tape#selectRows}): a row costs as much as a word embedding has values.
   */
  static TrainableHead ofWords(
      Kernels kernels, TrainableParameters parameters, EncoderConfig config) {
    TrainableLinear transform =
        TrainableEncoder.linear(kernels, parameters, HeadNames.MLM_TRANSFORM);
    return new TrainableHead() {
      @Override
      public Variable logits(Tape tape, Variable hidden, RaggedBatch batch) {
        Variable normed =
            tape.layerNorm(
                tape.gelu(tape.linear(hidden, transform)),
                parameters.get(HeadNames.MLM_NORM + ".weight"),
                parameters.get(HeadNames.MLM_NORM + ".bias"),
                config.layerNormEpsilon());
        return tape.tiedDecoder(
            normed,
            parameters.get(ParameterNames.WORD_EMBEDDINGS),
            parameters.get(HeadNames.MLM_DECODER_BIAS));
      }

      @Override
      public void invalidate() {
        transform.invalidate();
      }
    };
  }
}
