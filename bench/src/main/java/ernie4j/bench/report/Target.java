package ernie4j.bench.report;

import java.util.Locale;

/**
 * What a comparison should reach.
 *
 * @param value the bound, which itself is good enough
 * @param speed true: the peer's value over ours is at least this; false: ours over the peer's is at
 *     most this
 */
public record Target(double value, boolean speed) {
  boolean isMetBy(double ratio) {
    return speed ? 1 / ratio >= value : ratio <= value;
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, speed ? "peer/ours ≥ %.2f" : "ratio ≤ %.2f", value);
  }
}
