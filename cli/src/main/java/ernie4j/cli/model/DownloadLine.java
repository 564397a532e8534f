package ernie4j.cli.model;

import ernie4j.zoo.download.DownloadListener;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Shows the progress of a download: on a terminal in one line that is overwritten, elsewhere in a
 * line every few seconds.
 */
final class DownloadLine implements DownloadListener {
  private static final double MEGABYTE = 1e6;

  private final PrintWriter out;
  private final boolean terminal;
  private final LongSupplier nanoTime;

  private String file = "";
  private long startBytes;
  private long startTime;
  private long lastTime;
  private boolean finished;

  DownloadLine(PrintWriter out, boolean terminal, LongSupplier nanoTime) {
    this.out = out;
    this.terminal = terminal;
    this.nanoTime = nanoTime;
  }

  @Override
  public void received(String name, long bytes, long total) {
    long now = nanoTime.getAsLong();
    if (!name.equals(file) || bytes < startBytes) {
      file = name;
      startBytes = bytes; // what an earlier attempt loaded does not count for the rate
      startTime = now;
      lastTime = now;
      finished = false;
    }
    boolean done = bytes == total;
    long pause = terminal ? 200_000_000L : 5_000_000_000L;
    if (finished || (!done && now - lastTime < pause)) {
      return;
    }
    lastTime = now;
    finished = done;
    out.print((terminal ? "\r" : "") + line(bytes, total, (now - startTime) / 1e9));
    if (done || !terminal) {
      out.println();
    }
    out.flush();
  }

  private String line(long bytes, long total, double seconds) {
    StringBuilder line = new StringBuilder();
    line.append(String.format(Locale.ROOT, "%s  %.1f", file, bytes / MEGABYTE));
    if (total >= 0) {
      line.append(String.format(Locale.ROOT, " of %.1f", total / MEGABYTE));
    }
    double rate = seconds > 0 ? (bytes - startBytes) / seconds : 0;
    line.append(" MB");
    if (rate > 0) {
      line.append(String.format(Locale.ROOT, "  %.1f MB/s", rate / MEGABYTE));
      if (total > bytes) {
        line.append(String.format(Locale.ROOT, "  %.0f s left", (total - bytes) / rate));
      }
    }
    // On a terminal, the line may be shorter than the one that it overwrites.
    return terminal ? String.format("%-70s", line) : line.toString();
  }

  @Override
  public void note(String message) {
    out.println((terminal ? "\n" : "") + "ernie4j: " + message);
    out.flush();
  }
}
