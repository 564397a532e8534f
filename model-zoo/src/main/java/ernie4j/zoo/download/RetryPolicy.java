package ernie4j.zoo.download;

import java.time.Duration;

/**
 * How long a download tries.
 *
 * @param attempts how many attempts may fail in a row without receiving a byte
 * @param backOff the pause after the first failure; it doubles after each further one
 * @param longestPause the longest pause, even if a server asks for a longer one
 * @param response how long to wait for a connection, and for the head of a response
 * @param silence how long to wait for the next bytes
 */
record RetryPolicy(
    int attempts, Duration backOff, Duration longestPause, Duration response, Duration silence) {
  static RetryPolicy usual() {
    return new RetryPolicy(
        6,
        Duration.ofSeconds(1),
        Duration.ofSeconds(60),
        Duration.ofSeconds(30),
        Duration.ofSeconds(30));
  }

  Duration pause(int failures) {
    Duration pause = backOff.multipliedBy(1L << Math.min(20, failures - 1));
    return pause.compareTo(longestPause) < 0 ? pause : longestPause;
  }
}
