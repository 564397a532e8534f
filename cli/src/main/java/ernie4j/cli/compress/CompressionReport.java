package ernie4j.cli.compress;

import ernie4j.cli.report.AccuracyPicture;
import ernie4j.engine.file.AtomicFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** What a compression made, as a table, a CSV file and a picture. */
final class CompressionReport {
  private CompressionReport() {}

  /** A Markdown table with one row for every stage and width. */
  static String table(List<CompressionRow> rows) {
    StringBuilder text =
        new StringBuilder(
            "| model | width | joint accuracy | intent accuracy | slot F1 | bytes | of original | ms, 16 tokens | speed-up |%n|---|---|---|---|---|---|---|---|---|%n"
                .formatted());
    CompressionRow original = rows.get(0);
    for (CompressionRow row : rows) {
      text.append(
          String.format(
              Locale.ROOT,
              "| %s | %s | %.2f | %.2f | %.2f | %,d | %.1f %% | %.3f | %.2f |%n",
              row.stage(),
              row.width(),
              row.metric("accuracy"),
              row.metric("intent_accuracy"),
              row.metric("slot_f1"),
              row.bytes(),
              100.0 * row.bytes() / original.bytes(),
              row.milliseconds(),
              original.milliseconds() / row.milliseconds()));
    }
    return text.toString();
  }

  static void writeCsv(List<CompressionRow> rows, Path path) throws IOException {
    Path folder = path.toAbsolutePath().resolveSibling("");
    StringBuilder text =
        new StringBuilder("stage,width,accuracy,intent_accuracy,slot_f1,bytes,milliseconds,file\n");
    for (CompressionRow row : rows) {
      text.append(
          String.format(
              Locale.ROOT,
              "%s,%s,%.4f,%.4f,%.4f,%d,%.4f,%s%n",
              row.stage(),
              row.width(),
              row.metric("accuracy"),
              row.metric("intent_accuracy"),
              row.metric("slot_f1"),
              row.bytes(),
              row.milliseconds(),
              folder.relativize(row.file().toAbsolutePath())));
    }
    AtomicFile.writeText(path, text);
  }

  /** Accuracy against size and against time, side by side. */
  static void writePicture(List<CompressionRow> rows, Path path) throws IOException {
    AccuracyPicture picture = new AccuracyPicture();
    for (CompressionRow row : rows) {
      String name = row.width() == 1 ? row.stage() : row.stage() + ", width " + row.width();
      picture.add(name, (double) row.bytes(), row.milliseconds(), row.metric("accuracy"));
    }
    picture.write(path);
  }
}
