package ernie4j.cli.reproduce;

import ernie4j.cli.report.ChartTheme;
import ernie4j.cli.report.MeanInterval;
import ernie4j.cli.report.Pictures;
import ernie4j.training.data.Utf8Text;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;

/** The metric of every encoder on every task, in percent. */
final class DistillationTable {
  private final Map<String, Map<BenchmarkTask, DescriptiveStatistics>> rows = new LinkedHashMap<>();
  private final Set<BenchmarkTask> tasks = new LinkedHashSet<>();

  /**
   * Adds the result of one training.
   *
   * @throws IOException if its metrics cannot be read
   */
  void add(String row, BenchmarkTask task, Path folder) throws IOException {
    tasks.add(task);
    rows.computeIfAbsent(row, name -> new LinkedHashMap<>())
        .computeIfAbsent(task, t -> new DescriptiveStatistics())
        .addValue(best(folder.resolve("metrics.csv"), task.metric()));
  }

  private static double best(Path file, String metric) throws IOException {
    List<String> lines = Utf8Text.read(file).lines().toList();
    int column = List.of(lines.get(0).split(",", -1)).indexOf(metric);
    if (column < 0 || lines.size() < 2) {
      throw new IOException(
          "%s: expected a column '%s' and an evaluation, got '%s' and %d lines"
              .formatted(file, metric, lines.get(0), lines.size()));
    }
    return lines.stream()
        .skip(1)
        .mapToDouble(line -> Double.parseDouble(line.split(",", -1)[column]))
        .max()
        .orElseThrow();
  }

  /**
   * One row per encoder, with the tasks in the order of their groups, and the means of the groups.
   */
  String toMarkdown() {
    List<String> head = new ArrayList<>(List.of("encoder"));
    for (BenchmarkTask.Group group : groups()) {
      of(group).forEach(task -> head.add(task.name()));
      head.add("**%s**".formatted(group));
    }
    StringBuilder text = new StringBuilder("| " + String.join(" | ", head) + " |\n");
    text.append("|---".repeat(head.size())).append("|\n");
    rows.forEach(
        (name, results) -> {
          List<String> cells = new ArrayList<>(List.of(name));
          for (BenchmarkTask.Group group : groups()) {
            of(group).forEach(task -> cells.add(cell(of(results, task))));
            cells.add("**%s**".formatted(cell(mean(group, results))));
          }
          text.append("| ").append(String.join(" | ", cells)).append(" |\n");
        });
    return text.toString();
  }

  /**
   * How much better one encoder is than another on average over the tasks of each group, with its
   * confidence interval. The difference is taken seed by seed, since both were fine-tuned with the
   * same seeds.
   */
  String difference(String row, String other) {
    List<String> parts = new ArrayList<>();
    for (BenchmarkTask.Group group : groups()) {
      double[] ours = mean(group, results(row)).getValues();
      double[] theirs = mean(group, results(other)).getValues();
      DescriptiveStatistics gains = new DescriptiveStatistics();
      for (int i = 0; i < ours.length; i++) {
        gains.addValue(ours[i] - theirs[i]);
      }
      parts.add("%s %s".formatted(group, cell(gains)));
    }
    return "%s - %s: %s".formatted(row, other, String.join(", ", parts));
  }

  private Map<BenchmarkTask, DescriptiveStatistics> results(String row) {
    return Objects.requireNonNull(rows.get(row), row);
  }

  /** The mean over the tasks of a group, for every seed that all of them have. */
  private DescriptiveStatistics mean(
      BenchmarkTask.Group group, Map<BenchmarkTask, DescriptiveStatistics> results) {
    List<double[]> values = of(group).stream().map(task -> of(results, task).getValues()).toList();
    int seeds = values.stream().mapToInt(seed -> seed.length).min().orElse(0);
    DescriptiveStatistics means = new DescriptiveStatistics();
    for (int i = 0; i < seeds; i++) {
      int seed = i;
      means.addValue(values.stream().mapToDouble(v -> v[seed]).average().orElseThrow());
    }
    return means;
  }

  private List<BenchmarkTask.Group> groups() {
    return tasks.stream().map(BenchmarkTask::group).distinct().sorted().toList();
  }

  private List<BenchmarkTask> of(BenchmarkTask.Group group) {
    return tasks.stream().filter(task -> task.group() == group).toList();
  }

  private static DescriptiveStatistics of(
      Map<BenchmarkTask, DescriptiveStatistics> results, BenchmarkTask task) {
    return Objects.requireNonNull(results.get(task), task.name());
  }

  private static String cell(DescriptiveStatistics values) {
    return MeanInterval.shown(values.getValues());
  }

  /** Draws the bars of all encoders side by side for each task, with their intervals. */
  void writePicture(Path path) throws IOException {
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(Math.max(900, 140 + 26 * tasks.size() * (rows.size() + 1)))
            .height(520)
            .title("Fine-tuned encoders on every task, with 95 % intervals of several seeds")
            .yAxisTitle("percent")
            .build();
    List<String> names = tasks.stream().map(BenchmarkTask::name).toList();
    rows.forEach(
        (name, results) -> {
          List<MeanInterval> bars =
              tasks.stream().map(t -> MeanInterval.of(of(results, t).getValues())).toList();
          // A bar without an interval would get one with height zero.
          chart.addSeries(
              name,
              names,
              bars.stream().map(MeanInterval::mean).toList(),
              bars.stream().map(bar -> bar.half() > 0 ? bar.half() : Double.NaN).toList());
        });
    ChartTheme.apply(chart, List.of());
    chart.getStyler().setYAxisMin(0.0);
    chart.getStyler().setYAxisMax(100.0);
    chart.getStyler().setAvailableSpaceFill(0.85);
    Pictures.write(List.of(chart), 1, path);
  }
}
