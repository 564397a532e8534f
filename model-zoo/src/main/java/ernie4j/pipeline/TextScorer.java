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
 * Gives a text, or a pair of texts, one number: how well a document answers a query (reranking),
 * how similar two sentences are. May be shared between threads.
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
   * A pipeline over a model in memory.
   *
   * @throws WrongTaskException if the model is for another task, or its options name an activation
   *     that is not known
   */
  public static TextScorer of(Model model) {
    return of(model, Kernels.best());
  }

  /** A pipeline over a model on the given kernels. */
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

  /** Files from before there was this task call it a classification with one class. */
  private static boolean isOldScorer(Model model) {
    String bias = HeadNames.CLASSIFIER + ".bias";
    return model.task().equals(Task.SEQUENCE_CLASSIFICATION.id())
        && model.parameters().contains(bias)
        && model.parameters().shape(bias)[0] == 1;
  }

  /** Loads a model file. */
  public static TextScorer load(Path path) throws IOException {
    return ModelFile.load(path, TextScorer::of);
  }

  /** Loads a model: a file, or else a pulled model by name. */
  public static TextScorer load(String fileOrName) throws IOException {
    return load(ModelCache.standard().locate(fileOrName));
  }

  @Override
  public TextScorer withExecution(ExecutionOptions options) {
    return new TextScorer(texts.withExecution(options), head, sigmoid, lengths);
  }

  /** This pipeline with another policy for long texts; at first it is {@link LongText#ERROR}. */
  public TextScorer withLongText(LongText longText) {
    return new TextScorer(texts, head, sigmoid, lengths.withLongTextButNoWindows(longText));
  }

  /** This pipeline with inputs of at most so many tokens, for example as many as in training. */
  public TextScorer withMaxLength(int tokens) {
    return new TextScorer(texts, head, sigmoid, lengths.withMaxLength(tokens));
  }

  /**
   * This pipeline with scores from 0 to 1, {@code sigmoid(x)}, or with the head's own numbers x.
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
   * A document in the order of its score.
   *
   * @param index of the document in the list given, from 0
   */
  public record Ranked(int index, String document, double score) {}

  /**
   * Scores a text.
   *
   * @throws IllegalArgumentException if the text has no tokens, or too many
   */
  public Result score(String text) {
    return score(List.of(text)).get(0);
  }

  /** Scores a pair, as {@link #score(String)}. */
  public Result score(String first, String second) {
    return scorePairs(List.of(new TextPair(first, second))).get(0);
  }

  /** Scores several texts together; the results are those that each has alone. */
  public List<Result> score(List<String> several) {
    return Attempt.results(tryScore(several));
  }

  /** Scores several pairs together; the results are those that each has alone. */
  public List<Result> scorePairs(List<TextPair> pairs) {
    return Attempt.results(tryScorePairs(pairs));
  }

  /**
   * Scores documents for a query and sorts them, the best first; of equals the first.
   *
   * @throws IllegalArgumentException if the query or a document has no tokens, or both too many
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

  /** Scores several texts; one that cannot be read does not lose the others. */
  public List<Attempt<Result>> tryScore(List<String> several) {
    return texts.attemptTexts("score", several, lengths, head, this::result);
  }

  /** Scores several pairs; one that cannot be read does not lose the others. */
  public List<Attempt<Result>> tryScorePairs(List<TextPair> pairs) {
    return texts.attemptPairs("score", pairs, lengths, head, this::result);
  }

  private Result result(Window window, float[] logits) {
    return new Result(sigmoid ? Logits.sigmoid(logits[0]) : logits[0], window.cut());
  }
}
