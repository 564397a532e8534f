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
 * Turns texts into vectors whose dot product says how similar the texts are. An embedder runs
 * models of any task, because every model has an encoder. It may be shared between threads.
 *
 * <pre>{@code
 * SentenceEmbedder embedder = SentenceEmbedder.load("bge-small-zh");
 * float[] vector = embedder.embed("今天天气不错");
 * }</pre>
 *
 * <p>Pooling, a dense layer, normalization and a prefix for texts are those that the model was
 * published with, if its files say so: {@link EmbeddingOptions}. Otherwise a vector is the hidden
 * state of the first token, scaled to length 1.
 */
public final class SentenceEmbedder extends Pipeline {
  private final EmbeddingHead head;
  private final EmbeddingOptions options;
  private final How how;
  private final LengthPolicy lengths;

  /** The settings that a caller may override. */
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

  /**
   * Returns an embedder over a model in memory that computes with the fastest kernels of this
   * machine.
   *
   * @param model the model to embed with; any task, only its encoder is used
   * @return the embedder
   * @throws IllegalArgumentException if the model has no vocabulary
   */
  public static SentenceEmbedder of(Model model) {
    return of(model, Kernels.best());
  }

  /**
   * Returns an embedder over a model in memory with another pooling than the model says.
   *
   * @param model the model to embed with; any task, only its encoder is used
   * @param pooling how the hidden states of a text become one vector
   * @return the embedder
   * @throws IllegalArgumentException if the model has no vocabulary
   */
  public static SentenceEmbedder of(Model model, SentenceEmbedding pooling) {
    return of(model).withPooling(pooling);
  }

  /**
   * Returns an embedder over a model in memory that computes with the given kernels.
   *
   * @param model the model to embed with; any task, only its encoder is used
   * @param kernels the kernels to compute with
   * @return the embedder
   * @throws IllegalArgumentException if the model has no vocabulary
   */
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

  /**
   * Loads a model file.
   *
   * @param path the {@code .ernie} file
   * @return an embedder over the model
   * @throws IOException if the file cannot be read, or is damaged or no model file
   * @throws IllegalArgumentException if the model has no vocabulary
   */
  public static SentenceEmbedder load(Path path) throws IOException {
    return ModelFile.load(path, SentenceEmbedder::of);
  }

  /**
   * Loads a model by file or by name.
   *
   * @param fileOrName the path of a model file, or else the name of a model in the cache of this
   *     user ({@link ModelCache#standard})
   * @return an embedder over the model
   * @throws IOException if there is neither such a file nor such a model, or it cannot be read
   * @throws IllegalArgumentException if the model has no vocabulary
   */
  public static SentenceEmbedder load(String fileOrName) throws IOException {
    return load(ModelCache.standard().locate(fileOrName));
  }

  @Override
  public SentenceEmbedder withExecution(ExecutionOptions execution) {
    return new SentenceEmbedder(texts.withExecution(execution), head, options, how, lengths);
  }

  /**
   * Loads a model file and replaces the pooling that the model says.
   *
   * @param path the {@code .ernie} file
   * @param pooling how the hidden states of a text become one vector
   * @return an embedder over the model
   * @throws IOException if the file cannot be read, or is damaged or no model file
   * @throws IllegalArgumentException if the model has no vocabulary
   */
  public static SentenceEmbedder load(Path path, SentenceEmbedding pooling) throws IOException {
    return load(path).withPooling(pooling);
  }

  /**
   * Loads a model by file or by name and replaces the pooling that the model says.
   *
   * @param fileOrName the path of a model file, or else the name of a model in the cache of this
   *     user
   * @param pooling how the hidden states of a text become one vector
   * @return an embedder over the model
   * @throws IOException if there is neither such a file nor such a model, or it cannot be read
   * @throws IllegalArgumentException if the model has no vocabulary
   */
  public static SentenceEmbedder load(String fileOrName, SentenceEmbedding pooling)
      throws IOException {
    return load(fileOrName).withPooling(pooling);
  }

  /**
   * Returns this embedder with another pooling than the model says.
   *
   * @param pooling how the hidden states of a text become one vector
   * @return the new embedder
   */
  public SentenceEmbedder withPooling(SentenceEmbedding pooling) {
    return with(new How(pooling, how.normalized, how.prefix), lengths);
  }

  /**
   * Returns this embedder with or without normalization.
   *
   * @param normalized true for vectors of length 1, false for those that the model computes
   * @return the new embedder
   */
  public SentenceEmbedder withNormalization(boolean normalized) {
    return with(new How(how.pooling, normalized, how.prefix), lengths);
  }

  /** {@return this embedder for queries: with the prefix that the model wants before a query} */
  public SentenceEmbedder forQueries() {
    return withPrefix(options.queryPrefix());
  }

  /**
   * {@return this embedder for texts that are searched: with the prefix that the model wants before
   * them; see {@link #forQueries}}
   */
  public SentenceEmbedder forPassages() {
    return withPrefix(options.passagePrefix());
  }

  /**
   * Returns this embedder with another prefix.
   *
   * @param prefix what is read before every text; empty for nothing
   * @return the new embedder
   */
  public SentenceEmbedder withPrefix(String prefix) {
    return with(new How(how.pooling, how.normalized, prefix), lengths);
  }

  /**
   * Returns this embedder with another policy for long texts. Under {@link LongText#WINDOW} the
   * pooled vector of a long text is the mean of those of its parts, weighted by their numbers of
   * tokens. The parts do not overlap and begin with a word.
   *
   * @param longText what to do with a text that is too long; the default is {@link LongText#ERROR}
   * @return the new embedder
   */
  public SentenceEmbedder withLongText(LongText longText) {
    return with(how, lengths.withLongText(longText));
  }

  /**
   * Returns this embedder with another limit on the tokens of a text.
   *
   * @param tokens the most tokens of a text with its prefix, [CLS] and [SEP] included, from 4 to
   *     the current limit, which is at first that of the model
   * @return the new embedder
   * @throws IllegalArgumentException if it is out of this range
   */
  public SentenceEmbedder withMaxLength(int tokens) {
    return with(how, lengths.withMaxLength(tokens));
  }

  private SentenceEmbedder with(How newHow, LengthPolicy newLengths) {
    return new SentenceEmbedder(texts, head, options, newHow, newLengths);
  }

  /** {@return the number of values of a vector} */
  public int dimension() {
    return head.dimension();
  }

  /**
   * {@return how vectors are computed (pooling, dense layer, normalization, prefix), as a sentence}
   */
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
            .orElse(", because the model does not say which"));
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
   * Computes the vector of a text.
   *
   * @param text the text, without a prefix
   * @return the vector, [{@link #dimension}]
   * @throws IllegalArgumentException if the text has no tokens, or too many
   */
  public float[] embed(String text) {
    return embed(List.of(text)).get(0);
  }

  /**
   * Computes the vectors of several texts together. Each vector is the one that its text has alone.
   *
   * @param several the texts, any number of them
   * @return the vectors, each [{@link #dimension}], in the order of the texts; the list is
   *     unmodifiable
   * @throws IllegalArgumentException if a text has no tokens, or too many
   */
  public List<float[]> embed(List<String> several) {
    return Attempt.results(tryEmbed(several));
  }

  /**
   * Computes the vectors of several texts, where one that cannot be read does not affect the
   * others.
   *
   * @param several the texts, any number of them
   * @return for each text, in the same order, its vector, [{@link #dimension}], or why there is
   *     none
   */
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
