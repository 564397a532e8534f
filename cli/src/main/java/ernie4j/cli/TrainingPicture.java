package ernie4j.cli;

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
final class TrainingPicture {
  private TrainingPicture() {}

  static void write(TrainingHistory history, String metricAxis, Path path) throws IOException {
    List<Evaluation> evaluations = history.evaluations();
    List<Double> epochs = evaluations.stream().map(Evaluation::epoch).toList();
    XYChart loss = chart("Training loss", "mean loss", LegendPosition.InsideNE);
    loss.addSeries("loss", epochs, evaluations.stream().map(Evaluation::loss).toList());
    XYChart metrics = chart("Evaluation", metricAxis, LegendPosition.InsideSE);
    for (String name : evaluations.get(0).metrics().keySet()) {
      metrics.addSeries(
          name,
          epochs,
          evaluations.stream().map(e -> e.metrics().getOrDefault(name, 0.0)).toList());
    }
    for (XYChart chart : List.of(loss, metrics)) {
      chart.getSeriesMap().values().forEach(s -> s.setMarker(SeriesMarkers.CIRCLE));
    }
    BitmapEncoder.saveBitmap(List.of(loss, metrics), 2, 1, path.toString(), BitmapFormat.PNG);
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
