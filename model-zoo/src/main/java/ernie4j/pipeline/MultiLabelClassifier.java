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
 * Says which labels apply to a text, or a pair of texts: any number of them. Every label has a
 * probability of its own (sigmoid), and applies from a threshold on. May be shared between threads.
 *
 * <pre>{@code
 * MultiLabelClassifier topics = MultiLabelClassifier.load("topics.ernie").withThreshold(0.4);
 * topics.classify("央行宣布降息，股市大涨").labels();  // [finance, politics]
 * }</pre>
 */
public final class MultiLabelClassifier extends Pipeline {
  private final Head head;
  private final List<String> labels;
  private final double threshold;
  private final LengthPolicy lengths;
  private final float temperature;

  private MultiLabelClassifier(
      TextEncoder texts,
      Head head,
      List<String> labels,
      double threshold,
      LengthPolicy lengths,
      float temperature) {
    super(texts);
    this.head = head;
    this.labels = labels;
    this.threshold = threshold;
    this.lengths = lengths;
    this.temperature = temperature;
  }

  /**
   * A pipeline over a model in memory, with the threshold of its options, or 0.5.
   *
   * @throws WrongTaskException if the model is for another task or has no labels
   */
  public static MultiLabelClassifier of(Model model) {
    return of(model, Kernels.best());
  }

  /** A pipeline over a model on the given kernels. */
  public static MultiLabelClassifier of(Model model, Kernels kernels) {
    Pipelines.requireTask(model, Task.MULTI_LABEL_CLASSIFICATION);
    double threshold = Pipelines.number(model, HeadOptions.THRESHOLD, 0.5);
    TextEncoder texts = new TextEncoder(model, kernels);
    Head head = Pipelines.head(model, Task.MULTI_LABEL_CLASSIFICATION, texts);
    return new MultiLabelClassifier(
        texts,
        head,
        Pipelines.labels(model, head, 0),
        threshold,
        texts.lengths(LongText.ERROR),
        Confidence.temperature(model, HeadOptions.TEMPERATURE));
  }

  /** Loads a model file. */
  public static MultiLabelClassifier load(Path path) throws IOException {
    return ModelFile.load(path, MultiLabelClassifier::of);
  }

  /** Loads a model: a file, or else a pulled model by name. */
  public static MultiLabelClassifier load(String fileOrName) throws IOException {
    return load(ModelCache.standard().locate(fileOrName));
  }

  @Override
  public MultiLabelClassifier withExecution(ExecutionOptions options) {
    return new MultiLabelClassifier(
        texts.withExecution(options), head, labels, threshold, lengths, temperature);
  }

  /** This pipeline with another policy for long texts; at first it is {@link LongText#ERROR}. */
  public MultiLabelClassifier withLongText(LongText longText) {
    return new MultiLabelClassifier(
        texts, head, labels, threshold, lengths.withLongTextButNoWindows(longText), temperature);
  }

  /** This pipeline with inputs of at most so many tokens, for example as many as in training. */
  public MultiLabelClassifier withMaxLength(int tokens) {
    return new MultiLabelClassifier(
        texts, head, labels, threshold, lengths.withMaxLength(tokens), temperature);
  }

  /**
   * This pipeline with another threshold.
   *
   * @param probability a label applies if it has at least this probability, from 0 to 1
   */
  public MultiLabelClassifier withThreshold(double probability) {
    if (!(probability >= 0 && probability <= 1)) {
      throw new IllegalArgumentException(
          "threshold: expected a probability from 0 to 1, got " + probability);
    }
    return new MultiLabelClassifier(texts, head, labels, probability, lengths, temperature);
  }

  /** From which probability on a label applies. */
  public double threshold() {
    return threshold;
  }

  /** The labels in the order of the head's outputs. */
  public List<String> labels() {
    return labels;
  }

  /**
   * The labels of a text.
   *
   * @param labels those that apply, the most probable first; may be empty
   * @param scores all labels in the order of {@link MultiLabelClassifier#labels}
   * @param truncated whether the end of the text was ignored
   */
  public record Result(List<String> labels, List<Score> scores, boolean truncated) {
    /** Keeps unmodifiable copies. */
    public Result {
      labels = List.copyOf(labels);
      scores = List.copyOf(scores);
    }
  }

  /**
   * Labels a text.
   *
   * @throws IllegalArgumentException if the text has no tokens, or too many
   */
  public Result classify(String text) {
    return classify(List.of(text)).get(0);
  }

  /** Labels a pair, as {@link #classify(String)}. */
  public Result classify(String first, String second) {
    return classifyPairs(List.of(new TextPair(first, second))).get(0);
  }

  /** Labels several texts together; the results are those that each has alone. */
  public List<Result> classify(List<String> several) {
    return Attempt.results(tryClassify(several));
  }

  /** Labels several pairs together; the results are those that each has alone. */
  public List<Result> classifyPairs(List<TextPair> pairs) {
    return Attempt.results(tryClassifyPairs(pairs));
  }

  /** Labels several texts; one that cannot be read does not lose the others. */
  public List<Attempt<Result>> tryClassify(List<String> several) {
    return texts.attemptTexts("classify", several, lengths, head, this::result);
  }

  /** Labels several pairs; one that cannot be read does not lose the others. */
  public List<Attempt<Result>> tryClassifyPairs(List<TextPair> pairs) {
    return texts.attemptPairs("classify", pairs, lengths, head, this::result);
  }

  private Result result(Window window, float[] all) {
    float[] logits = Confidence.at(temperature, all);
    double[] probabilities = new double[logits.length];
    for (int i = 0; i < logits.length; i++) {
      probabilities[i] = Logits.sigmoid(logits[i]);
    }
    List<Score> scores = Score.of(labels, probabilities);
    List<String> applying =
        Score.best(scores, scores.size()).stream()
            .filter(score -> score.probability() >= threshold)
            .map(Score::label)
            .toList();
    return new Result(applying, scores, window.cut());
  }
}
