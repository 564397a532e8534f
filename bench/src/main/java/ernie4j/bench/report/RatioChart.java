package ernie4j.bench.report;

import ernie4j.cli.report.ChartTheme;
import ernie4j.cli.report.Pictures;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.CategorySeries.CategorySeriesRenderStyle;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws the ratio of every comparison with its interval. */
final class RatioChart {
  private RatioChart() {}

  static void writePng(List<Comparison> comparisons, @Nullable Target target, Path file)
      throws IOException {
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(Math.max(900, 320 + 44 * comparisons.size()))
            .height(560)
            .title("Ours / peer with 95 % interval: below 1 ours needs less")
            .yAxisTitle("ratio")
            .build();
    List<String> titles = comparisons.stream().map(Comparison::title).toList();
    List<Comparison.Interval> intervals = comparisons.stream().map(Comparison::interval).toList();
    points(chart, "ratio", titles, comparisons.stream().map(Comparison::ratio).toList());
    points(chart, "low", titles, intervals.stream().map(Comparison.Interval::low).toList());
    points(chart, "high", titles, intervals.stream().map(Comparison.Interval::high).toList());
    level(chart, "equal", titles, 1);
    if (target != null) {
      level(chart, target.toString(), titles, target.speed() ? 1 / target.value() : target.value());
    }
    ChartTheme.apply(chart, titles);
    chart.getStyler().setXAxisLabelRotation(60);
    chart.getStyler().setYAxisMin(0.0);
    chart.getStyler().setOverlapped(true);
    chart.getStyler().setDefaultSeriesRenderStyle(CategorySeriesRenderStyle.Line);
    Pictures.write(List.of(chart), 1, file);
  }

  private static void points(
      CategoryChart chart, String name, List<String> titles, List<Double> values) {
    chart
        .addSeries(name, titles, values)
        .setChartCategorySeriesRenderStyle(CategorySeriesRenderStyle.Scatter)
        .setMarker(name.equals("ratio") ? SeriesMarkers.DIAMOND : SeriesMarkers.RECTANGLE);
  }

  private static void level(CategoryChart chart, String name, List<String> titles, double value) {
    chart
        .addSeries(name, titles, Collections.nCopies(titles.size(), value))
        .setMarker(SeriesMarkers.NONE);
  }
}
