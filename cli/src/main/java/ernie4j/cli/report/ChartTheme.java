package ernie4j.cli.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.GraphicsEnvironment;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The style of all pictures: dark letters on white, a faint grid, the legend outside the plot. */
public final class ChartTheme {
  /** Colors that color-blind people can also tell apart (Okabe and Ito), without the yellow. */
  private static final Color[] COLORS = {
    new Color(0x0072B2),
    new Color(0xD55E00),
    new Color(0x009E73),
    new Color(0xCC79A7),
    new Color(0xE69F00),
    new Color(0x56B4E9),
    new Color(0x4D4D4D)
  };

  /** One marker fewer than colors, so that 42 series differ in at least one of them. */
  private static final Marker[] MARKERS = {
    SeriesMarkers.CIRCLE,
    SeriesMarkers.DIAMOND,
    SeriesMarkers.SQUARE,
    SeriesMarkers.TRIANGLE_UP,
    SeriesMarkers.TRIANGLE_DOWN,
    SeriesMarkers.CROSS
  };

  private static final Color LETTERS = new Color(0x333333);
  private static final Color GRID = new Color(0xE4E4E4);
  private static final BasicStroke HAIRLINE = new BasicStroke(1);

  /** More names than this do not fit into a line below the plot. */
  private static final int NAMES_IN_A_LINE = 4;

  /** The smallest range of an axis in percentage points. */
  private static final double LEAST_POINTS = 10;

  private ChartTheme() {}

  /**
   * Applies the style to a chart that already has its series.
   *
   * @param texts texts in the chart that users may have named, so that a font with all their
   *     characters is chosen
   */
  public static void apply(Chart<? extends AxesChartStyler, ?> chart, List<String> texts) {
    AxesChartStyler style = chart.getStyler();
    Font font = font(texts);
    style.setBaseFont(font.deriveFont(13f));
    style.setChartTitleFont(font.deriveFont(Font.BOLD, 16f));
    style.setLegendFont(font.deriveFont(13f));
    style.setAxisTitleFont(font.deriveFont(13f));
    style.setAxisTickLabelsFont(font.deriveFont(13f));
    style.setChartBackgroundColor(Color.WHITE);
    style.setPlotBackgroundColor(Color.WHITE);
    style.setChartFontColor(LETTERS);
    style.setXAxisTitleColor(LETTERS);
    style.setYAxisTitleColor(LETTERS);
    style.setAxisTickLabelsColor(LETTERS);
    style.setChartPadding(14);
    style.setPlotBorderVisible(false);
    style.setPlotGridLinesColor(GRID);
    style.setPlotGridLinesStroke(HAIRLINE);
    style.setPlotGridVerticalLinesVisible(false);
    style.setAxisTicksLineVisible(false);
    style.setAxisTickMarksColor(GRID);
    style.setAxisTickMarksStroke(HAIRLINE);
    style.setErrorBarsColor(LETTERS);
    style.setSeriesColors(COLORS);
    style.setSeriesMarkers(MARKERS);
    style.setSeriesLines(new BasicStroke[] {new BasicStroke(2)});
    style.setMarkerSize(7);
    style.setLocale(Locale.ROOT);
    style.setLegendBorderColor(Color.WHITE);
    int names = chart.getSeriesMap().size();
    style.setLegendVisible(names > 1);
    boolean below = names <= NAMES_IN_A_LINE;
    style.setLegendPosition(below ? LegendPosition.OutsideS : LegendPosition.OutsideE);
    style.setLegendLayout(below ? LegendLayout.Horizontal : LegendLayout.Vertical);
  }

  /**
   * A font that has every character of the texts; otherwise, the logical font for all languages.
   */
  private static Font font(List<String> texts) {
    String all = String.join("", texts);
    Font usual = new Font(Font.SANS_SERIF, Font.PLAIN, 13);
    if (usual.canDisplayUpTo(all) < 0) {
      return usual;
    }
    Font[] fonts = GraphicsEnvironment.getLocalGraphicsEnvironment().getAllFonts();
    return Stream.concat(Arrays.stream(fonts), Stream.of(usual))
        .filter(font -> font.canDisplayUpTo(all) < 0)
        .findFirst()
        .orElse(usual);
  }

  /**
   * A name that a picture can show. Characters that no font has would appear as boxes. If there are
   * any, the number of the name and the text after the last of them replace the name.
   *
   * @param number counted from 1
   */
  static String shown(String name, int number, List<String> texts) {
    Font font = font(texts);
    int rest = 0;
    for (int missing = font.canDisplayUpTo(name); missing >= 0; ) {
      rest = name.offsetByCodePoints(missing, 1);
      int further = font.canDisplayUpTo(name.substring(rest));
      missing = further < 0 ? -1 : rest + further;
    }
    return rest == 0 ? name : "no. " + number + name.substring(rest);
  }

  /**
   * Sets the limits of a percentage axis so that differences of tenths do not look large: at least
   * ten points apart, and within 0 and 100 if the values are.
   */
  public static void percentAxis(AxesChartStyler style, double lowest, double highest) {
    double span = Math.max(LEAST_POINTS, highest - lowest + 2);
    double low = (lowest + highest - span) / 2;
    if (highest <= 100) {
      low = Math.min(low, 100 - span);
    }
    if (lowest >= 0) {
      low = Math.max(low, 0);
    }
    style.setYAxisMin(2 * Math.floor(low / 2));
    style.setYAxisMax(2 * Math.ceil((low + span) / 2));
  }
}
