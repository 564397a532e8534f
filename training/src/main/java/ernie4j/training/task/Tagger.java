package ernie4j.training.task;

import ernie4j.engine.RaggedBatch;
import ernie4j.engine.head.LabelSpans;
import ernie4j.engine.head.Logits;
import ernie4j.engine.head.TaskNames;
import ernie4j.engine.head.TokenClassificationHead;
import ernie4j.tokenizer.Encoding;
import ernie4j.tokenizer.Tokenizer;
import ernie4j.tokenizer.Truncation;
import ernie4j.training.data.Labels;
import ernie4j.training.data.TaggedExample;
import ernie4j.training.data.TaggedExample.Span;
import ernie4j.training.data.TokenTags;
import ernie4j.training.metrics.ConfusionMatrix;
import ernie4j.training.metrics.SpanScores;
import ernie4j.training.task.Evaluated.Outcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Finds typed spans in texts. */
public final class Tagger {
  static final String F1 = "f1";

  private final Inference model;
  private final Labels labels;

  /**
   * A tagger.
   *
   * @throws IllegalArgumentException if the model is for another task
   */
  public Tagger(Inference model) {
    model.requireTask(TaskNames.TOKEN_CLASSIFICATION);
    this.model = model;
    this.labels = model.labels();
  }

  /** The spans in every text, in their order; what was expected is not looked at. */
  public List<List<Span>> predict(List<TaggedExample> examples) {
    List<Encoding> encodings = encode(examples);
    int[][] tags = tags(encodings);
    List<List<Span>> spans = new ArrayList<>();
    for (int i = 0; i < tags.length; i++) {
      spans.add(spans(encodings.get(i), tags[i]));
    }
    return spans;
  }

  /**
   * Precision, recall and F1 of spans, strict, and the accuracy of tags. Spans in the part of a
   * text that was cut off count as not found.
   */
  public Evaluated evaluate(List<TaggedExample> examples) {
    List<Encoding> encodings = encode(examples);
    int[][] tags = tags(encodings);
    SpanScores scores = new SpanScores();
    ConfusionMatrix confusion = new ConfusionMatrix(labels.names());
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < tags.length; i++) {
      TaggedExample example = examples.get(i);
      List<Span> found = spans(encodings.get(i), tags[i]);
      scores.add(example.spans(), found);
      int[] expected = tags(example, encodings.get(i), labels);
      for (int t = 1; t < expected.length - 1; t++) {
        confusion.add(expected[t], tags[i][t]);
      }
      SpanScores own = new SpanScores();
      own.add(example.spans(), found);
      outcomes.add(
          new Outcome(
              example.text(),
              shown(example.text(), example.spans()),
              shown(example.text(), found),
              own.f1() / 100));
    }
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put(F1, scores.f1());
    metrics.put("precision", scores.precision());
    metrics.put("recall", scores.recall());
    metrics.put("tag_accuracy", confusion.accuracy());
    return new Evaluated(metrics, Optional.of(confusion), outcomes);
  }

  private static String shown(String text, List<Span> spans) {
    return spans.stream()
        .map(s -> s.type() + " " + text.substring(s.start(), s.end()))
        .collect(Collectors.joining(", "));
  }

  private List<Encoding> encode(List<TaggedExample> examples) {
    return examples.stream().map(e -> encode(e, model.tokenizer(), model.maxLength())).toList();
  }

  /** The best tag of every token of every text. */
  private int[][] tags(List<Encoding> encodings) {
    TokenClassificationHead head =
        TokenClassificationHead.of(model.encoder(), model.model().parameters());
    int width = labels.size();
    int[][] tags = new int[encodings.size()][];
    model.run(
        encodings.stream().map(Input::of).toList(),
        (first, states) -> {
          float[] logits = head.logits(states);
          RaggedBatch batch = states.batch();
          for (int s = 0; s < batch.sequences(); s++) {
            int[] best = new int[batch.length(s)];
            for (int t = 0; t < best.length; t++) {
              best[t] = Logits.argmax(logits, (batch.start(s) + t) * width, width);
            }
            tags[first + s] = best;
          }
        });
    return tags;
  }

  private List<Span> spans(Encoding encoding, int[] tags) {
    List<String> names = Arrays.stream(tags, 1, tags.length - 1).mapToObj(labels::name).toList();
    return LabelSpans.of(names).stream()
        .map(s -> new Span(s.type(), encoding.start(s.first() + 1), encoding.end(s.last() + 1)))
        .toList();
  }

  static Encoding encode(TaggedExample example, Tokenizer tokenizer, int maxLength) {
    return tokenizer.encode(example.text(), Truncation.LONGEST_FIRST, maxLength);
  }

  /** The tag of every token, O at [CLS] and [SEP]. */
  static int[] tags(TaggedExample example, Encoding encoding, Labels labels) {
    int[] tags = new int[encoding.length()];
    Arrays.fill(tags, labels.index(Labels.OUTSIDE));
    for (Span span : example.spans()) {
      TokenTags.tag(encoding, span.start(), span.end(), span.type(), labels::index, tags);
    }
    return tags;
  }
}
