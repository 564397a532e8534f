package ernie4j.training.task;

import ernie4j.engine.head.Logits;
import ernie4j.engine.head.SequenceClassificationHead;
import ernie4j.engine.head.TaskNames;
import ernie4j.tokenizer.Tokenizer;
import ernie4j.tokenizer.Truncation;
import ernie4j.training.data.Labels;
import ernie4j.training.data.TextExample;
import ernie4j.training.metrics.ConfusionMatrix;
import ernie4j.training.task.Evaluated.Outcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Gives texts and pairs their class. */
public final class TextClassifier {
  static final String ACCURACY = "accuracy";

  private final Inference model;
  private final Labels labels;

  /**
   * A classifier.
   *
   * @throws IllegalArgumentException if the model is for another task
   */
  public TextClassifier(Inference model) {
    model.requireTask(TaskNames.SEQUENCE_CLASSIFICATION);
    this.model = model;
    this.labels = model.labels();
  }

  /**
   * The class of a text.
   *
   * @param confidence its probability
   */
  public record Prediction(String label, double confidence) {}

  /** The classes of texts, in their order. */
  public List<Prediction> predict(List<TextExample> examples) {
    float[][] logits = logits(examples);
    return Arrays.stream(logits)
        .map(
            row -> {
              int best = Logits.argmax(row, 0, row.length);
              return new Prediction(
                  labels.name(best), Logits.probability(row, 0, row.length, best));
            })
        .toList();
  }

  /**
   * Accuracy, macro F1 and Matthews correlation on labelled texts.
   *
   * @throws IllegalArgumentException if an example has no label or an unknown one
   */
  public Evaluated evaluate(List<TextExample> examples) {
    float[][] logits = logits(examples);
    ConfusionMatrix confusion = new ConfusionMatrix(labels.names());
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < logits.length; i++) {
      TextExample example = examples.get(i);
      int expected = label(labels, example);
      int best = Logits.argmax(logits[i], 0, labels.size());
      confusion.add(expected, best);
      outcomes.add(
          new Outcome(
              example.toDisplay(),
              labels.name(expected),
              labels.name(best),
              Logits.probability(logits[i], 0, labels.size(), expected)));
    }
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put(ACCURACY, confusion.accuracy());
    metrics.put("macro_f1", confusion.macroF1());
    metrics.put("matthews", confusion.matthews());
    return new Evaluated(metrics, Optional.of(confusion), outcomes);
  }

  private float[][] logits(List<TextExample> examples) {
    SequenceClassificationHead head =
        SequenceClassificationHead.of(model.encoder(), model.model().parameters());
    int width = labels.size();
    float[][] rows = new float[examples.size()][];
    model.run(
        inputs(examples, model.tokenizer(), model.maxLength()),
        (first, states) -> {
          float[] logits = head.logits(states);
          for (int s = 0; s < states.batch().sequences(); s++) {
            rows[first + s] = Arrays.copyOfRange(logits, s * width, (s + 1) * width);
          }
        });
    return rows;
  }

  static List<Input> inputs(List<TextExample> examples, Tokenizer tokenizer, int maxLength) {
    List<Input> inputs = new ArrayList<>();
    for (TextExample e : examples) {
      Truncation cut = Truncation.LONGEST_FIRST;
      inputs.add(
          Input.of(
              e.pair() == null
                  ? tokenizer.encode(e.text(), cut, maxLength)
                  : tokenizer.encode(e.text(), e.pair(), cut, maxLength)));
    }
    return inputs;
  }

  static int label(Labels labels, TextExample example) {
    if (example.label() == null) {
      throw new IllegalArgumentException(
          "expected a label for every text, got none for '%s'".formatted(example.toDisplay()));
    }
    return labels.index(example.label());
  }
}
