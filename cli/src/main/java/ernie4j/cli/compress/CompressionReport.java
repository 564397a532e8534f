package ernie4j.cli.compress;

import ernie4j.cli.report.AccuracyPicture;
import ernie4j.engine.file.AtomicFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The results of a compression as a table, a CSV file and a picture. */
final class CompressionReport {
  private CompressionReport() {}

  /** A Markdown table with one row for every stage and width. */
  static String table(List<CompressionRow> rows) {
    CompressionRow original = rows.get(0);
    StringBuilder text = new StringBuilder("| model | width | ");
    original.metrics().keySet().forEach(name -> text.append(shown(name)).append(" | "));
    text.append("bytes | of original | ms | speed-up |\n|---|---|");
    text.append("---|".repeat(original.metrics().size())).append("---|---|---|---|\n");
    for (CompressionRow row : rows) {
      text.append("| %s | %s | ".formatted(row.stage(), row.width()));
      for (String name : original.metrics().keySet()) {
        text.append(String.format(Locale.ROOT, "%.2f | ", row.metric(name)));
      }
      text.append(
          String.format(
              Locale.ROOT,
              "%,d | %.1f %% | %.3f | %.2f |%n",
              row.bytes(),
              100.0 * row.bytes() / original.bytes(),
              row.milliseconds(),
              original.milliseconds() / row.milliseconds()));
    }
    return text.toString();
  }

  private static String shown(String metric) {
    return metric.replace('_', ' ');
  }

  static void writeCsv(List<CompressionRow> rows, Path path) throws IOException {
    Path folder = path.toAbsolutePath().resolveSibling("");
    List<String> metrics = List.copyOf(rows.get(0).metrics().keySet());
    StringBuilder text =
        new StringBuilder(
            "stage,width,%s,bytes,milliseconds,file\n".formatted(String.join(",", metrics)));
    for (CompressionRow row : rows) {
      text.append(row.stage()).append(',').append(row.width());
      metrics.forEach(name -> text.append(String.format(Locale.ROOT, ",%.4f", row.metric(name))));
      text.append(
          String.format(
              Locale.ROOT,
              ",%d,%.4f,%s%n",
              row.bytes(),
              row.milliseconds(),
              folder.relativize(row.file().toAbsolutePath())));
    }
    AtomicFile.writeText(path, text);
  }

  /** Draws the main metric against size and against time, side by side. */
  static void writePicture(List<CompressionRow> rows, Path path) throws IOException {
    String metric = rows.get(0).metric();
    AccuracyPicture picture = new AccuracyPicture(metric, "ms, one example at a time");
    for (CompressionRow row : rows) {
      String name = row.width() == 1 ? row.stage() : row.stage() + ", width " + row.width();
      picture.add(name, (double) row.bytes(), row.milliseconds(), row.metric(metric));
    }
    picture.write(path);
  }
}
