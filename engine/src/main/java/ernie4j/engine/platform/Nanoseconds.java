package ernie4j.engine.platform;

import java.time.Duration;

/** Converts durations to the unit of the clock. */
public final class Nanoseconds {
  private static final Duration MOST = Duration.ofNanos(Long.MAX_VALUE);

  private Nanoseconds() {}

  /** The nanoseconds of a duration; of one above 292 years, the most that a long holds. */
  public static long of(Duration duration) {
    return duration.compareTo(MOST) >= 0 ? Long.MAX_VALUE : duration.toNanos();
  }
}
