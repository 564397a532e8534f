package ernie4j.cli.report;

import ernie4j.training.TrainingListener;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Prints a line every few seconds, and one for every evaluation. */
public final class ProgressPrinter implements TrainingListener {
  private static final long INTERVAL_NANOS = 5_000_000_000L;

  private final PrintWriter out;
  private long last = System.nanoTime();

  public ProgressPrinter(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void cautioned(String caution) {
    out.println("ernie4j: " + caution);
    out.flush();
  }

  @Override
  public void stepped(Progress p) {
    if (System.nanoTime() - last < INTERVAL_NANOS && p.step() < p.totalSteps()) {
      return;
    }
    last = System.nanoTime();
    out.printf(
        Locale.ROOT,
        "step %d of %d  epoch %.2f  loss %.4f  %.0f examples/s  %s left%n",
        p.step(),
        p.totalSteps(),
        p.epoch(),
        p.loss(),
        p.examplesPerSecond(),
        duration(p.secondsLeft()));
    out.flush();
  }

  @Override
  public void evaluated(Evaluation e) {
    out.printf(
        Locale.ROOT,
        "evaluation at step %d: mean loss %.4f  %s%s%n",
        e.step(),
        e.loss(),
        metrics(e.metrics()),
        e.best() ? "  (best so far)" : "");
    out.flush();
  }

  @Override
  public void stoppedEarly(String reason) {
    out.println(reason);
    out.flush();
  }

  /** Metrics in one line. */
  public static String metrics(Map<String, Double> metrics) {
    return metrics.entrySet().stream()
        .map(m -> m.getKey() + " " + number(m.getValue()))
        .collect(Collectors.joining("  "));
  }

  /** Percentages with two decimals, losses with four. */
  private static String number(double value) {
    return String.format(Locale.ROOT, Math.abs(value) < 10 ? "%.4f" : "%.2f", value);
  }

  private static String duration(double seconds) {
    long s = Math.round(seconds);
    return s >= 3600
        ? "%d h %02d min".formatted(s / 3600, s % 3600 / 60)
        : "%d min %02d s".formatted(s / 60, s % 60);
  }
}
