package ernie4j.cli.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;

/** Charts of a metric against size and against latency, side by side in a PNG. */
public final class AccuracyPicture {
  private static final int HEIGHT = 460;

  /** The width of a plot; the right one is followed by the legend of both. */
  private static final int WIDTH = 560;

  private static final int LEGEND = 260;

  private final String metric;
  private final String axis;
  private final String latency;
  private final List<Point> points = new ArrayList<>();

  private record Point(String name, double bytes, double milliseconds, MeanInterval value) {}

  /**
   * An empty picture.
   *
   * @param metric its name in {@code metrics.csv}
   * @param latency what is timed, with its unit
   */
  public AccuracyPicture(String metric, String latency) {
    MetricName name = MetricName.of(metric);
    this.metric = name.title();
    axis = name.axis();
    this.latency = latency;
  }

  /**
   * Adds a model.
   *
   * @param values the metric, one value per seed
   */
  public void add(String name, double bytes, double milliseconds, double... values) {
    points.add(new Point(name, bytes, milliseconds, MeanInterval.of(values)));
  }

  public void write(Path path) throws IOException {
    XYChart size = chart(metric + " and size", "MB", WIDTH);
    XYChart time = chart(metric + " and latency", latency, WIDTH + LEGEND);
    boolean intervals = points.stream().anyMatch(p -> p.value.half() > 0);
    for (Point point : points) {
      add(size, point.name, point.bytes / 1e6, point.value, intervals);
      add(time, point.name, point.milliseconds, point.value, intervals);
    }
    style(size);
    style(time);
    if (intervals) {
      size.setYAxisTitle(axis + ", mean and 95 % interval of the seeds");
    }
    size.getStyler().setLegendVisible(false);
    time.getStyler().setLegendVisible(true);
    time.getStyler().setLegendPosition(LegendPosition.OutsideE);
    time.getStyler().setLegendLayout(LegendLayout.Vertical);
    Pictures.write(List.of(size, time), 2, path);
  }

  private XYChart chart(String title, String x, int width) {
    return new XYChartBuilder()
        .width(width)
        .height(HEIGHT)
        .title(title)
        .xAxisTitle(x)
        .yAxisTitle(axis)
        .build();
  }

  private static void add(
      XYChart chart, String name, double x, MeanInterval value, boolean intervals) {
    double[] xs = {x};
    double[] ys = {value.mean()};
    if (intervals) {
      chart.addSeries(name, xs, ys, new double[] {value.half()});
    } else {
      chart.addSeries(name, xs, ys);
    }
  }

  private void style(XYChart chart) {
    ChartTheme.apply(chart, List.of());
    chart.getStyler().setDefaultSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
    chart.getStyler().setMarkerSize(12);
    chart.getStyler().setErrorBarsColorSeriesColor(true);
    chart.getStyler().setXAxisMin(0.0);
    double low = points.stream().mapToDouble(p -> p.value.mean() - p.value.half()).min().orElse(0);
    double high = points.stream().mapToDouble(p -> p.value.mean() + p.value.half()).max().orElse(1);
    if (axis.equals(MetricName.PERCENT)) {
      ChartTheme.percentAxis(chart.getStyler(), low, high);
    } else {
      chart.getStyler().setYAxisMin(Math.min(0, low));
    }
  }
}
