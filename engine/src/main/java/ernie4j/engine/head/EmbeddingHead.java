package ernie4j.engine.head;

import ernie4j.engine.ParameterSource;
import ernie4j.engine.encoder.Encoder;
import ernie4j.engine.encoder.Linear;
import ernie4j.engine.kernels.Kernels;
import org.jspecify.annotations.Nullable;

/**
 * What follows the pooling of a sentence vector: a dense layer if the model has one ({@link
 * HeadNames#EMBEDDING_DENSE}), and normalization if its vectors have length 1. Immutable; may be
 * shared between threads.
 */
public final class EmbeddingHead {
  private final Kernels kernels;
  private final @Nullable Linear dense;
  private final boolean tanh;
  private final int hidden;

  private EmbeddingHead(Kernels kernels, @Nullable Linear dense, boolean tanh, int hidden) {
    this.kernels = kernels;
    this.dense = dense;
    this.tanh = tanh;
    this.hidden = hidden;
  }

  /**
   * Makes the head of a model.
   *
   * @param encoder the encoder whose hidden states the head reads
   * @param parameters the weights of the model; only the dense layer is read, if there is one
   * @param options the embedding options of the model
   * @return the head
   * @throws IllegalArgumentException if the dense layer lacks a parameter or does not fit
   */
  public static EmbeddingHead of(
      Encoder encoder, ParameterSource parameters, EmbeddingOptions options) {
    int hidden = encoder.config().hiddenSize();
    boolean has = parameters.contains(HeadNames.EMBEDDING_DENSE + ".weight");
    Linear dense =
        has ? Linear.of(encoder.kernels(), parameters, hidden, HeadNames.EMBEDDING_DENSE) : null;
    return new EmbeddingHead(encoder.kernels(), dense, options.tanh(), hidden);
  }

  /** {@return whether there is a dense layer} */
  public boolean hasDense() {
    return dense != null;
  }

  /** {@return the number of values of a vector} */
  public int dimension() {
    return dense == null ? hidden : dense.out();
  }

  /**
   * Computes a sentence vector from a pooled one.
   *
   * @param pooled the pooled hidden states, {@code [hidden]}; not changed
   * @param normalized whether the result is divided by its Euclidean length; a zero vector stays
   *     zero
   * @return the vector, {@code [dimension]}; a new array
   */
  public float[] vector(float[] pooled, boolean normalized) {
    float[] vector = dense == null ? pooled.clone() : dense.apply(1, pooled, 0, hidden);
    if (dense != null && tanh) {
      kernels.tanh(vector.length, vector, 0, vector, 0);
    }
    if (normalized) {
      normalize(vector);
    }
    return vector;
  }

  private static void normalize(float[] vector) {
    double squares = 0;
    for (float value : vector) {
      squares += (double) value * value;
    }
    // A zero vector has no direction; it stays zero instead of becoming NaN.
    float factor = squares == 0 ? 0f : (float) (1 / Math.sqrt(squares));
    for (int j = 0; j < vector.length; j++) {
      vector[j] *= factor;
    }
  }
}
