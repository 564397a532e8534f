import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Runs commands and draws what they print as an animated SVG of a terminal. Run it from the root of
 * the repository:
 *
 * <pre>java docs/terminal/Recorder.java</pre>
 *
 * <p>The first command may build the project, so standard error is not part of the picture.
 * Renderers without animation, and readers who prefer no motion, see the last frame.
 */
public class Recorder {
  private static final Path TARGET = Path.of("docs/terminal/parse.svg");
  private static final List<String> COMMANDS =
      List.of(
          "./ernie4j parse 来一首周华健的花心 导航到信阳市汽车配件城 打电话给张三", "./ernie4j inspect | sed -n '2p; 5,7p'");

  private static final double CELL = 8.6;
  private static final double LINE = 22;
  private static final double LEFT = 20;
  private static final double TOP = 62;
  private static final int COLUMNS = 80;
  private static final double SECONDS_A_CELL = 0.03;

  private final StringBuilder body = new StringBuilder();
  private double y = TOP;
  private double time = 0.5;

  public static void main(String[] arguments) throws IOException, InterruptedException {
    Recorder recording = new Recorder();
    for (String command : COMMANDS) {
      recording.type(command);
      for (String line : run(command)) {
        recording.print(line);
      }
      recording.time += 0.8;
    }
    Files.writeString(TARGET, recording.svg());
    System.out.println("wrote " + TARGET);
  }

  private static List<String> run(String command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("bash", "-c", command)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("'" + command + "' failed with exit code " + process.exitValue());
    }
    return output.lines().toList();
  }

  /** A command appears cell by cell: a cover in the colour of the background moves off it. */
  private void type(String command) {
    text(LEFT, "$", "prompt", time);
    double x = LEFT + 2 * CELL;
    text(x, command, "command", time);
    int cells = cells(command);
    double seconds = cells * SECONDS_A_CELL;
    body.append(
        format(
            "  <rect class=\"cover\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\""
                + " style=\"animation-duration: %.2fs; animation-delay: %.2fs;"
                + " animation-timing-function: steps(%d)\"/>%n",
            x, y - LINE + 6, COLUMNS * CELL, LINE, seconds, time, cells));
    time += seconds + 0.4;
    y += LINE;
  }

  private void print(String line) {
    text(LEFT, line, line.startsWith(" ") ? "answer" : "echo", time);
    time += 0.06;
    y += LINE;
  }

  /** One text element for each run of narrow or wide characters, so that columns stay columns. */
  private void text(double x, String line, String style, double from) {
    body.append(format("  <g class=\"%s\" style=\"animation-delay: %.2fs\">%n", style, from));
    double at = x;
    for (String run : runs(line)) {
      double width = cells(run) * CELL;
      if (!run.isBlank()) {
        body.append(
            format(
                "    <text%s x=\"%.1f\" y=\"%.1f\" textLength=\"%.1f\">%s</text>%n",
                cells(run) > run.length() ? " class=\"wide\"" : "", at, y, width, escaped(run)));
      }
      at += width;
    }
    body.append("  </g>\n");
  }

  /** Blanks are runs of their own: XML does not keep those at the ends of a text. */
  private static List<String> runs(String line) {
    List<String> runs = new ArrayList<>();
    StringBuilder run = new StringBuilder();
    int kind = -1;
    for (int character : line.codePoints().toArray()) {
      int next = character == ' ' ? 0 : width(character);
      if (next != kind && !run.isEmpty()) {
        runs.add(run.toString());
        run.setLength(0);
      }
      kind = next;
      run.appendCodePoint(character);
    }
    runs.add(run.toString());
    return runs;
  }

  private static int cells(String text) {
    return text.codePoints().map(Recorder::width).sum();
  }

  private static int width(int character) {
    return character >= 0x2E80 ? 2 : 1;
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private String svg() {
    double width = 2 * LEFT + COLUMNS * CELL;
    double height = y + 4;
    return format(
            """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$.0f %2$.0f" width="%1$.0f" height="%2$.0f" role="img">
              <title>ernie4j parse in a terminal</title>
              <style>
                text { font: 14px Menlo, Consolas, "DejaVu Sans Mono", "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", monospace; }
                .wide { font-size: 16.5px; }
                g { animation: appear 0.01s backwards; }
                .prompt { fill: #7ee787; }
                .command { fill: #f0f6fc; }
                .echo { fill: #f0f6fc; }
                .answer { fill: #a5d6ff; }
                .cover { fill: #0d1117; transform: translateX(%1$.0fpx); animation: type 1s backwards; }
                @keyframes appear { from { opacity: 0; } }
                @keyframes type { from { transform: none; } }
                @media (prefers-reduced-motion: reduce) { g, .cover { animation: none; } }
              </style>
              <rect width="100%%" height="100%%" rx="8" fill="#0d1117"/>
              <circle cx="22" cy="20" r="6" fill="#ff5f56"/>
              <circle cx="42" cy="20" r="6" fill="#ffbd2e"/>
              <circle cx="62" cy="20" r="6" fill="#27c93f"/>
            """,
            width, height)
        + body
        + "</svg>\n";
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values).replace("\r\n", "\n");
  }
}
