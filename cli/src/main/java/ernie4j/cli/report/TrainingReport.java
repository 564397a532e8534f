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
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.internal.chartpart.Chart;

/** What came out of a training, on one HTML page that needs no other file and no network. */
public final class TrainingReport {
  /** Its name in the folder of a training, which ends with writing it. */
  public static final String FILE = "report.html";

  private static final int WORST = 30;
  private static final int LONGEST_TEXT = 300;

  private static final String STYLE =
      """
      body { font-family: sans-serif; max-width: 62em; margin: 2em auto; padding: 0 1em; color: #222; }
      img { max-width: 100%; }
      table { border-collapse: collapse; margin: 0.5em 0 1.5em; }
      td, th { border: 1px solid #ccc; padding: 0.25em 0.6em; text-align: left; vertical-align: top; }
      td.number { text-align: right; font-variant-numeric: tabular-nums; }
      tr.best { font-weight: bold; }
      """;

  private TrainingReport() {}

  /**
   * What a page says besides the curves.
   *
   * @param facts options, sizes of the data and the like
   * @param labels how often each label occurs in the training examples
   * @param best how the best model does on the dev examples
   */
  public record Content(
      String title, Map<String, String> facts, Map<String, Long> labels, Optional<Evaluated> best) {
    public static Content of(String title, Map<String, String> facts) {
      return new Content(title, facts, Map.of(), Optional.empty());
    }
  }

  public static void write(Path path, TrainingHistory history, String metricAxis, Content content)
      throws IOException {
    StringBuilder page = new StringBuilder();
    page.append("<!DOCTYPE html>\n<html>\n<head>\n<meta charset=\"utf-8\">\n<title>")
        .append(escaped(content.title))
        .append("</title>\n<style>\n")
        .append(STYLE)
        .append("</style>\n</head>\n<body>\n<h1>")
        .append(escaped(content.title))
        .append("</h1>\n");
    appendTable(page, content.facts);
    page.append("<h2>Curves</h2>\n");
    appendPicture(page, TrainingPicture.loss(history), "loss");
    appendPicture(page, TrainingPicture.metrics(history, metricAxis), "metrics");
    appendEvaluations(page, history);
    if (!content.labels.isEmpty()) {
      page.append("<h2>Labels of the training examples</h2>\n");
      Map<String, String> counts = new LinkedHashMap<>();
      long all = content.labels.values().stream().mapToLong(Long::longValue).sum();
      content.labels.forEach(
          (name, count) -> counts.put(name, "%,d (%.1f %%)".formatted(count, 100.0 * count / all)));
      appendTable(page, counts);
    }
    if (content.best.isPresent()) {
      Evaluated best = content.best.get();
      if (best.confusion().isPresent()) {
        appendConfusion(page, best.confusion().get());
      }
      appendLabels(page, best);
      appendWorst(page, best);
    }
    AtomicFile.writeText(path, page.append("</body>\n</html>\n"));
  }

  private static void appendTable(StringBuilder page, Map<String, String> rows) {
    page.append("<table>\n");
    rows.forEach(
        (name, value) ->
            page.append("<tr><th>")
                .append(escaped(name.replace('_', ' ')))
                .append("</th><td>")
                .append(escaped(value))
                .append("</td></tr>\n"));
    page.append("</table>\n");
  }

  private static void appendPicture(StringBuilder page, Chart<?, ?> chart, String what)
      throws IOException {
    byte[] png = BitmapEncoder.getBitmapBytes(chart, BitmapFormat.PNG);
    page.append("<p><img alt=\"")
        .append(what)
        .append("\" src=\"data:image/png;base64,")
        .append(Base64.getEncoder().encodeToString(png))
        .append("\"></p>\n");
  }

  private static void appendEvaluations(StringBuilder page, TrainingHistory history) {
    page.append("<h2>Evaluations</h2>\n<table>\n<tr><th>step</th><th>epoch</th><th>loss</th>");
    List<Evaluation> evaluations = history.evaluations();
    evaluations
        .get(0)
        .metrics()
        .keySet()
        .forEach(name -> page.append("<th>").append(escaped(name)).append("</th>"));
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

  private static void appendConfusion(StringBuilder page, ConfusionMatrix confusion)
      throws IOException {
    page.append("<h2>Confusion of labels by the best model</h2>\n");
    if (confusion.labels().size() <= ConfusionPicture.MOST_LABELS) {
      appendPicture(page, ConfusionPicture.of(confusion), "confusion matrix");
    }
    page.append(
        "<table>\n<tr><th>number</th><th>label</th><th>expected</th><th>predicted</th><th>right</th></tr>\n");
    for (int i = 0; i < confusion.labels().size(); i++) {
      page.append("<tr>");
      appendNumber(page, Integer.toString(i));
      page.append("<td>").append(escaped(confusion.labels().get(i))).append("</td>");
      appendNumber(page, Long.toString(confusion.expected(i)));
      appendNumber(page, Long.toString(confusion.predicted(i)));
      appendNumber(page, Long.toString(confusion.count(i, i)));
      page.append("</tr>\n");
    }
    page.append("</table>\n");
  }

  private static void appendLabels(StringBuilder page, Evaluated best) {
    if (best.labels().isEmpty()) {
      return;
    }
    page.append(
        "<h2>Single labels by the best model</h2>\n<table>\n<tr><th>label</th><th>F1</th><th>precision</th><th>recall</th><th>expected</th><th>predicted</th></tr>\n");
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
        "<h2>The worst answers of the best model</h2>\n<table>\n<tr><th>score</th><th>expected</th><th>predicted</th><th>input</th></tr>\n");
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

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
