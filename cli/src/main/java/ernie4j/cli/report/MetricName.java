package ernie4j.cli.report;

import java.util.Comparator;
import java.util.Map;
import java.util.Optional;

/**
 * The name of a metric for people.
 *
 * @param title what it measures and, if there are several, of which task or student
 * @param axis its unit; metrics with the same unit share a chart
 */
record MetricName(String title, String axis) {
  static final String PERCENT = "percent";

  private static final Map<String, MetricName> KNOWN =
      Map.ofEntries(
          percent("accuracy", "Accuracy"),
          percent("joint_accuracy", "Joint accuracy"),
          percent("intent_accuracy", "Intent accuracy"),
          percent("slot_f1", "Slot F1"),
          percent("f1", "F1"),
          percent("precision", "Precision"),
          percent("recall", "Recall"),
          percent("character_accuracy", "Character accuracy"),
          percent("macro_f1", "Macro F1"),
          percent("micro_f1", "Micro F1"),
          percent("micro_precision", "Micro precision"),
          percent("micro_recall", "Micro recall"),
          percent("matthews", "Matthews correlation"),
          percent("spearman", "Spearman correlation"),
          percent("pearson", "Pearson correlation"),
          percent("exact_match", "Exact match"),
          percent("answerable_exact_match", "Exact match, answerable"),
          percent("answerable_f1", "F1, answerable"),
          percent("no_answer_accuracy", "Accuracy, no answer"),
          percent("average", "Average of the tasks"),
          other("mean_squared_error", "Mean squared error", "squared error"),
          other("perplexity", "Perplexity", "perplexity"),
          other("score", "Score", "minus the loss"),
          other("relation_loss", "Relation loss", "loss"),
          other("hidden_error", "Hidden error", "share not explained"));

  /**
   * The metric with this name in {@code metrics.csv}. In trainings of several tasks or students,
   * names begin with that of the task or student. Unknown names are shown as words.
   */
  static MetricName of(String name) {
    Optional<Map.Entry<String, MetricName>> known =
        KNOWN.entrySet().stream()
            .filter(m -> name.equals(m.getKey()) || name.endsWith("_" + m.getKey()))
            .max(Comparator.comparingInt(m -> m.getKey().length()));
    if (known.isEmpty()) {
      return new MetricName(words(name), PERCENT);
    }
    MetricName metric = known.get().getValue();
    int owner = name.length() - known.get().getKey().length() - 1;
    return owner < 0
        ? metric
        : new MetricName(name.substring(0, owner) + ": " + metric.title, metric.axis);
  }

  /** A name such as {@code training_start} or {@code joint-slots} as words. */
  static String words(String name) {
    String words = name.replace('_', ' ').replace('-', ' ');
    return words.isEmpty() ? words : Character.toUpperCase(words.charAt(0)) + words.substring(1);
  }

  private static Map.Entry<String, MetricName> percent(String name, String title) {
    return other(name, title, PERCENT);
  }

  private static Map.Entry<String, MetricName> other(String name, String title, String axis) {
    return Map.entry(name, new MetricName(title, axis));
  }
}
