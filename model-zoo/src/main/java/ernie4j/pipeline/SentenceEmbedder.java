package ernie4j.pipeline;

import ernie4j.engine.encoder.ExecutionOptions;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.engine.head.SentenceEmbedding;
import ernie4j.engine.kernels.Kernels;
import ernie4j.zoo.cache.ModelCache;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Turns texts into vectors of length 1 whose dot product says how alike they are. Runs every model,
 * for every one has an encoder. May be shared between threads.
 *
 * <pre>{@code
 * SentenceEmbedder embedder = SentenceEmbedder.load("bge-small-zh", SentenceEmbedding.CLS);
 * float[] vector = embedder.embed("今天天气不错");
 * }</pre>
 */
public final class SentenceEmbedder extends Pipeline {
  private final SentenceEmbedding pooling;
  private final LengthPolicy lengths;

  private SentenceEmbedder(TextEncoder texts, SentenceEmbedding pooling, LengthPolicy lengths) {
    super(texts);
    this.pooling = pooling;
    this.lengths = lengths;
  }

  /** An embedder over a model in memory. */
  public static SentenceEmbedder of(Model model, SentenceEmbedding pooling) {
    return of(model, pooling, Kernels.best());
  }

  /** An embedder over a model on the given kernels. */
  public static SentenceEmbedder of(Model model, SentenceEmbedding pooling, Kernels kernels) {
    TextEncoder texts = new TextEncoder(model, kernels);
    return new SentenceEmbedder(texts, pooling, texts.lengths(LongText.ERROR));
  }

  /** Loads a model file. */
  public static SentenceEmbedder load(Path path, SentenceEmbedding pooling) throws IOException {
    return ModelFile.load(path, model -> of(model, pooling));
  }

  /** Loads a model: a file, or else a pulled model by name. */
  public static SentenceEmbedder load(String fileOrName, SentenceEmbedding pooling)
      throws IOException {
    return load(ModelCache.standard().locate(fileOrName), pooling);
  }

  @Override
  public SentenceEmbedder withExecution(ExecutionOptions options) {
    return new SentenceEmbedder(texts.withExecution(options), pooling, lengths);
  }

  /** This embedder with another policy for long texts; at first it is {@link LongText#ERROR}. */
  public SentenceEmbedder withLongText(LongText longText) {
    return new SentenceEmbedder(texts, pooling, lengths.withLongTextButNoWindows(longText));
  }

  /** This embedder lengths no more than so many tokens. */
  public SentenceEmbedder withMaxLength(int tokens) {
    return new SentenceEmbedder(texts, pooling, lengths.withMaxLength(tokens));
  }

  /** The number of values of a vector. */
  public int dimension() {
    return texts.encoder().config().hiddenSize();
  }

  /**
   * The vector of a text.
   *
   * @throws IllegalArgumentException if the text has no tokens, or too many
   */
  public float[] embed(String text) {
    return embed(List.of(text)).get(0);
  }

  /** The vectors of several texts, computed together; they are those that each has alone. */
  public List<float[]> embed(List<String> several) {
    return Attempt.results(tryEmbed(several));
  }

  /** The vectors of several texts; one that cannot be read does not lose the others. */
  public List<Attempt<float[]>> tryEmbed(List<String> several) {
    return texts.attempt(
        several,
        text -> List.of(texts.window("embed", text, lengths)),
        states -> TextEncoder.perSequence(states.batch(), pooling.embed(states)),
        (text, windows, vectors) -> vectors.get(0));
  }
}
