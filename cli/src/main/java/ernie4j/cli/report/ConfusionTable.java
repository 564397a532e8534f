package ernie4j.cli.report;

import ernie4j.training.metrics.ConfusionMatrix;
import java.util.List;
import java.util.Locale;

/**
 * A confusion matrix as a colored HTML table. The browser draws the labels, so no font is needed
 * for them here.
 */
final class ConfusionTable {
  /** The most labels of a matrix on a page; more would be too wide to read. */
  static final int MOST_LABELS = 120;

  /** Matrices with more labels have smaller letters and the full width of the window. */
  private static final int MANY_LABELS = 20;

  static final String STYLE =
      """
      .wide { overflow-x: auto; }
      .wide.many { width: 96vw; margin-left: calc(50% - 48vw); }
      .many .confusion { font-size: 80%; margin: 0 auto; }
      .many .confusion td, .many .confusion th { padding: 0.1em; }
      .many .confusion td { min-width: 1.5em; }
      .confusion td, .confusion th { border: 1px solid #fff; padding: 0.2em; background: #f7f7f7; }
      .confusion td { min-width: 1.9em; text-align: center; font-size: 85%; font-variant-numeric: tabular-nums; }
      .confusion th { font-weight: normal; max-width: 20em; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
      .confusion th.column { vertical-align: bottom; text-align: center; overflow: visible; }
      .confusion th.column span { display: inline-block; writing-mode: vertical-rl; padding-bottom: 1.2em; }
      .confusion th.axis { background: #fff; color: #666; text-align: center; }
      .confusion th.axis span { writing-mode: vertical-rl; }
      """;

  /** How many chars of a label are shown above a column; hovering shows all of it. */
  private static final int LONGEST_HEAD = 24;

  /** The colors of right and wrong predictions, as red, green and blue. */
  private static final String RIGHT = "0,114,178";

  private static final String WRONG = "213,94,0";

  /** Letters on stronger colors are white. */
  private static final double DARK = 0.55;

  private ConfusionTable() {}

  static void append(StringBuilder page, ConfusionMatrix confusion) {
    List<String> labels = confusion.labels();
    int n = labels.size();
    page.append(
        """
        <p>Rows: expected labels. Columns: answers of the model. The color shows the share of the row: blue is right, orange is wrong.</p>
        <div class="wide%s"><table class="confusion">
        <tr><th class="axis" colspan="2" rowspan="2"></th><th class="axis" colspan="%d">answered</th></tr>
        <tr>\
        """
            .formatted(n > MANY_LABELS ? " many" : "", n));
    for (String label : labels) {
      String escaped = TrainingReport.escaped(label);
      page.append(
          "<th class=\"column\" title=\"%s\"><span>%s</span></th>"
              .formatted(escaped, TrainingReport.escaped(shortened(label))));
    }
    page.append("</tr>\n");
    for (int expected = 0; expected < n; expected++) {
      page.append("<tr>");
      if (expected == 0) {
        page.append("<th class=\"axis\" rowspan=\"%d\"><span>expected</span></th>".formatted(n));
      }
      String escaped = TrainingReport.escaped(labels.get(expected));
      page.append("<th title=\"%s\">%s</th>".formatted(escaped, escaped));
      for (int predicted = 0; predicted < n; predicted++) {
        appendCell(page, confusion, expected, predicted);
      }
      page.append("</tr>\n");
    }
    page.append("</table></div>\n");
  }

  private static String shortened(String label) {
    int end = Math.min(label.length(), LONGEST_HEAD);
    return end == label.length() ? label : label.substring(0, end) + "…";
  }

  private static void appendCell(
      StringBuilder page, ConfusionMatrix confusion, int expected, int predicted) {
    long count = confusion.count(expected, predicted);
    if (count == 0) {
      page.append("<td></td>");
      return;
    }
    double share = (double) count / confusion.expected(expected);
    page.append(
        String.format(
            Locale.ROOT,
            "<td style=\"background:rgba(%s,%.2f)%s\">%d</td>",
            expected == predicted ? RIGHT : WRONG,
            0.08 + 0.92 * share,
            share > DARK ? ";color:#fff" : "",
            count));
  }
}
