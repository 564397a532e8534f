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

/** Accuracy against size and against latency, side by side in a PNG. */
public final class AccuracyPicture {
  private final XYChart size = chart("Accuracy against size", "MB");
  private final XYChart time = chart("Accuracy against latency", "ms for 16 tokens, one thread");

  public void add(String name, double bytes, double milliseconds, double accuracy) {
    double[] y = {accuracy};
    size.addSeries(name, new double[] {bytes / 1e6}, y);
    time.addSeries(name, new double[] {milliseconds}, y);
  }

  public void write(Path path) throws IOException {
    BitmapEncoder.saveBitmap(List.of(size, time), 1, 2, path.toString(), BitmapFormat.PNG);
  }

  private static XYChart chart(String title, String x) {
    XYChart chart =
        new XYChartBuilder()
            .width(700)
            .height(500)
            .title(title)
            .xAxisTitle(x)
            .yAxisTitle("joint accuracy, percent")
            .build();
    chart.getStyler().setDefaultSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
    chart.getStyler().setLegendPosition(LegendPosition.OutsideS);
    chart.getStyler().setMarkerSize(12);
    chart.getStyler().setXAxisMin(0.0);
    return chart;
  }
}
