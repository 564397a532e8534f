package ernie4j.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Comparisons as rows of one table, and their rounds as one CSV file. */
public final class SummaryTable {
  private SummaryTable() {}

  /** The table; with a target it has two more columns. */
  public static String markdown(List<Comparison> comparisons, @Nullable Target target) {
    List<String> header =
        new ArrayList<>(
            List.of(
                "case", "ours", "peer", "ours", "peer", "ours/peer", "95 % interval", "peer/ours"));
    if (target != null) {
      header.addAll(List.of("target", "met"));
    }
    MarkdownTable table = new MarkdownTable(header);
    for (Comparison comparison : comparisons) {
      table.add(row(comparison, target));
    }
    return table.toString();
  }

  private static List<String> row(Comparison comparison, @Nullable Target target) {
    double ratio = comparison.ratio();
    Comparison.Interval interval = comparison.interval();
    List<String> cells =
        new ArrayList<>(
            List.of(
                comparison.title(),
                comparison.ours(),
                comparison.peer(),
                value(comparison.oursMedian()) + " " + comparison.unit(),
                value(comparison.peerMedian()) + " " + comparison.unit(),
                format("%.3f", ratio),
                format("%.3f to %.3f", interval.low(), interval.high()),
                format("%.2f", 1 / ratio)));
    if (target != null) {
      cells.addAll(List.of(target.toString(), target.isMetBy(ratio) ? "yes" : "no"));
    }
    return cells;
  }

  /** Four significant digits. */
  private static String value(double value) {
    int before = value < 1 ? 0 : (int) Math.floor(Math.log10(value)) + 1;
    return format("%." + Math.max(0, Math.min(4, 4 - before)) + "f", value);
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }

  /** Every round of every comparison; the first line says what the columns are. */
  public static List<String> csv(List<Comparison> comparisons) {
    List<String> lines = new ArrayList<>();
    lines.add("case,unit,ours,peer,fork,round,ours value,peer value");
    for (Comparison comparison : comparisons) {
      for (int f = 0; f < comparison.forks().size(); f++) {
        List<Round> rounds = comparison.forks().get(f);
        for (int r = 0; r < rounds.size(); r++) {
          lines.add(
              "\"%s\",%s,%s,%s,%d,%d,%s,%s"
                  .formatted(
                      comparison.title(),
                      comparison.unit(),
                      comparison.ours(),
                      comparison.peer(),
                      f + 1,
                      r + 1,
                      rounds.get(r).ours(),
                      rounds.get(r).peer()));
        }
      }
    }
    return lines;
  }
}
