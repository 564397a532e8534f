package ernie4j.engine.head;

import ernie4j.engine.ParameterNames;
import ernie4j.engine.ParameterSource;
import ernie4j.engine.encoder.Encoder;
import ernie4j.engine.encoder.EncoderWorkspace;
import ernie4j.engine.encoder.LayerNorm;
import ernie4j.engine.encoder.Linear;
import ernie4j.engine.kernels.Kernels;

/**
 * Scores of every vocabulary entry: {@code norm(gelu(x W + b)) E^T + c} with the word embedding E
 * as decoder. The decoder uses all rows of E as stored, including that of the padding id.
 * Immutable; may be shared between threads.
 */
public final class MaskedLanguageModelHead {
  private final Kernels kernels;
  private final Linear transform;
  private final LayerNorm norm;
  private final Linear decoder;

  private MaskedLanguageModelHead(
      Kernels kernels, Linear transform, LayerNorm norm, Linear decoder) {
    this.kernels = kernels;
    this.transform = transform;
    this.norm = norm;
    this.decoder = decoder;
  }

  /**
   * Makes the head of a pre-trained model.
   *
   * @param encoder the encoder whose hidden states the head reads
   * @param parameters the weights of the model, with those of the head
   * @return the head
   * @throws IllegalArgumentException if a parameter is missing or its shape does not fit
   */
  public static MaskedLanguageModelHead of(Encoder encoder, ParameterSource parameters) {
    Kernels kernels = encoder.kernels();
    int hidden = encoder.config().hiddenSize();
    int vocabulary = encoder.config().vocabularySize();
    return new MaskedLanguageModelHead(
        kernels,
        Linear.of(kernels, parameters, hidden, HeadNames.MLM_TRANSFORM),
        LayerNorm.of(
            kernels, parameters, hidden, encoder.config().layerNormEpsilon(), HeadNames.MLM_NORM),
        Linear.transposed(
            kernels,
            parameters.get(ParameterNames.WORD_EMBEDDINGS, vocabulary, hidden),
            parameters.get(HeadNames.MLM_DECODER_BIAS, vocabulary)));
  }

  /**
   * Computes the logits of chosen tokens.
   *
   * @param states a workspace after a forward pass
   * @param tokens indices of tokens, counted over all sequences of the batch
   * @return {@code [tokens.length, vocabulary]}, row-major; a new array
   */
  public float[] logits(EncoderWorkspace states, int... tokens) {
    int hidden = states.hiddenSize();
    float[] chosen = new float[tokens.length * hidden];
    for (int i = 0; i < tokens.length; i++) {
      System.arraycopy(states.hidden(), tokens[i] * hidden, chosen, i * hidden, hidden);
    }
    float[] transformed = transform.apply(tokens.length, chosen, 0, hidden);
    kernels.gelu(transformed.length, transformed, 0, transformed, 0);
    norm.apply(0, tokens.length, transformed, null);
    return decoder.apply(tokens.length, transformed, 0, hidden);
  }
}
