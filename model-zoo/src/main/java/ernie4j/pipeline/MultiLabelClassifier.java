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
 * Says which labels apply to a text, or a pair of texts; any number of them may. Every label has a
 * probability of its own (sigmoid) and applies if it reaches a threshold. A classifier may be
 * shared between threads.
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
   * Returns a pipeline over a model in memory that computes with the fastest kernels of this
   * machine. The threshold is that of its options, or 0.5.
   *
   * @param model the multi-label classification model, with its vocabulary; not changed
   * @return the pipeline
   * @throws WrongTaskException if the model is for another task or has no labels
   * @throws IllegalArgumentException if the model has no vocabulary
   */
  public static MultiLabelClassifier of(Model model) {
    return of(model, Kernels.best());
  }

  /**
   * Returns a pipeline over a model in memory that computes with the given kernels. The threshold
   * is that of its options, or 0.5.
   *
   * @param model the multi-label classification model, with its vocabulary; not changed
   * @param kernels the kernels to compute with
   * @return the pipeline
   * @throws WrongTaskException if the model is for another task or has no labels
   * @throws IllegalArgumentException if the model has no vocabulary
   */
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

  /**
   * Loads a model file.
   *
   * @param path the {@code .ernie} file
   * @return a pipeline over the model
   * @throws IOException if the file cannot be read, or is damaged or no model file
   * @throws IllegalArgumentException if the model has no vocabulary
   */
  public static MultiLabelClassifier load(Path path) throws IOException {
    return ModelFile.load(path, MultiLabelClassifier::of);
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
  public static MultiLabelClassifier load(String fileOrName) throws IOException {
    return load(ModelCache.standard().locate(fileOrName));
  }

  @Override
  public MultiLabelClassifier withExecution(ExecutionOptions options) {
    return new MultiLabelClassifier(
        texts.withExecution(options), head, labels, threshold, lengths, temperature);
  }

  /**
   * Returns this pipeline with another policy for long texts.
   *
   * @param longText {@link LongText#ERROR}, which is the default, or {@link LongText#TRUNCATE}
   * @return the new pipeline
   * @throws IllegalArgumentException if it is {@link LongText#WINDOW}
   */
  public MultiLabelClassifier withLongText(LongText longText) {
    return new MultiLabelClassifier(
        texts, head, labels, threshold, lengths.withLongTextButNoWindows(longText), temperature);
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
  public MultiLabelClassifier withMaxLength(int tokens) {
    return new MultiLabelClassifier(
        texts, head, labels, threshold, lengths.withMaxLength(tokens), temperature);
  }

  /**
   * Returns this pipeline with another threshold.
   *
   * @param probability the least probability of a label that applies, from 0 to 1
   * @return the new pipeline
   * @throws IllegalArgumentException if it is out of this range
   */
  public MultiLabelClassifier withThreshold(double probability) {
    if (!(probability >= 0 && probability <= 1)) {
      throw new IllegalArgumentException(
          "threshold: expected a probability from 0 to 1, got " + probability);
    }
    return new MultiLabelClassifier(texts, head, labels, probability, lengths, temperature);
  }

  /** {@return the lowest probability at which a label applies, from 0 to 1} */
  public double threshold() {
    return threshold;
  }

  /** {@return all labels in the order of the outputs of the head, unmodifiable} */
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
   * @param text the text
   * @return the labels that apply and the probabilities of all
   * @throws IllegalArgumentException if the text has no tokens, or too many
   */
  public Result classify(String text) {
    return classify(List.of(text)).get(0);
  }

  /**
   * Labels a pair of texts.
   *
   * @param first the first text
   * @param second the second text
   * @return the labels that apply and the probabilities of all
   * @throws IllegalArgumentException if a text has no tokens, or the pair has too many
   */
  public Result classify(String first, String second) {
    return classifyPairs(List.of(new TextPair(first, second))).get(0);
  }

  /**
   * Labels several texts together. Each result is the one that its text has alone.
   *
   * @param several the texts, any number of them
   * @return the results, in the order of the texts; unmodifiable
   * @throws IllegalArgumentException if a text has no tokens, or too many
   */
  public List<Result> classify(List<String> several) {
    return Attempt.results(tryClassify(several));
  }

  /**
   * Labels several pairs together. Each result is the one that its pair has alone.
   *
   * @param pairs the pairs, any number of them
   * @return the results, in the order of the pairs; unmodifiable
   * @throws IllegalArgumentException if a pair has no tokens, or too many
   */
  public List<Result> classifyPairs(List<TextPair> pairs) {
    return Attempt.results(tryClassifyPairs(pairs));
  }

  /**
   * Labels several texts, where one that cannot be read does not affect the others.
   *
   * @param several the texts, any number of them
   * @return for each text, in the same order, its result or why there is none
   */
  public List<Attempt<Result>> tryClassify(List<String> several) {
    return texts.attemptTexts("classify", several, lengths, head, this::result);
  }

  /**
   * Labels several pairs, where one that cannot be read does not affect the others.
   *
   * @param pairs the pairs, any number of them
   * @return for each pair, in the same order, its result or why there is none
   */
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
        List.copyOf(
            Score.best(scores, scores.size()).stream()
                .filter(score -> score.probability() >= threshold)
                .map(Score::label)
                .collect(Collectors.toList()));
    return new Result(applying, scores, window.cut());
  }
}
