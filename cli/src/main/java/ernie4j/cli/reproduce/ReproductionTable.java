package ernie4j.cli.reproduce;

import ernie4j.cli.report.AccuracyPicture;
import ernie4j.cli.report.MeanInterval;
import ernie4j.training.data.Utf8Text;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** The compressions of several seeds, row by row: means, and the accuracy of every seed. */
final class ReproductionTable {
  /** One model of one seed, a line of compression.csv. */
  private record Entry(
      String stage,
      double width,
      double accuracy,
      double intent,
      double slots,
      double bytes,
      double milliseconds,
      Path file) {
    static Entry parse(String line, Path folder) {
      String[] cells = line.split(",", -1);
      double[] numbers = new double[6];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = Double.parseDouble(cells[i + 1]);
      }
      return new Entry(
          cells[0],
          numbers[0],
          numbers[1],
          numbers[2],
          numbers[3],
          numbers[4],
          numbers[5],
          folder.resolve(cells[7]));
    }

    String name() {
      return width == 1 ? stage : "%s, width %s".formatted(stage, width);
    }
  }

  private final Map<String, List<Entry>> rows = new LinkedHashMap<>();

  /** The memory in MiB of a process that serves the model of a row. */
  private final Map<String, Double> memory = new HashMap<>();

  private ReproductionTable() {}

  /**
   * Reads the tables of all seeds.
   *
   * @throws IOException if a table is missing or was not written by 'compress'
   */
  static ReproductionTable read(List<Path> files) throws IOException {
    ReproductionTable table = new ReproductionTable();
    for (Path file : files) {
      List<String> lines = Utf8Text.read(file).lines().toList();
      Path folder = file.toAbsolutePath().resolveSibling("");
      try {
        lines.stream()
            .skip(1)
            .map(line -> Entry.parse(line, folder))
            .forEach(e -> table.rows.computeIfAbsent(e.name(), n -> new ArrayList<>()).add(e));
      } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
        throw new IOException(file + ": expected a table of 'ernie4j compress'", e);
      }
    }
    return table;
  }

  private static double mean(List<Entry> entries, ToDoubleFunction<Entry> value) {
    return entries.stream().mapToDouble(value).average().orElse(Double.NaN);
  }

  /** Measures the memory for serving the model of each row, with the first seed. */
  void measure(ServedMemory served) throws IOException {
    for (Map.Entry<String, List<Entry>> row : rows.entrySet()) {
      served
          .mebibytes(row.getValue().get(0).file())
          .ifPresent(mebibytes -> memory.put(row.getKey(), mebibytes));
    }
  }

  private String memory(String name) {
    Double mebibytes = memory.get(name);
    return mebibytes == null ? "-" : String.format(Locale.ROOT, "%.0f", mebibytes);
  }

  String toMarkdown(List<Long> seeds) {
    StringBuilder text = new StringBuilder();
    text.append(
        "| model | joint accuracy | seeds %s | intent accuracy | slot F1 | MB | of original | ms | speed-up | process, MiB |%n"
            .formatted(seeds.stream().map(String::valueOf).collect(Collectors.joining(", "))));
    text.append("|---|---|---|---|---|---|---|---|---|---|\n");
    List<Entry> original = rows.values().iterator().next();
    rows.forEach(
        (name, entries) ->
            text.append(
                String.format(
                    Locale.ROOT,
                    "| %s | %s | %s | %.2f | %.2f | %.2f | %.1f %% | %.3f | %.2f | %s |%n",
                    name,
                    accuracy(entries),
                    entries.stream()
                        .map(e -> String.format(Locale.ROOT, "%.2f", e.accuracy()))
                        .collect(Collectors.joining(", ")),
                    mean(entries, Entry::intent),
                    mean(entries, Entry::slots),
                    mean(entries, Entry::bytes) / 1e6,
                    100 * mean(entries, Entry::bytes) / mean(original, Entry::bytes),
                    mean(entries, Entry::milliseconds),
                    mean(original, Entry::milliseconds) / mean(entries, Entry::milliseconds),
                    memory(name))));
    return text.toString();
  }

  /** The mean and, with several seeds, half of its 95 % confidence interval. */
  private static String accuracy(List<Entry> entries) {
    return MeanInterval.shown(entries.stream().mapToDouble(Entry::accuracy).toArray());
  }

  void writePicture(Path path) throws IOException {
    AccuracyPicture picture = new AccuracyPicture("joint_accuracy", "ms for 16 tokens, one thread");
    rows.forEach(
        (name, entries) ->
            picture.add(
                name,
                mean(entries, Entry::bytes),
                mean(entries, Entry::milliseconds),
                entries.stream().mapToDouble(Entry::accuracy).toArray()));
    picture.write(path);
  }
}
