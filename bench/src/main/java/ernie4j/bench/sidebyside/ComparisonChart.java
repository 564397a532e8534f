package ernie4j.bench.sidebyside;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;

/** Draws every round of a comparison, the forks one after the other. */
final class ComparisonChart {
  private ComparisonChart() {}

  static void writePng(Comparison comparison, Path file) throws IOException {
    XYChart chart =
        new XYChartBuilder()
            .width(900)
            .height(450)
            .title(comparison.title())
            .xAxisTitle("round (%d forks)".formatted(comparison.forks().size()))
            .yAxisTitle("median call, milliseconds")
            .build();
    chart.getStyler().setMarkerSize(4);
    chart.getStyler().setYAxisMin(0.0);
    addSeries(chart, comparison, comparison.ours(), Round::ours);
    addSeries(chart, comparison, comparison.peer(), Round::peer);
    BitmapEncoder.saveBitmap(chart, file.toString(), BitmapFormat.PNG);
  }

  private static void addSeries(
      XYChart chart, Comparison comparison, String name, Function<Round, Double> value) {
    List<Double> times = comparison.forks().stream().flatMap(List::stream).map(value).toList();
    chart.addSeries(name, times);
  }
}
