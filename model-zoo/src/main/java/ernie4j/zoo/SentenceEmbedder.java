package ernie4j.zoo;

import ernie4j.engine.RaggedBatch;
import ernie4j.engine.encoder.Encoder;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.engine.head.SentenceEmbedding;
import ernie4j.engine.kernels.Kernels;
import ernie4j.tokenizer.Encoding;
import ernie4j.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Turns texts into vectors of length 1 whose dot product says how alike they are. Thread-safe. */
public final class SentenceEmbedder {
  private final Tokenizer tokenizer;
  private final Encoder encoder;
  private final SentenceEmbedding pooling;

  private SentenceEmbedder(Model model, SentenceEmbedding pooling, Kernels kernels) {
    this.tokenizer = Tokenizers.of(model);
    this.encoder = Encoder.of(model.config(), model.parameters(), kernels);
    this.pooling = pooling;
  }

  /** An embedder over a model in memory. */
  public static SentenceEmbedder of(Model model, SentenceEmbedding pooling) {
    return new SentenceEmbedder(model, pooling, Kernels.best());
  }

  /** Loads a model file. */
  public static SentenceEmbedder load(Path path, SentenceEmbedding pooling) throws IOException {
    return ModelFile.load(path, model -> of(model, pooling));
  }

  /** The number of values of a vector. */
  public int dimension() {
    return encoder.config().hiddenSize();
  }

  /**
   * The vector of a text.
   *
   * @throws IllegalArgumentException if the text is longer than the model's positions
   */
  public float[] embed(String text) {
    return embed(List.of(text)).get(0);
  }

  /** The vectors of several texts, computed in one pass. */
  public List<float[]> embed(List<String> texts) {
    List<int[]> ids = new ArrayList<>();
    for (String text : texts) {
      Encoding encoding = tokenizer.encode(text);
      int positions = encoder.config().maxPositions();
      if (encoding.length() > positions) {
        throw new IllegalArgumentException(
            "embed: the text has %d tokens and the model reads %d; split the text"
                .formatted(encoding.length(), positions));
      }
      ids.add(encoding.ids());
    }
    float[] all = encoder.forward(RaggedBatch.of(ids), pooling::embed);
    List<float[]> vectors = new ArrayList<>();
    for (int s = 0; s < texts.size(); s++) {
      vectors.add(Arrays.copyOfRange(all, s * dimension(), (s + 1) * dimension()));
    }
    return vectors;
  }
}
