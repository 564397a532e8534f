package ernie4j.spring;

import ernie4j.pipeline.SentenceEmbedder;
import java.util.List;
import java.util.stream.IntStream;
import org.springframework.ai.document.Document;
import org.springframework.ai.embedding.Embedding;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.ai.embedding.EmbeddingRequest;
import org.springframework.ai.embedding.EmbeddingResponse;

/**
 * Spring AI's embedding model over an embedder. The texts of a request are computed together,
 * unpadded.
 */
public final class ErnieSpringAiEmbeddingModel implements EmbeddingModel {
  private final SentenceEmbedder embedder;

  /** A model over an embedder, as it is. */
  public ErnieSpringAiEmbeddingModel(SentenceEmbedder embedder) {
    this.embedder = embedder;
  }

  /**
   * The vectors of texts, in their order.
   *
   * @throws IllegalArgumentException if a text has no tokens
   */
  @Override
  public EmbeddingResponse call(EmbeddingRequest request) {
    List<float[]> vectors = embedder.embed(request.getInstructions());
    return new EmbeddingResponse(
        IntStream.range(0, vectors.size())
            .mapToObj(i -> new Embedding(vectors.get(i), i))
            .toList());
  }

  /**
   * The vector of a document's text.
   *
   * @throws IllegalArgumentException if it has no text
   */
  @Override
  public float[] embed(Document document) {
    String text = getEmbeddingContent(document);
    if (text == null) {
      throw new IllegalArgumentException(
          "embed: expected a document with a text, got one without: " + document.getId());
    }
    return embedder.embed(text);
  }

  @Override
  public int dimensions() {
    return embedder.dimension();
  }
}
