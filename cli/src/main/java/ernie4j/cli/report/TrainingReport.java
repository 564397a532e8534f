package ernie4j.cli.report;

import ernie4j.engine.file.AtomicFile;
import ernie4j.training.TrainingHistory;
import ernie4j.training.TrainingListener.Evaluation;
import ernie4j.training.evaluation.Evaluated;
import ernie4j.training.evaluation.Evaluated.Outcome;
import ernie4j.training.metrics.ConfusionMatrix;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.knowm.xchart.XYChart;

/** The results of a training in one HTML page, which needs no other file and no network. */
public final class TrainingReport {
  /** Its name in the folder of a training. Writing it is the last step of the training. */
  public static final String FILE = "report.html";

  private static final String NUMBER = "<th class=\"number\">%s</th>";
  private static final int WORST = 30;
  private static final int LONGEST_TEXT = 300;

  private static final String STYLE =
      """
      body { font-family: system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; line-height: 1.45; max-width: 62em; margin: 2em auto; padding: 0 1em; color: #333; background: #fff; }
      h1, h2 { color: #111; font-weight: 600; }
      h2 { margin-top: 2em; }
      img { max-width: 100%; }
      table { border-collapse: collapse; margin: 0.5em 0 1.5em; }
      td, th { border-bottom: 1px solid #e4e4e4; padding: 0.3em 0.8em; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
      th { font-weight: 600; overflow-wrap: normal; }
      td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
      tr.best { font-weight: bold; background: #eef5fa; }
      """;

  private TrainingReport() {}

  /**
   * The contents of a page besides the curves.
   *
   * @param facts options, sizes of the data and similar facts
   * @param labels how often each label occurs in the training examples
   * @param best the results of the best model on the dev examples
   */
  public record Content(
      String title, Map<String, String> facts, Map<String, Long> labels, Optional<Evaluated> best) {
    public static Content of(String title, Map<String, String> facts) {
      return new Content(title, facts, Map.of(), Optional.empty());
    }
  }

  public static void write(Path path, TrainingHistory history, Content content) throws IOException {
    StringBuilder page = new StringBuilder();
    page.append("<!DOCTYPE html>\n<html>\n<head>\n<meta charset=\"utf-8\">\n<title>")
        .append(escaped(content.title))
        .append("</title>\n<style>\n")
        .append(STYLE)
        .append(ConfusionTable.STYLE)
        .append("</style>\n</head>\n<body>\n<h1>")
        .append(escaped(content.title))
        .append("</h1>\n");
    content.best.ifPresent(best -> appendResult(page, best));
    page.append("<h2>Curves</h2>\n");
    appendCurves(page, history);
    appendEvaluations(page, history);
    if (content.best.isPresent()) {
      Evaluated best = content.best.get();
      if (best.confusion().isPresent()) {
        appendConfusion(page, best.confusion().get());
      }
      appendParts(page, best);
      appendLabels(page, best);
      appendWorst(page, best);
    }
    if (!content.labels.isEmpty()) {
      page.append("<h2>Labels of the training examples</h2>\n");
      Map<String, String> counts = new LinkedHashMap<>();
      long all = content.labels.values().stream().mapToLong(Long::longValue).sum();
      content.labels.forEach(
          (name, count) ->
              counts.put(
                  name, String.format(Locale.ROOT, "%,d (%.1f %%)", count, 100.0 * count / all)));
      appendTable(page, counts);
    }
    page.append("<h2>How it was trained</h2>\n");
    Map<String, String> facts = new LinkedHashMap<>();
    content.facts.forEach((name, value) -> facts.put(MetricName.words(name), value));
    appendTable(page, facts);
    AtomicFile.writeText(path, page.append("</body>\n</html>\n"));
  }

  /** The metrics of the best model, with the number of examples. */
  private static void appendResult(StringBuilder page, Evaluated best) {
    page.append("<h2>The best model");
    if (!best.outcomes().isEmpty()) {
      page.append(String.format(Locale.ROOT, " on %,d held-out examples", best.outcomes().size()));
    }
    page.append("</h2>\n");
    Map<String, String> rows = new LinkedHashMap<>();
    best.metrics()
        .forEach(
            (name, value) -> {
              MetricName metric = MetricName.of(name);
              String unit = metric.axis().equals(MetricName.PERCENT) ? " %" : "";
              rows.put(metric.title(), String.format(Locale.ROOT, "%.2f%s", value, unit));
            });
    appendTable(page, rows);
  }

  private static void appendTable(StringBuilder page, Map<String, String> rows) {
    page.append("<table>\n");
    rows.forEach(
        (name, value) ->
            page.append("<tr><th>")
                .append(escaped(name))
                .append("</th><td>")
                .append(escaped(value))
                .append("</td></tr>\n"));
    page.append("</table>\n");
  }

  private static void appendCurves(StringBuilder page, TrainingHistory history) throws IOException {
    if (!Pictures.arePossible()) {
      page.append("<p>The picture ").append(escaped(Pictures.NO_FONT)).append(".</p>\n");
      return;
    }
    for (XYChart chart : TrainingPicture.charts(history.evaluations())) {
      page.append(
          "<p><img alt=\"%s\" width=\"%d\" src=\"data:image/png;base64,%s\"></p>\n"
              .formatted(
                  escaped(chart.getTitle()),
                  chart.getWidth(),
                  Base64.getEncoder().encodeToString(Pictures.png(chart))));
    }
  }

  private static void appendEvaluations(StringBuilder page, TrainingHistory history) {
    page.append("<h2>Evaluations</h2>\n<table>\n<tr>")
        .append(NUMBER.formatted("Step"))
        .append(NUMBER.formatted("Epoch"))
        .append(NUMBER.formatted("Loss"));
    List<Evaluation> evaluations = history.evaluations();
    evaluations
        .get(0)
        .metrics()
        .keySet()
        .forEach(name -> page.append(NUMBER.formatted(escaped(MetricName.of(name).title()))));
    page.append("</tr>\n");
    long best = history.best().map(Evaluation::step).orElse(-1L);
    for (Evaluation e : evaluations) {
      page.append(e.step() == best ? "<tr class=\"best\">" : "<tr>");
      appendNumber(page, Long.toString(e.step()));
      appendNumber(page, String.format(Locale.ROOT, "%.2f", e.epoch()));
      appendNumber(page, String.format(Locale.ROOT, "%.4f", e.loss()));
      e.metrics().values().forEach(v -> appendNumber(page, String.format(Locale.ROOT, "%.2f", v)));
      page.append("</tr>\n");
    }
    page.append("</table>\n");
  }

  private static void appendNumber(StringBuilder page, String number) {
    page.append("<td class=\"number\">").append(number).append("</td>");
  }

  private static void appendConfusion(StringBuilder page, ConfusionMatrix confusion) {
    page.append("<h2>Which labels the best model confuses</h2>\n");
    if (confusion.labels().size() <= ConfusionTable.MOST_LABELS) {
      ConfusionTable.append(page, confusion);
    }
    page.append("<table>\n<tr><th>Label</th>");
    for (String column : List.of("Expected", "Answered", "Right")) {
      page.append(NUMBER.formatted(column));
    }
    page.append("</tr>\n");
    for (int i = 0; i < confusion.labels().size(); i++) {
      page.append("<tr>");
      page.append("<td>").append(escaped(confusion.labels().get(i))).append("</td>");
      appendNumber(page, Long.toString(confusion.expected(i)));
      appendNumber(page, Long.toString(confusion.predicted(i)));
      appendNumber(page, Long.toString(confusion.count(i, i)));
      page.append("</tr>\n");
    }
    page.append("</table>\n");
  }

  private static void appendParts(StringBuilder page, Evaluated best) {
    if (best.parts().isEmpty()) {
      return;
    }
    page.append("<h2>The best model on parts of the examples</h2>\n<table>\n<tr><th>Part</th>")
        .append(NUMBER.formatted("Examples"));
    best.metrics()
        .keySet()
        .forEach(name -> page.append(NUMBER.formatted(escaped(MetricName.of(name).title()))));
    page.append("</tr>\n");
    best.parts()
        .forEach(
            (name, part) -> {
              page.append("<tr><td>").append(escaped(name)).append("</td>");
              appendNumber(page, Integer.toString(part.examples()));
              for (String metric : best.metrics().keySet()) {
                Double value = part.metrics().get(metric);
                appendNumber(page, value == null ? "" : String.format(Locale.ROOT, "%.2f", value));
              }
              page.append("</tr>\n");
            });
    page.append("</table>\n");
  }

  private static void appendLabels(StringBuilder page, Evaluated best) {
    if (best.labels().isEmpty()) {
      return;
    }
    page.append(
        "<h2>The best model on each label</h2>\n<table>\n<tr><th>label</th><th>F1</th><th>precision</th><th>recall</th><th>expected</th><th>predicted</th></tr>\n");
    best.labels()
        .forEach(
            (label, measures) -> {
              page.append("<tr><td>").append(escaped(label)).append("</td>");
              for (double percent :
                  new double[] {measures.f1(), measures.precision(), measures.recall()}) {
                appendNumber(page, String.format(Locale.ROOT, "%.2f", percent));
              }
              appendNumber(page, Long.toString(measures.expected()));
              appendNumber(page, Long.toString(measures.predicted()));
              page.append("</tr>\n");
            });
    page.append("</table>\n");
  }

  private static void appendWorst(StringBuilder page, Evaluated best) {
    List<Outcome> worst = best.worst(WORST);
    if (worst.isEmpty()) {
      return;
    }
    page.append(
        "<h2>The worst answers of the best model</h2>\n<table>\n<tr><th>Score</th><th>Expected</th><th>Answered</th><th>Input</th></tr>\n");
    for (Outcome outcome : worst) {
      page.append("<tr>");
      appendNumber(page, String.format(Locale.ROOT, "%.4f", outcome.score()));
      for (String text : List.of(outcome.expected(), outcome.predicted(), outcome.input())) {
        page.append("<td>").append(escaped(shortened(text))).append("</td>");
      }
      page.append("</tr>\n");
    }
    page.append("</table>\n");
  }

  private static String shortened(String text) {
    int end = Math.min(text.length(), LONGEST_TEXT);
    boolean inPair = end > 0 && end < text.length() && Character.isLowSurrogate(text.charAt(end));
    return end == text.length() ? text : text.substring(0, inPair ? end - 1 : end) + "…";
  }

  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
