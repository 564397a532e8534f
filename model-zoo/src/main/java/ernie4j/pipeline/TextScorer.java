package ernie4j.pipeline;

import ernie4j.engine.encoder.ExecutionOptions;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.engine.head.Head;
import ernie4j.engine.head.HeadNames;
import ernie4j.engine.head.HeadOptions;
import ernie4j.engine.head.Logits;
import ernie4j.engine.head.Task;
import ernie4j.engine.head.WrongTaskException;
import ernie4j.engine.kernels.Kernels;
import ernie4j.zoo.cache.ModelCache;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Gives a text, or a pair of texts, one number: how well a document answers a query (reranking), or
 * how similar two sentences are. A scorer may be shared between threads.
 *
 * <pre>{@code
 * TextScorer reranker = TextScorer.load("reranker.ernie");
 * reranker.score("怎么退票", "退票在订单页面办理").value();   // 0.97
 * reranker.rank("怎么退票", documents).get(0).document();    // the best one
 * }</pre>
 */
public final class TextScorer extends Pipeline {
  private final Head head;
  private final boolean sigmoid;
  private final LengthPolicy lengths;

  private TextScorer(TextEncoder texts, Head head, boolean sigmoid, LengthPolicy lengths) {
    super(texts);
    this.head = head;
    this.sigmoid = sigmoid;
    this.lengths = lengths;
  }

  /**
   * Returns a pipeline over a model in memory that computes with the fastest kernels of this
   * machine.
   *
   * @param model the scoring model, with its vocabulary; not changed
   * @return the pipeline
   * @throws WrongTaskException if the model is for another task, or its options name an unknown
   *     activation
   * @throws IllegalArgumentException if the model has no vocabulary
   */
  public static TextScorer of(Model model) {
    return of(model, Kernels.best());
  }

  /**
   * Returns a pipeline over a model in memory that computes with the given kernels.
   *
   * @param model the scoring model, with its vocabulary; not changed
   * @param kernels the kernels to compute with
   * @return the pipeline
   * @throws WrongTaskException if the model is for another task, or its options name an unknown
   *     activation
   * @throws IllegalArgumentException if the model has no vocabulary
   */
  public static TextScorer of(Model model, Kernels kernels) {
    Pipelines.requireTask(
        isOldScorer(model) ? model.withTask(Task.SCORING, Map.of()) : model, Task.SCORING);
    String activation = model.options().getOrDefault(HeadOptions.ACTIVATION, HeadOptions.IDENTITY);
    if (!activation.equals(HeadOptions.SIGMOID) && !activation.equals(HeadOptions.IDENTITY)) {
      throw new WrongTaskException(
          String.format(
              "the model's option %s: expected sigmoid or identity, got '%s'",
              HeadOptions.ACTIVATION, activation));
    }
    TextEncoder texts = new TextEncoder(model, kernels);
    Head head = Pipelines.head(model, Task.SCORING, texts);
    return new TextScorer(
        texts, head, activation.equals(HeadOptions.SIGMOID), texts.lengths(LongText.ERROR));
  }

  /** Files older than this task call it a classification with one class. */
  private static boolean isOldScorer(Model model) {
    String bias = HeadNames.CLASSIFIER + ".bias";
    return model.task().equals(Task.SEQUENCE_CLASSIFICATION.id())
        && model.parameters().contains(bias)
        && model.parameters().shape(bias)[0] == 1;
  }

  /**
   * Loads a model file.
   *
   * @param path the {@code .ernie} file
   * @return a pipeline over the model
   * @throws IOException if the file cannot be read, or is damaged or no model file
   * @throws IllegalArgumentException if the model has no vocabulary
   */
  public static TextScorer load(Path path) throws IOException {
    return ModelFile.load(path, TextScorer::of);
  }

  /**
   * Loads a model by file or by name.
   *
   * @param fileOrName the path of a model file, or else the name of a model in the cache of this
   *     user ({@link ModelCache#standard})
   * @return a pipeline over the model
   * @throws IOException if there is neither such a file nor such a model, or it cannot be read
   * @throws IllegalArgumentException if the model has no vocabulary
   */
  public static TextScorer load(String fileOrName) throws IOException {
    return load(ModelCache.standard().locate(fileOrName));
  }

  @Override
  public TextScorer withExecution(ExecutionOptions options) {
    return new TextScorer(texts.withExecution(options), head, sigmoid, lengths);
  }

  /**
   * Returns this pipeline with another policy for long texts.
   *
   * @param longText {@link LongText#ERROR}, which is the default, or {@link LongText#TRUNCATE}
   * @return the new pipeline
   * @throws IllegalArgumentException if it is {@link LongText#WINDOW}
   */
  public TextScorer withLongText(LongText longText) {
    return new TextScorer(texts, head, sigmoid, lengths.withLongTextButNoWindows(longText));
  }

  /**
   * Returns this pipeline with another limit on the tokens of an input.
   *
   * @param tokens the most tokens of a text or pair, [CLS] and [SEP] included, from 4 to the
   *     current limit, which is at first the model's number of positions; the length used in
   *     training is a good choice
   * @return the new pipeline
   * @throws IllegalArgumentException if it is out of this range
   */
  public TextScorer withMaxLength(int tokens) {
    return new TextScorer(texts, head, sigmoid, lengths.withMaxLength(tokens));
  }

  /**
   * Returns this pipeline with or without a sigmoid on its scores.
   *
   * @param active true for scores from 0 to 1, {@code sigmoid(x)}, false for the numbers x of the
   *     head; the default is what the model's options say
   * @return the new pipeline
   */
  public TextScorer withSigmoid(boolean active) {
    return new TextScorer(texts, head, active, lengths);
  }

  /**
   * The score of a text.
   *
   * @param value the number; from 0 to 1 if the model's options say sigmoid
   * @param truncated whether the end of the text was ignored
   */
  public record Result(double value, boolean truncated) {}

  /**
   * A document and its score.
   *
   * @param index index of the document in the list given, from 0
   * @param document its text
   * @param score how well it answers the query; the range is that of {@link Result#value}
   */
  public record Ranked(int index, String document, double score) {}

  /**
   * Scores a text.
   *
   * @param text the text
   * @return its score
   * @throws IllegalArgumentException if the text has no tokens, or too many
   */
  public Result score(String text) {
    return score(List.of(text)).get(0);
  }

  /**
   * Scores a pair of texts.
   *
   * @param first the first text, for example the query
   * @param second the second text, for example the document
   * @return their score
   * @throws IllegalArgumentException if a text has no tokens, or the pair has too many
   */
  public Result score(String first, String second) {
    return scorePairs(List.of(new TextPair(first, second))).get(0);
  }

  /**
   * Scores several texts together. Each result is the one that its text has alone.
   *
   * @param several the texts, any number of them
   * @return the results, in the order of the texts; unmodifiable
   * @throws IllegalArgumentException if a text has no tokens, or too many
   */
  public List<Result> score(List<String> several) {
    return Attempt.results(tryScore(several));
  }

  /**
   * Scores several pairs together. Each result is the one that its pair has alone.
   *
   * @param pairs the pairs, any number of them
   * @return the results, in the order of the pairs; unmodifiable
   * @throws IllegalArgumentException if a pair has no tokens, or too many
   */
  public List<Result> scorePairs(List<TextPair> pairs) {
    return Attempt.results(tryScorePairs(pairs));
  }

  /**
   * Scores documents for a query and sorts them by score.
   *
   * @param query the query
   * @param documents the documents, any number of them
   * @return the documents, the best first; of equal ones the first comes first
   * @throws IllegalArgumentException if the query or a document has no tokens, or both together
   *     have too many
   */
  public List<Ranked> rank(String query, List<String> documents) {
    List<Result> scores =
        scorePairs(
            documents.stream()
                .map(document -> new TextPair(query, document))
                .collect(Collectors.toList()));
    List<Ranked> ranked = new ArrayList<>();
    for (int i = 0; i < documents.size(); i++) {
      ranked.add(new Ranked(i, documents.get(i), scores.get(i).value()));
    }
    ranked.sort(Comparator.comparingDouble(Ranked::score).reversed());
    return ranked;
  }

  /**
   * Scores several texts, where one that cannot be read does not affect the others.
   *
   * @param several the texts, any number of them
   * @return for each text, in the same order, its result or why there is none
   */
  public List<Attempt<Result>> tryScore(List<String> several) {
    return texts.attemptTexts("score", several, lengths, head, this::result);
  }

  /**
   * Scores several pairs, where one that cannot be read does not affect the others.
   *
   * @param pairs the pairs, any number of them
   * @return for each pair, in the same order, its result or why there is none
   */
  public List<Attempt<Result>> tryScorePairs(List<TextPair> pairs) {
    return texts.attemptPairs("score", pairs, lengths, head, this::result);
  }

  private Result result(Window window, float[] logits) {
    return new Result(sigmoid ? Logits.sigmoid(logits[0]) : logits[0], window.cut());
  }
}
