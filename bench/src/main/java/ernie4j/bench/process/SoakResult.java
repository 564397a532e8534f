package ernie4j.bench.process;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The measurements of a long run.
 *
 * @param heapBefore bytes in use after a collection, before the first counted call
 * @param heapAfter the same after the last
 * @param firstMedian microseconds of a call, over the first tenth
 * @param lastMedian the same over the last tenth
 */
record SoakResult(long heapBefore, long heapAfter, double firstMedian, double lastMedian) {
  /**
   * What went wrong, in sentences; empty if nothing did.
   *
   * @param mostGrowth bytes that the heap may have grown
   * @param mostSlowdown share by which calls may have become slower, for example 0.05
   */
  List<String> failures(long mostGrowth, double mostSlowdown) {
    List<String> failures = new ArrayList<>();
    if (heapAfter - heapBefore > mostGrowth) {
      failures.add(
          "The heap grew by %d bytes; expected at most %d. Something is kept from call to call."
              .formatted(heapAfter - heapBefore, mostGrowth));
    }
    if (!(lastMedian <= firstMedian * (1 + mostSlowdown))) {
      failures.add(
          String.format(
              Locale.ROOT,
              "A call took %.1f µs in the last tenth and %.1f µs in the first; expected at most"
                  + " %.0f %% more. Repeat on a quiet machine before looking for the cause.",
              lastMedian,
              firstMedian,
              100 * mostSlowdown));
    }
    return failures;
  }
}
