package ernie4j.cli.report;

import ernie4j.training.metrics.Reliability;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** How many answers are right if only the surest are given, in a PNG. */
public final class CoveragePicture {
  private static final int WIDTH = 760;
  private static final int HEIGHT = 460;

  /** Shares of a few answers jump from 0 to 100: the picture begins where there are enough. */
  private static final double FIRST = 5;

  private CoveragePicture() {}

  public static void write(Reliability reliability, Path path) throws IOException {
    Pictures.write(List.of(chart(reliability)), 1, path);
  }

  static XYChart chart(Reliability reliability) {
    List<Reliability.Point> all = reliability.curve();
    List<Reliability.Point> enough = all.stream().filter(p -> p.coverage() >= FIRST).toList();
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title("Accuracy of the surest answers")
            .xAxisTitle("answered, percent")
            .yAxisTitle("right, percent")
            .build();
    XYSeries line =
        chart.addSeries(
            "right",
            enough.stream().mapToDouble(Reliability.Point::coverage).toArray(),
            enough.stream().mapToDouble(Reliability.Point::precision).toArray());
    ChartTheme.apply(chart, List.of());
    line.setMarker(SeriesMarkers.NONE);
    chart.getStyler().setXAxisMin(0.0);
    chart.getStyler().setXAxisMax(100.0);
    ChartTheme.percentAxis(
        chart.getStyler(),
        enough.stream().mapToDouble(Reliability.Point::precision).min().orElse(0),
        enough.stream().mapToDouble(Reliability.Point::precision).max().orElse(100));
    return chart;
  }
}
