package ernie4j.pipeline;

import ernie4j.engine.encoder.ExecutionOptions;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.engine.head.Head;
import ernie4j.engine.head.HeadOptions;
import ernie4j.engine.head.Logits;
import ernie4j.engine.head.Task;
import ernie4j.engine.head.WrongTaskException;
import ernie4j.engine.kernels.Kernels;
import ernie4j.zoo.cache.ModelCache;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Says which class a text, or a pair of texts, belongs to. A classifier may be shared between
 * threads.
 *
 * <pre>{@code
 * TextClassifier classifier = TextClassifier.load("reviews.ernie");
 * TextClassifier.Result result = classifier.classify("房间很干净，下次还来");
 * result.label();        // positive
 * result.probability();  // 0.98
 * }</pre>
 */
public final class TextClassifier extends Pipeline {
  private final Head head;
  private final List<String> labels;
  private final List<String> chosen;
  private final LengthPolicy lengths;
  private final float temperature;
  private final double minConfidence;

  private TextClassifier(
      TextEncoder texts,
      Head head,
      List<String> labels,
      List<String> chosen,
      LengthPolicy lengths,
      float temperature,
      double minConfidence) {
    super(texts);
    this.head = head;
    this.labels = labels;
    this.chosen = chosen;
    this.lengths = lengths;
    this.temperature = temperature;
    this.minConfidence = minConfidence;
  }

  /**
   * Returns a pipeline over a model in memory that computes with the fastest kernels of this
   * machine.
   *
   * @param model the classification model, with its vocabulary; not changed
   * @return the pipeline
   * @throws WrongTaskException if the model is for another task or has fewer than two labels
   * @throws IllegalArgumentException if the model has no vocabulary
   */
  public static TextClassifier of(Model model) {
    return of(model, Kernels.best());
  }

  /**
   * Returns a pipeline over a model in memory that computes with the given kernels.
   *
   * @param model the classification model, with its vocabulary; not changed
   * @param kernels the kernels to compute with
   * @return the pipeline
   * @throws WrongTaskException if the model is for another task or has fewer than two labels
   * @throws IllegalArgumentException if the model has no vocabulary
   */
  public static TextClassifier of(Model model, Kernels kernels) {
    Pipelines.requireTask(model, Task.SEQUENCE_CLASSIFICATION);
    TextEncoder texts = new TextEncoder(model, kernels);
    Head head = Pipelines.head(model, Task.SEQUENCE_CLASSIFICATION, texts);
    if (head.columns(0) < 2) {
      throw new WrongTaskException(
          "TextClassifier: expected a model with at least two classes, got one output, which is a number; use TextScorer");
    }
    List<String> labels = Pipelines.labels(model, head, 0);
    return new TextClassifier(
        texts,
        head,
        labels,
        labels,
        texts.lengths(LongText.ERROR),
        Confidence.temperature(model, HeadOptions.TEMPERATURE),
        Confidence.least(model));
  }

  /**
   * Loads a model file.
   *
   * @param path the {@code .ernie} file
   * @return a pipeline over the model
   * @throws IOException if the file cannot be read, or is damaged or no model file
   * @throws IllegalArgumentException if the model has no vocabulary
   */
  public static TextClassifier load(Path path) throws IOException {
    return ModelFile.load(path, TextClassifier::of);
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
  public static TextClassifier load(String fileOrName) throws IOException {
    return load(ModelCache.standard().locate(fileOrName));
  }

  @Override
  public TextClassifier withExecution(ExecutionOptions options) {
    return new TextClassifier(
        texts.withExecution(options), head, labels, chosen, lengths, temperature, minConfidence);
  }

  /**
   * Returns this pipeline with another policy for long texts.
   *
   * @param longText {@link LongText#ERROR}, which is the default, or {@link LongText#TRUNCATE}
   * @return the new pipeline
   * @throws IllegalArgumentException if it is {@link LongText#WINDOW}
   */
  public TextClassifier withLongText(LongText longText) {
    return with(chosen, lengths.withLongTextButNoWindows(longText), minConfidence);
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
  public TextClassifier withMaxLength(int tokens) {
    return with(chosen, lengths.withMaxLength(tokens), minConfidence);
  }

  /**
   * Returns this pipeline choosing among some of the classes only. Their probabilities sum to 1.
   *
   * @param some at least two of the model's classes; duplicates count once
   * @return the new pipeline
   * @throws IllegalArgumentException if there are fewer than two, or the model lacks one of them
   */
  public TextClassifier withLabels(List<String> some) {
    if (some.stream().distinct().count() < 2 || !labels.containsAll(some)) {
      throw new IllegalArgumentException(
          String.format("labels: expected at least two of %s, got %s", labels, some));
    }
    return with(
        List.copyOf(some.stream().distinct().collect(Collectors.toList())), lengths, minConfidence);
  }

  /**
   * Returns this pipeline with another minimum confidence. It refuses answers below it. By default,
   * the model's own minimum applies; without one, no answer is refused.
   *
   * @param probability the lowest probability of an answer that is given, from 0 to 1
   * @return the new pipeline
   * @throws IllegalArgumentException if it is out of this range
   */
  public TextClassifier withMinConfidence(double probability) {
    return with(chosen, lengths, Confidence.requireProbability(probability));
  }

  private TextClassifier with(
      List<String> newChosen, LengthPolicy newLengths, double newMinConfidence) {
    return new TextClassifier(
        texts, head, labels, newChosen, newLengths, temperature, newMinConfidence);
  }

  /** {@return the classes that this pipeline chooses among, unmodifiable} */
  public List<String> labels() {
    return chosen;
  }

  /**
   * The class of a text.
   *
   * @param label the most likely class
   * @param probability its probability
   * @param scores all classes in the order of {@link TextClassifier#labels}; the probabilities sum
   *     to 1
   * @param truncated whether the end of the text was ignored
   * @param refused whether the probability is below {@link TextClassifier#withMinConfidence}: the
   *     answer should not be acted on
   */
  public record Result(
      String label, double probability, List<Score> scores, boolean truncated, boolean refused) {
    /** Keeps an unmodifiable copy of the scores. */
    public Result {
      scores = List.copyOf(scores);
    }

    /**
     * Returns the most probable classes.
     *
     * @param count the most classes to return
     * @return the classes, the most probable first; unmodifiable
     */
    public List<Score> best(int count) {
      return Score.best(scores, count);
    }
  }

  /**
   * Classifies a text.
   *
   * @param text the text
   * @return the most likely class and the probabilities of all
   * @throws IllegalArgumentException if the text has no tokens, or too many
   */
  public Result classify(String text) {
    return classify(List.of(text)).get(0);
  }

  /**
   * Classifies a pair of texts.
   *
   * @param first the first text
   * @param second the second text
   * @return the most likely class and the probabilities of all
   * @throws IllegalArgumentException if a text has no tokens, or the pair has too many
   */
  public Result classify(String first, String second) {
    return classifyPairs(List.of(new TextPair(first, second))).get(0);
  }

  /**
   * Classifies several texts together. Each result is the one that its text has alone.
   *
   * @param several the texts, any number of them
   * @return the results, in the order of the texts; unmodifiable
   * @throws IllegalArgumentException if a text has no tokens, or too many
   */
  public List<Result> classify(List<String> several) {
    return Attempt.results(tryClassify(several));
  }

  /**
   * Classifies several pairs together. Each result is the one that its pair has alone.
   *
   * @param pairs the pairs, any number of them
   * @return the results, in the order of the pairs; unmodifiable
   * @throws IllegalArgumentException if a pair has no tokens, or too many
   */
  public List<Result> classifyPairs(List<TextPair> pairs) {
    return Attempt.results(tryClassifyPairs(pairs));
  }

  /**
   * Classifies several texts, where one that cannot be read does not affect the others.
   *
   * @param several the texts, any number of them
   * @return for each text, in the same order, its result or why there is none
   */
  public List<Attempt<Result>> tryClassify(List<String> several) {
    return texts.attemptTexts("classify", several, lengths, head, this::result);
  }

  /**
   * Classifies several pairs, where one that cannot be read does not affect the others.
   *
   * @param pairs the pairs, any number of them
   * @return for each pair, in the same order, its result or why there is none
   */
  public List<Attempt<Result>> tryClassifyPairs(List<TextPair> pairs) {
    return texts.attemptPairs("classify", pairs, lengths, head, this::result);
  }

  private Result result(Window window, float[] all) {
    float[] logits = all;
    if (chosen != labels) {
      logits = new float[chosen.size()];
      for (int i = 0; i < logits.length; i++) {
        logits[i] = all[labels.indexOf(chosen.get(i))];
      }
    }
    float[] scaled = Confidence.at(temperature, logits);
    List<Score> scores = Score.of(chosen, Logits.probabilities(scaled, 0, scaled.length));
    Score best = scores.get(Logits.argmax(logits, 0, logits.length));
    boolean refused = best.probability() < minConfidence;
    return new Result(best.label(), best.probability(), scores, window.cut(), refused);
  }
}
