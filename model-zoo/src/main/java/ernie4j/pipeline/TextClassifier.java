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

/**
 * Says which class a text, or a pair of texts, belongs to. May be shared between threads.
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
   * A pipeline over a model in memory.
   *
   * @throws WrongTaskException if the model is for another task or has fewer than two labels
   */
  public static TextClassifier of(Model model) {
    return of(model, Kernels.best());
  }

  /** A pipeline over a model on the given kernels. */
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

  /** Loads a model file. */
  public static TextClassifier load(Path path) throws IOException {
    return ModelFile.load(path, TextClassifier::of);
  }

  /** Loads a model: a file, or else a pulled model by name. */
  public static TextClassifier load(String fileOrName) throws IOException {
    return load(ModelCache.standard().locate(fileOrName));
  }

  @Override
  public TextClassifier withExecution(ExecutionOptions options) {
    return new TextClassifier(
        texts.withExecution(options), head, labels, chosen, lengths, temperature, minConfidence);
  }

  /** This pipeline with another policy for long texts; at first it is {@link LongText#ERROR}. */
  public TextClassifier withLongText(LongText longText) {
    return with(chosen, lengths.withLongTextButNoWindows(longText), minConfidence);
  }

  /** This pipeline with inputs of at most so many tokens, for example as many as in training. */
  public TextClassifier withMaxLength(int tokens) {
    return with(chosen, lengths.withMaxLength(tokens), minConfidence);
  }

  /**
   * This pipeline choosing among some of the classes; their probabilities sum to 1.
   *
   * @throws IllegalArgumentException if there are fewer than two, or the model has not all of them
   */
  public TextClassifier withLabels(List<String> some) {
    if (some.stream().distinct().count() < 2 || !labels.containsAll(some)) {
      throw new IllegalArgumentException(
          "labels: expected at least two of %s, got %s".formatted(labels, some));
    }
    return with(some.stream().distinct().toList(), lengths, minConfidence);
  }

  /**
   * This pipeline refusing answers of which it is less sure; at first as the model says, or none.
   *
   * @param probability from 0 to 1
   */
  public TextClassifier withMinConfidence(double probability) {
    return with(chosen, lengths, Confidence.requireProbability(probability));
  }

  private TextClassifier with(
      List<String> newChosen, LengthPolicy newLengths, double newMinConfidence) {
    return new TextClassifier(
        texts, head, labels, newChosen, newLengths, temperature, newMinConfidence);
  }

  /** The classes. */
  public List<String> labels() {
    return chosen;
  }

  /**
   * The class of a text.
   *
   * @param label the most likely class
   * @param probability its probability
   * @param scores all classes in the order of {@link #labels}; the probabilities sum to 1
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

    /** The most probable classes, the best first. */
    public List<Score> best(int count) {
      return Score.best(scores, count);
    }
  }

  /**
   * Classifies a text.
   *
   * @throws IllegalArgumentException if the text has no tokens, or too many
   */
  public Result classify(String text) {
    return classify(List.of(text)).get(0);
  }

  /** Classifies a pair, as {@link #classify(String)}. */
  public Result classify(String first, String second) {
    return classifyPairs(List.of(new TextPair(first, second))).get(0);
  }

  /** Classifies several texts together; the results are those that each has alone. */
  public List<Result> classify(List<String> several) {
    return Attempt.results(tryClassify(several));
  }

  /** Classifies several pairs together; the results are those that each has alone. */
  public List<Result> classifyPairs(List<TextPair> pairs) {
    return Attempt.results(tryClassifyPairs(pairs));
  }

  /** Classifies several texts; one that cannot be read does not lose the others. */
  public List<Attempt<Result>> tryClassify(List<String> several) {
    return texts.attemptTexts("classify", several, lengths, head, this::result);
  }

  /** Classifies several pairs; one that cannot be read does not lose the others. */
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
