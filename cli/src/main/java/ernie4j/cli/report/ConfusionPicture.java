package ernie4j.cli.report;

import ernie4j.training.metrics.ConfusionMatrix;
import java.awt.Color;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.HeatMapChartBuilder;

/**
 * A confusion matrix as colours. Labels are numbered: a JVM without Chinese fonts draws boxes for
 * their names.
 */
final class ConfusionPicture {
  static final int MOST_LABELS = 40;

  private ConfusionPicture() {}

  static HeatMapChart of(ConfusionMatrix confusion) {
    int n = confusion.labels().size();
    int side = 220 + Math.max(200, 40 * n);
    HeatMapChart chart =
        new HeatMapChartBuilder()
            .width(side + 120)
            .height(side)
            .title("Examples by expected and predicted label")
            .xAxisTitle("predicted")
            .yAxisTitle("expected")
            .build();
    List<Integer> across = IntStream.range(0, n).boxed().toList();
    List<Integer> upwards = new ArrayList<>(across);
    Collections.reverse(upwards); // label 0 at the top, as matrices are written
    List<Number[]> cells = new ArrayList<>();
    for (int expected = 0; expected < n; expected++) {
      for (int predicted = 0; predicted < n; predicted++) {
        cells.add(new Number[] {predicted, n - 1 - expected, confusion.count(expected, predicted)});
      }
    }
    chart.addSeries("examples", across, upwards, cells);
    chart.getStyler().setShowValue(n <= 20);
    chart.getStyler().setHeatMapValueDecimalPattern("0");
    chart
        .getStyler()
        .setRangeColors(
            new Color[] {new Color(0xF7FBFF), new Color(0x9ECAE1), new Color(0x2171B5)});
    return chart;
  }
}
