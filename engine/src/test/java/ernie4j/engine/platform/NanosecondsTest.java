package ernie4j.engine.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class NanosecondsTest {
  @Test
  void sameAsInTheJdk() {
    for (Duration duration :
        new Duration[] {
          Duration.ZERO,
          Duration.ofNanos(1),
          Duration.ofMillis(-3),
          Duration.ofDays(20_000),
          Duration.ofNanos(Long.MAX_VALUE),
          Duration.ofNanos(Long.MAX_VALUE).plusNanos(1),
          Duration.ofDays(1_000_000),
          Duration.ofSeconds(Long.MAX_VALUE)
        }) {
      assertThat(Nanoseconds.of(duration)).isEqualTo(TimeUnit.NANOSECONDS.convert(duration));
    }
  }
}
