package ernie4j.cli.report;

import ernie4j.training.TrainingHistory;
import ernie4j.training.TrainingListener.Evaluation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;

/** Charts of loss and metrics over the epochs of a training, one below the other in a PNG. */
public final class TrainingPicture {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 380;

  private TrainingPicture() {}

  public static void write(TrainingHistory history, Path path) throws IOException {
    Pictures.write(charts(history.evaluations()), 1, path);
  }

  /** The loss, and one chart for all metrics with the same unit. */
  static List<XYChart> charts(List<Evaluation> evaluations) {
    Map<String, Map<String, List<Double>>> axes = new LinkedHashMap<>();
    for (String name : evaluations.get(0).metrics().keySet()) {
      MetricName metric = MetricName.of(name);
      axes.computeIfAbsent(metric.axis(), axis -> new LinkedHashMap<>())
          .put(
              metric.title(),
              evaluations.stream().map(e -> e.metrics().getOrDefault(name, 0.0)).toList());
    }
    List<Double> losses = evaluations.stream().map(Evaluation::loss).toList();
    List<XYChart> charts = new ArrayList<>();
    charts.add(chart("Loss in training", "mean loss", evaluations, Map.of("Loss", losses)));
    axes.forEach(
        (axis, series) -> {
          String first = series.keySet().iterator().next();
          String title = series.size() == 1 ? first : "On held-out examples";
          charts.add(chart(title, axis, evaluations, series));
        });
    return charts;
  }

  private static XYChart chart(
      String title, String axis, List<Evaluation> evaluations, Map<String, List<Double>> series) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle("epoch")
            .yAxisTitle(axis)
            .build();
    List<Double> epochs = evaluations.stream().map(Evaluation::epoch).toList();
    List<String> names = List.copyOf(series.keySet());
    series.forEach(
        (name, values) ->
            chart.addSeries(
                ChartTheme.shown(name, names.indexOf(name) + 1, names), epochs, values));
    ChartTheme.apply(chart, names);
    chart.getStyler().setXAxisMin(0.0);
    List<Double> all = series.values().stream().flatMap(List::stream).toList();
    double low = all.stream().mapToDouble(v -> v).min().orElse(0);
    double high = all.stream().mapToDouble(v -> v).max().orElse(1);
    if (axis.equals(MetricName.PERCENT)) {
      ChartTheme.percentAxis(chart.getStyler(), low, high);
    } else {
      // Starts at zero, so that changes look as large as they are.
      chart.getStyler().setYAxisMin(Math.min(0, low));
      chart.getStyler().setYAxisMax(high > 0 ? 1.05 * high : 0);
    }
    return chart;
  }
}
