package ernie4j.pipeline;

import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.engine.head.Logits;
import ernie4j.engine.head.SequenceClassificationHead;
import ernie4j.engine.head.TaskNames;
import ernie4j.engine.kernels.Kernels;
import ernie4j.zoo.cache.ModelCache;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Says which class a text, or a pair of texts, belongs to. May be shared between threads.
 *
 * <pre>{@code
 * TextClassifier classifier = TextClassifier.load(Path.of("reviews.ernie"));
 * TextClassifier.Result result = classifier.classify("房间很干净，下次还来");
 * result.label();        // positive
 * result.probability();  // 0.98
 * }</pre>
 */
public final class TextClassifier {
  private final TextEncoder texts;
  private final SequenceClassificationHead head;
  private final List<String> labels;
  private final Reading reading;

  private TextClassifier(
      TextEncoder texts, SequenceClassificationHead head, List<String> labels, Reading reading) {
    this.texts = texts;
    this.head = head;
    this.labels = labels;
    this.reading = reading;
  }

  /**
   * A pipeline over a model in memory.
   *
   * @throws IllegalArgumentException if the model is for another task, has no labels, or its only
   *     output is a regression value
   */
  public static TextClassifier of(Model model) {
    return of(model, Kernels.best());
  }

  /** A pipeline over a model on the given kernels. */
  public static TextClassifier of(Model model, Kernels kernels) {
    Pipelines.requireTask(model, TaskNames.SEQUENCE_CLASSIFICATION);
    TextEncoder texts = new TextEncoder(model, kernels);
    SequenceClassificationHead head =
        SequenceClassificationHead.of(texts.encoder(), model.parameters());
    if (head.labels() < 2) {
      throw new IllegalArgumentException(
          "TextClassifier: expected a model with at least two classes, got one output, which is a regression value; read it with SequenceClassificationHead");
    }
    List<String> labels = Pipelines.labels(model, TaskNames.LABEL, head.labels());
    return new TextClassifier(texts, head, labels, texts.reading(LongText.ERROR));
  }

  /** Loads a model file. */
  public static TextClassifier load(Path path) throws IOException {
    return ModelFile.load(path, TextClassifier::of);
  }

  /** Loads a model of the local cache, see {@link ModelCache#standard}. */
  public static TextClassifier load(String name) throws IOException {
    return load(ModelCache.standard().require(name));
  }

  /** This pipeline with another policy for long texts; at first it is {@link LongText#ERROR}. */
  public TextClassifier withLongText(LongText longText) {
    return new TextClassifier(texts, head, labels, reading.withLongTextButNoWindows(longText));
  }

  /** This pipeline reading no more than so many tokens, for example as many as in training. */
  public TextClassifier withMaxLength(int tokens) {
    return new TextClassifier(texts, head, labels, reading.withMaxLength(tokens));
  }

  /** The classes. */
  public List<String> labels() {
    return labels;
  }

  /** A class and how probable it is. */
  public record Score(String label, double probability) {}

  /**
   * The class of a text.
   *
   * @param label the most likely class
   * @param probability its probability
   * @param scores all classes in the order of {@link #labels}; the probabilities sum to 1
   * @param truncated whether the end of the text was ignored
   */
  public record Result(String label, double probability, List<Score> scores, boolean truncated) {
    /** Keeps an unmodifiable copy of the scores. */
    public Result {
      scores = List.copyOf(scores);
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
    List<Window> windows = new ArrayList<>();
    for (String text : several) {
      windows.addAll(reading.windows("classify", texts.encode("classify", text), 1));
    }
    return results(windows, windows.stream().map(Window::isCut).toList());
  }

  /** Classifies several pairs together; the results are those that each has alone. */
  public List<Result> classifyPairs(List<TextPair> pairs) {
    List<Window> windows = new ArrayList<>();
    List<Boolean> cut = new ArrayList<>();
    for (TextPair pair : pairs) {
      TextEncoder.Pair read = texts.encode("classify", pair, reading);
      windows.add(Window.whole(read.encoding(), 1));
      cut.add(read.truncated());
    }
    return results(windows, cut);
  }

  private List<Result> results(List<Window> windows, List<Boolean> cut) {
    List<float[]> logits =
        texts.forward(
            windows, states -> TextEncoder.perSequence(states.batch(), head.logits(states)));
    List<Result> results = new ArrayList<>();
    for (int i = 0; i < windows.size(); i++) {
      results.add(result(logits.get(i), cut.get(i)));
    }
    return results;
  }

  private Result result(float[] logits, boolean truncated) {
    double[] probabilities = Logits.probabilities(logits, 0, logits.length);
    List<Score> scores = new ArrayList<>();
    for (int j = 0; j < logits.length; j++) {
      scores.add(new Score(labels.get(j), probabilities[j]));
    }
    Score best = scores.get(Logits.argmax(logits, 0, logits.length));
    return new Result(best.label(), best.probability(), scores, truncated);
  }
}
