package ernie4j.cli.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.Styler.LegendPosition;

/** A metric against size and against latency, side by side in a PNG. */
public final class AccuracyPicture {
  private final XYChart size;
  private final XYChart time;

  /**
   * An empty picture.
   *
   * @param metric the name of the metric, with its unit
   * @param latency what is timed, with its unit
   */
  public AccuracyPicture(String metric, String latency) {
    size = chart("Against size", "MB", metric);
    time = chart("Against latency", latency, metric);
  }

  public void add(String name, double bytes, double milliseconds, double value) {
    double[] y = {value};
    size.addSeries(name, new double[] {bytes / 1e6}, y);
    time.addSeries(name, new double[] {milliseconds}, y);
  }

  public void write(Path path) throws IOException {
    BitmapEncoder.saveBitmap(List.of(size, time), 1, 2, path.toString(), BitmapFormat.PNG);
  }

  private static XYChart chart(String title, String x, String y) {
    XYChart chart =
        new XYChartBuilder()
            .width(700)
            .height(500)
            .title(title)
            .xAxisTitle(x)
            .yAxisTitle(y)
            .build();
    chart.getStyler().setDefaultSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
    chart.getStyler().setLegendPosition(LegendPosition.OutsideS);
    chart.getStyler().setMarkerSize(12);
    chart.getStyler().setXAxisMin(0.0);
    return chart;
  }
}
