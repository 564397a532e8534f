package ernie4j.langchain4j;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.model.output.TokenUsage;
import ernie4j.pipeline.LongText;
import ernie4j.pipeline.SentenceEmbedder;
import ernie4j.zoo.cache.ModelCache;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * An {@link EmbeddingModel} in pure Java. May be shared between threads.
 *
 * <pre>{@code
 * EmbeddingModel model = ErnieEmbeddingModel.load("bge-small-zh");
 * }</pre>
 *
 * <p>Vectors are made as the model's authors make them: with its own pooling, length and prefix.
 * All segments of a call are computed together, unpadded. A segment of more tokens than the model
 * reads at once gives the mean over its parts, weighted by their length, as in LangChain4j's own
 * in-process models.
 */
public final class ErnieEmbeddingModel implements EmbeddingModel, AutoCloseable {
  private final SentenceEmbedder embedder;
  private final String name;

  private ErnieEmbeddingModel(SentenceEmbedder embedder, String name) {
    this.embedder = embedder;
    this.name = name;
  }

  /**
   * A model over an embedder, as it is: how it pools, which prefix it puts before texts, what it
   * does with long ones.
   *
   * @param name what {@link #modelName} says
   */
  public static ErnieEmbeddingModel of(SentenceEmbedder embedder, String name) {
    return new ErnieEmbeddingModel(embedder, name);
  }

  /**
   * Loads a model: a file, or else a pulled model by name.
   *
   * @throws IOException if there is none, or it cannot be read
   */
  public static ErnieEmbeddingModel load(String fileOrName) throws IOException {
    Path file = ModelCache.standard().locate(fileOrName);
    return new ErnieEmbeddingModel(
        SentenceEmbedder.load(file).withLongText(LongText.WINDOW), fileOrName);
  }

  /** This model for questions, if it reads questions and passages differently. */
  public ErnieEmbeddingModel forQueries() {
    return new ErnieEmbeddingModel(embedder.forQueries(), name);
  }

  /** This model for passages, if it reads questions and passages differently. */
  public ErnieEmbeddingModel forPassages() {
    return new ErnieEmbeddingModel(embedder.forPassages(), name);
  }

  /**
   * The vectors of segments, in their order.
   *
   * @throws IllegalArgumentException if a segment has no tokens
   */
  @Override
  public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
    List<String> texts = segments.stream().map(TextSegment::text).toList();
    List<Embedding> vectors = embedder.embed(texts).stream().map(Embedding::from).toList();
    int tokens = texts.stream().mapToInt(text -> embedder.tokenizer().encode(text).length()).sum();
    return Response.from(vectors, new TokenUsage(tokens));
  }

  @Override
  public int dimension() {
    return embedder.dimension();
  }

  @Override
  public String modelName() {
    return name;
  }

  /** Releases what this model holds besides its weights. */
  @Override
  public void close() {
    embedder.close();
  }
}
