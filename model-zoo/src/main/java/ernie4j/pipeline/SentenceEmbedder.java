package ernie4j.pipeline;

import ernie4j.engine.encoder.ExecutionOptions;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.engine.head.EmbeddingHead;
import ernie4j.engine.head.EmbeddingOptions;
import ernie4j.engine.head.SentenceEmbedding;
import ernie4j.engine.kernels.Kernels;
import ernie4j.zoo.cache.ModelCache;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Turns texts into vectors whose dot product says how alike they are. Runs every model, for every
 * one has an encoder. May be shared between threads.
 *
 * <pre>{@code
 * SentenceEmbedder embedder = SentenceEmbedder.load("bge-small-zh");
 * float[] vector = embedder.embed("今天天气不错");
 * }</pre>
 *
 * <p>Pooling, a dense layer, the length of vectors and what stands before a text are those that the
 * model was published with, if its files said so: {@link EmbeddingOptions}. Otherwise a vector is
 * the hidden state of the first token, divided by its length.
 */
public final class SentenceEmbedder extends Pipeline {
  private final EmbeddingHead head;
  private final EmbeddingOptions options;
  private final How how;
  private final LengthPolicy lengths;

  /** What can be asked for otherwise than the model says. */
  private record How(SentenceEmbedding pooling, boolean normalized, String prefix) {}

  private SentenceEmbedder(
      TextEncoder texts,
      EmbeddingHead head,
      EmbeddingOptions options,
      How how,
      LengthPolicy lengths) {
    super(texts);
    this.head = head;
    this.options = options;
    this.how = how;
    this.lengths = lengths;
  }

  /** An embedder over a model in memory. */
  public static SentenceEmbedder of(Model model) {
    return of(model, Kernels.best());
  }

  /** An embedder over a model in memory with another pooling than the model says. */
  public static SentenceEmbedder of(Model model, SentenceEmbedding pooling) {
    return of(model).withPooling(pooling);
  }

  /** An embedder over a model on the given kernels. */
  public static SentenceEmbedder of(Model model, Kernels kernels) {
    EmbeddingOptions options = EmbeddingOptions.of(model.options());
    TextEncoder texts = new TextEncoder(model, kernels);
    EmbeddingHead head = EmbeddingHead.of(texts.encoder(), model.parameters(), options);
    LengthPolicy all = texts.lengths(LongText.ERROR);
    int length = Math.min(all.maxLength(), options.maxLength().orElse(all.maxLength()));
    return new SentenceEmbedder(
        texts,
        head,
        options,
        new How(
            options.pooling().orElse(SentenceEmbedding.CLS),
            options.normalized(),
            options.textPrefix()),
        length < all.maxLength() ? all.withMaxLength(length) : all);
  }

  /** Loads a model file. */
  public static SentenceEmbedder load(Path path) throws IOException {
    return ModelFile.load(path, SentenceEmbedder::of);
  }

  /** Loads a model: a file, or else a pulled model by name. */
  public static SentenceEmbedder load(String fileOrName) throws IOException {
    return load(ModelCache.standard().locate(fileOrName));
  }

  @Override
  public SentenceEmbedder withExecution(ExecutionOptions execution) {
    return new SentenceEmbedder(texts.withExecution(execution), head, options, how, lengths);
  }

  /** As {@link #load(Path)}, with another pooling than the model says. */
  public static SentenceEmbedder load(Path path, SentenceEmbedding pooling) throws IOException {
    return load(path).withPooling(pooling);
  }

  /** As {@link #load(String)}, with another pooling than the model says. */
  public static SentenceEmbedder load(String fileOrName, SentenceEmbedding pooling)
      throws IOException {
    return load(fileOrName).withPooling(pooling);
  }

  /** This embedder with another pooling than the model says. */
  public SentenceEmbedder withPooling(SentenceEmbedding pooling) {
    return with(new How(pooling, how.normalized, how.prefix), lengths);
  }

  /** This embedder with vectors of length 1, or with those that the model gives. */
  public SentenceEmbedder withNormalization(boolean normalized) {
    return with(new How(how.pooling, normalized, how.prefix), lengths);
  }

  /** This embedder for queries: what the model wants before a query stands before every text. */
  public SentenceEmbedder forQueries() {
    return withPrefix(options.queryPrefix());
  }

  /** This embedder for texts that are searched; see {@link #forQueries}. */
  public SentenceEmbedder forPassages() {
    return withPrefix(options.passagePrefix());
  }

  /** This embedder with something before every text; nothing if empty. */
  public SentenceEmbedder withPrefix(String prefix) {
    return with(new How(how.pooling, how.normalized, prefix), lengths);
  }

  /**
   * This embedder with another policy for long texts; at first it is {@link LongText#ERROR}. Under
   * {@link LongText#WINDOW} the pooled vector of a long text is the mean of those of its parts,
   * weighted by their numbers of tokens; the parts do not overlap and begin with a word.
   */
  public SentenceEmbedder withLongText(LongText longText) {
    return with(how, lengths.withLongText(longText));
  }

  /** This embedder lengths no more than so many tokens. */
  public SentenceEmbedder withMaxLength(int tokens) {
    return with(how, lengths.withMaxLength(tokens));
  }

  private SentenceEmbedder with(How newHow, LengthPolicy newLengths) {
    return new SentenceEmbedder(texts, head, options, newHow, newLengths);
  }

  /** The number of values of a vector. */
  public int dimension() {
    return head.dimension();
  }

  /** How vectors are made, as a sentence. */
  public String description() {
    StringBuilder text = new StringBuilder();
    text.append(
        switch (how.pooling) {
          case CLS -> "the first token ([CLS])";
          case MEAN -> "the mean of all tokens";
          case MAX -> "the greatest values of all tokens";
        });
    text.append(
        options
            .pooling()
            .map(own -> own == how.pooling ? ", as the model says" : ", the model says " + own.id())
            .orElse(", for the model does not say which"));
    if (head.hasDense()) {
      text.append("; a dense layer to ").append(head.dimension()).append(" values");
    }
    text.append(how.normalized ? "; length 1" : "; not of length 1");
    if (!how.prefix.isEmpty()) {
      text.append("; before every text '").append(how.prefix).append('\'');
    }
    return text.append('.').toString();
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
        text -> lengths.parts("embed", texts.encodeAfter(how.prefix, "embed", text)),
        states -> TextEncoder.perSequence(states.batch(), how.pooling.pool(states)),
        (text, windows, pooled) -> head.vector(mean(windows, pooled), how.normalized));
  }

  /** The mean of vectors, weighted by the numbers of tokens without [CLS] and [SEP]. */
  private static float[] mean(List<Window> windows, List<float[]> vectors) {
    if (vectors.size() == 1) {
      return vectors.get(0);
    }
    double[] sums = new double[vectors.get(0).length];
    double weights = 0;
    for (int i = 0; i < vectors.size(); i++) {
      int weight = windows.get(i).length() - 2;
      weights += weight;
      for (int j = 0; j < sums.length; j++) {
        sums[j] += (double) weight * vectors.get(i)[j];
      }
    }
    float[] mean = new float[sums.length];
    for (int j = 0; j < mean.length; j++) {
      mean[j] = (float) (sums[j] / weights);
    }
    return mean;
  }
}
