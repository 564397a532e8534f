package ernie4j.cli.report;

import ernie4j.engine.file.AtomicFile;
import java.awt.AWTError;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.knowm.xchart.internal.chartpart.Chart;

/** Draws charts into PNG files. */
public final class Pictures {
  /** Pixels per unit of a chart, so that letters are sharp on high-density screens. */
  private static final int DENSITY = 2;

  /** The message in place of a picture. */
  static final String NO_FONT =
      "was not drawn because Java cannot draw text on this machine, probably because it finds no font; install fontconfig and a font such as fonts-dejavu-core (fonts-wqy-microhei has Chinese). The tables next to it contain the numbers";

  private static final String HEADLESS = "java.awt.headless";

  private static final boolean POSSIBLE = canDrawText();

  private Pictures() {}

  /**
   * Whether this JVM can draw letters. On servers and in slim containers without fonts it cannot,
   * and Java reports that with low-level errors.
   */
  static boolean arePossible() {
    return POSSIBLE;
  }

  private static boolean canDrawText() {
    if (System.getProperty(HEADLESS) == null) {
      // Nothing is displayed, so a configured display that does not exist must not matter.
      System.setProperty(HEADLESS, "true");
    }
    Graphics2D graphics = null;
    try {
      graphics = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB).createGraphics();
      graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
      return graphics.getFontMetrics().stringWidth("1") > 0;
    } catch (RuntimeException | AWTError | InternalError | LinkageError e) {
      return false;
    } catch (Error e) {
      // "Probable fatal error: No physical fonts found" has no exception class of its own.
      if (e.getClass() != Error.class) {
        throw e;
      }
      return false;
    } finally {
      if (graphics != null) {
        graphics.dispose();
      }
    }
  }

  /** Draws to a file. */
  public interface Drawing {
    void write(Path file) throws IOException;
  }

  /** Draws a picture, or reports why it cannot be drawn here. Returns whether it was drawn. */
  public static boolean draw(Path file, PrintWriter err, Drawing drawing) throws IOException {
    if (POSSIBLE) {
      drawing.write(file);
    } else {
      err.printf("ernie4j: %s %s%n", file, NO_FONT);
    }
    return POSSIBLE;
  }

  /** Draws charts in rows and columns into one picture. */
  public static void write(List<? extends Chart<?, ?>> charts, int columns, Path file)
      throws IOException {
    byte[] png = png(charts, columns);
    AtomicFile.write(file, channel -> Channels.newOutputStream(channel).write(png));
  }

  /** A PNG with one chart. */
  static byte[] png(Chart<?, ?> chart) throws IOException {
    return png(List.of(chart), 1);
  }

  private static byte[] png(List<? extends Chart<?, ?>> charts, int columns) throws IOException {
    int width = 0;
    int height = 0;
    for (int from = 0; from < charts.size(); from += columns) {
      List<? extends Chart<?, ?>> row =
          charts.subList(from, Math.min(charts.size(), from + columns));
      width = Math.max(width, row.stream().mapToInt(Chart::getWidth).sum());
      height += row.stream().mapToInt(Chart::getHeight).max().orElse(0);
    }
    BufferedImage image =
        new BufferedImage(DENSITY * width, DENSITY * height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    graphics.scale(DENSITY, DENSITY);
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, width, height);
    int y = 0;
    for (int from = 0; from < charts.size(); from += columns) {
      int x = 0;
      int tallest = 0;
      for (Chart<?, ?> chart : charts.subList(from, Math.min(charts.size(), from + columns))) {
        Graphics2D part = (Graphics2D) graphics.create(x, y, chart.getWidth(), chart.getHeight());
        chart.paint(part, chart.getWidth(), chart.getHeight());
        part.dispose();
        x += chart.getWidth();
        tallest = Math.max(tallest, chart.getHeight());
      }
      y += tallest;
    }
    graphics.dispose();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image, "png", bytes);
    return bytes.toByteArray();
  }
}
