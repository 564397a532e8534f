package ernie4j.cli.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ernie4j.training.TrainingListener.Evaluation;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler.LegendPosition;

/** How pictures look, as far as a program can tell. */
class PicturesTest {
  @TempDir Path folder;

  @BeforeEach
  void lettersCanBeDrawn() {
    assumeTrue(Pictures.arePossible(), "skipped: Java finds no font here");
  }

  private static List<XYChart> charts(Map<String, Double> first, Map<String, Double> second) {
    return TrainingPicture.charts(
        List.of(
            new Evaluation(10, 1, 1e-5, 1.02, first, true),
            new Evaluation(20, 2, 1e-5, 1.01, second, true)));
  }

  @Test
  void metricsOfOneUnitShareAChartUnderReadableNames() {
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("spearman", 81.0);
    values.put("pearson", 80.0);
    values.put("mean_squared_error", 0.04);
    List<XYChart> charts = charts(values, values);
    assertThat(charts)
        .extracting(XYChart::getTitle)
        .containsExactly("Loss in training", "On held-out examples", "Mean squared error");
    assertThat(charts.get(1).getSeriesMap().keySet())
        .containsExactly("Spearman correlation", "Pearson correlation");
    for (XYChart chart : charts) {
      assertThat(chart.getStyler().getLegendPosition())
          .isIn(LegendPosition.OutsideS, LegendPosition.OutsideE);
      assertThat(chart.getStyler().getChartBackgroundColor()).isEqualTo(Color.WHITE);
    }
    // Axes other than percent begin at zero.
    assertThat(charts.get(0).getStyler().getYAxisMin()).isZero();
    assertThat(charts.get(2).getStyler().getYAxisMin()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "84.61, 84.75, 78, 90",
    "99.20, 100.0, 90, 100",
    "0.00, 0.40, 0, 10",
    "20.0, 80.00, 18, 82",
    "-3.0, 40.00, -4, 42",
  })
  void percentAxisDoesNotExaggerateTenths(double low, double high, double from, double to) {
    AxesChartStyler style = new XYChartBuilder().build().getStyler();
    ChartTheme.percentAxis(style, low, high);
    assertThat(style.getYAxisMin()).isEqualTo(from);
    assertThat(style.getYAxisMax()).isEqualTo(to);
  }

  @Test
  void showsANumberForANameWithoutAFont() {
    // A private-use character, which no text font has.
    String missing = "\uDBFF\uDFFD";
    List<String> names = List.of("Accuracy", missing);
    assertThat(ChartTheme.shown(missing, 2, names)).isEqualTo("no. 2");
    assertThat(ChartTheme.shown(missing + missing + ": F1", 2, names)).isEqualTo("no. 2: F1");
    assertThat(ChartTheme.shown("Accuracy", 1, names)).isEqualTo("Accuracy");
  }

  @Test
  void seedsHaveAnInterval() throws Exception {
    MeanInterval interval = MeanInterval.of(1, 2, 3);
    assertThat(interval.mean()).isEqualTo(2);
    // Student's t of two degrees of freedom, 4.3027, times 1 / sqrt(3).
    assertThat(interval.half()).isCloseTo(2.4841, within(1e-3));
    assertThat(MeanInterval.shown(1, 2, 3)).isEqualTo("2.00 ± 2.48");
    assertThat(MeanInterval.shown(2)).isEqualTo("2.00");

    assertThat(drawn(80, 84)).as("with an interval").isGreaterThan(drawn(82) + 200);
  }

  /** The number of colored pixels of a picture with one model. */
  private long drawn(double... values) throws Exception {
    Path file = folder.resolve(values.length + ".png");
    AccuracyPicture picture = new AccuracyPicture("joint_accuracy", "ms");
    picture.add("original", 2e6, 3, values);
    picture.write(file);
    BufferedImage image = ImageIO.read(file.toFile());
    assertThat(new Color(image.getRGB(1, 1))).isEqualTo(Color.WHITE);
    long coloured = 0;
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        Color color = new Color(image.getRGB(x, y));
        coloured += color.getBlue() > color.getRed() + 60 ? 1 : 0;
      }
    }
    return coloured;
  }

  @ParameterizedTest
  @CsvSource({
    "slot_f1, Slot F1, percent",
    "macro_f1, Macro F1, percent",
    "hotels_macro_f1, hotels: Macro F1, percent",
    "nano_hidden_error, nano: Hidden error, share not explained",
    "something_new, Something new, percent",
  })
  void metricsHaveReadableNames(String name, String title, String axis) {
    assertThat(MetricName.of(name)).isEqualTo(new MetricName(title, axis));
  }

  @Test
  void replacesAPictureInOneStep() throws Exception {
    Path file = Files.writeString(folder.resolve("p.png"), "before");
    Pictures.write(charts(Map.of("f1", 1.0), Map.of("f1", 2.0)), 1, file);
    assertThat(Files.readAllBytes(file)).startsWith(0x89, 'P', 'N', 'G');
    assertThat(folder.toFile().list()).containsExactly("p.png");
  }
}
