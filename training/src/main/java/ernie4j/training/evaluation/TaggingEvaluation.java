package ernie4j.training.evaluation;

import ernie4j.engine.Parallel;
import ernie4j.engine.file.Model;
import ernie4j.engine.kernels.Kernels;
import ernie4j.pipeline.Attempt;
import ernie4j.pipeline.LongText;
import ernie4j.pipeline.Span;
import ernie4j.pipeline.TokenTagger;
import ernie4j.training.data.LabelledSpan;
import ernie4j.training.data.Labels;
import ernie4j.training.data.TaggedExample;
import ernie4j.training.evaluation.Evaluated.Outcome;
import ernie4j.training.metrics.ConfusionMatrix;
import ernie4j.training.metrics.SpanScores;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Evaluates spans in texts by strict precision, recall and F1, and by the share of characters in
 * spans of the right type.
 */
public final class TaggingEvaluation {
  /** The metric that decides which model is kept: the strict F1 of spans in percent. */
  public static final String F1 = "f1";

  private TaggingEvaluation() {}

  /**
   * Creates the pipeline to evaluate, which reads long texts in windows.
   *
   * @param model a token classifier
   * @param kernels the arithmetic to compute with
   * @param parallel the threads to compute on; stays open
   * @return a pipeline for {@link #answers} and {@link #of}
   */
  public static TokenTagger pipeline(Model model, Kernels kernels, Parallel parallel) {
    return TokenTagger.of(model, kernels)
        .withExecution(Attempts.execution(parallel))
        .withLongText(LongText.WINDOW);
  }

  /**
   * Warns if no example has a span.
   *
   * @param examples the examples to evaluate on
   * @return sentences for people; empty if the metrics mean something
   */
  public static List<String> cautions(List<TaggedExample> examples) {
    return Cautions.ifAll(
        examples,
        example -> example.spans().isEmpty(),
        "none of the %,d examples to evaluate on has a span; every metric is 0");
  }

  /**
   * Runs a pipeline on examples without looking at their spans.
   *
   * @param tagger the pipeline to run
   * @param examples texts, with or without spans
   * @return one result or error per example, in their order
   */
  public static List<Attempt<TokenTagger.Result>> answers(
      TokenTagger tagger, List<TaggedExample> examples) {
    return tagger.tryTag(examples.stream().map(TaggedExample::text).toList());
  }

  /**
   * Evaluates a pipeline.
   *
   * @param tagger the pipeline to evaluate
   * @param examples texts with their spans
   * @return precision, recall, F1 and character accuracy in percent, with a confusion matrix of the
   *     types of characters and one outcome per example
   * @throws IllegalArgumentException if an example has a type that the model does not know
   */
  public static Evaluated of(TokenTagger tagger, List<TaggedExample> examples) {
    Labels types = types(tagger);
    examples.forEach(example -> example.spans().forEach(span -> types.index(span.type())));
    List<Attempt<TokenTagger.Result>> answers = answers(tagger, examples);
    SpanScores scores = new SpanScores();
    ConfusionMatrix confusion = new ConfusionMatrix(types.names());
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < answers.size(); i++) {
      TaggedExample example = examples.get(i);
      List<LabelledSpan> found =
          answers.get(i).isSuccess() ? labelled(answers.get(i).result().entities()) : List.of();
      scores.add(example.spans(), found);
      count(confusion, types, example, found);
      outcomes.add(
          new Outcome(
              example.text(),
              shown(example.text(), example.spans()),
              answers.get(i).error().orElse(shown(example.text(), found)),
              SpanScores.ofText(example.spans(), found)));
    }
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put(F1, scores.f1());
    metrics.put("precision", scores.precision());
    metrics.put("recall", scores.recall());
    metrics.put("character_accuracy", scores.expected() == 0 ? 0 : confusion.accuracy());
    return new Evaluated(metrics, Optional.of(confusion), outcomes);
  }

  /** The types of spans, after the label of what is outside of all spans. */
  private static Labels types(TokenTagger tagger) {
    List<String> names = new ArrayList<>(List.of(Labels.OUTSIDE));
    names.addAll(tagger.types());
    return new Labels(names);
  }

  static List<LabelledSpan> labelled(List<Span> spans) {
    return spans.stream().map(s -> new LabelledSpan(s.type(), s.start(), s.end())).toList();
  }

  /** Counts every non-blank char of a text by the types of its spans. */
  private static void count(
      ConfusionMatrix confusion, Labels types, TaggedExample example, List<LabelledSpan> found) {
    int[] expected = ofChars(types, example.text(), example.spans());
    int[] predicted = ofChars(types, example.text(), found);
    for (int i = 0; i < expected.length; i++) {
      if (!Character.isWhitespace(example.text().charAt(i))) {
        confusion.add(expected[i], predicted[i]);
      }
    }
  }

  private static int[] ofChars(Labels types, String text, List<LabelledSpan> spans) {
    int[] all = new int[text.length()];
    for (LabelledSpan span : spans) {
      int type = types.index(span.type());
      for (int i = span.start(); i < span.end(); i++) {
        all[i] = type;
      }
    }
    return all;
  }

  static String shown(String text, List<LabelledSpan> spans) {
    return spans.stream()
        .map(s -> s.type() + " " + text.substring(s.start(), s.end()))
        .collect(Collectors.joining(", "));
  }
}
