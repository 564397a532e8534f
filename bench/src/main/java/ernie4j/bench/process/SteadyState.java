package ernie4j.bench.process;

import java.util.Arrays;
import org.apache.commons.math3.stat.descriptive.rank.Median;

/**
 * When a fresh process reached its full speed: at the first call of the first window of calls whose
 * median is within a factor of the best such median of the whole run.
 *
 * @param call number of that call, counted from 1
 * @param milliseconds when it ended, since the start of the process
 * @param best the best median, milliseconds
 */
record SteadyState(int call, double milliseconds, double best) {
  private static final int WINDOW = 20;
  private static final double FACTOR = 1.3;

  /**
   * Finds that call.
   *
   * @param durations of all calls, milliseconds
   * @param ends when each ended, milliseconds since the start of the process
   * @throws IllegalArgumentException if there are fewer calls than a window has
   */
  static SteadyState of(double[] durations, double[] ends) {
    if (durations.length < WINDOW) {
      throw new IllegalArgumentException(
          "startup: expected at least %d calls, got %d; measure longer"
              .formatted(WINDOW, durations.length));
    }
    double[] medians = new double[durations.length - WINDOW + 1];
    for (int i = 0; i < medians.length; i++) {
      medians[i] = new Median().evaluate(durations, i, WINDOW);
    }
    double best = Arrays.stream(medians).min().orElseThrow();
    int call = 0;
    while (medians[call] > FACTOR * best) {
      call++;
    }
    return new SteadyState(call + 1, ends[call], best);
  }
}
