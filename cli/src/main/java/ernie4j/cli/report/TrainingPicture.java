package ernie4j.cli.report;

import ernie4j.training.TrainingHistory;
import ernie4j.training.TrainingListener.Evaluation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Loss and metrics over the steps of a training, one above the other in a PNG. */
public final class TrainingPicture {
  private TrainingPicture() {}

  public static void write(TrainingHistory history, String metricAxis, Path path)
      throws IOException {
    List<XYChart> charts = List.of(loss(history), metrics(history, metricAxis));
    BitmapEncoder.saveBitmap(charts, 2, 1, path.toString(), BitmapFormat.PNG);
  }

  static XYChart loss(TrainingHistory history) {
    XYChart chart = chart("Training loss", "mean loss", LegendPosition.InsideNE);
    List<Double> losses = history.evaluations().stream().map(Evaluation::loss).toList();
    add(chart, "loss", history, losses);
    return chart;
  }

  static XYChart metrics(TrainingHistory history, String axis) {
    XYChart chart = chart("Evaluation", axis, LegendPosition.InsideSE);
    List<Evaluation> evaluations = history.evaluations();
    for (String name : evaluations.get(0).metrics().keySet()) {
      add(
          chart,
          name,
          history,
          evaluations.stream().map(e -> e.metrics().getOrDefault(name, 0.0)).toList());
    }
    return chart;
  }

  private static void add(
      XYChart chart, String name, TrainingHistory history, List<Double> values) {
    List<Double> epochs = history.evaluations().stream().map(Evaluation::epoch).toList();
    chart.addSeries(name, epochs, values).setMarker(SeriesMarkers.CIRCLE);
  }

  private static XYChart chart(String title, String y, LegendPosition legend) {
    XYChart chart =
        new XYChartBuilder()
            .width(900)
            .height(450)
            .title(title)
            .xAxisTitle("epoch")
            .yAxisTitle(y)
            .build();
    chart.getStyler().setLegendPosition(legend);
    chart.getStyler().setMarkerSize(5);
    return chart;
  }
}
