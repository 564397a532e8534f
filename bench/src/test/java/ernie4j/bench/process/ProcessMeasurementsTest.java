package ernie4j.bench.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProcessMeasurementsTest {
  @Test
  void readsLinuxMemoryLines() throws IOException {
    ProcessMemory memory =
        ProcessMemory.parse(
            List.of(
                "Name:\tjava", "VmPeak:\t 9999 kB", "VmHWM:\t    4096 kB", "VmRSS:\t    3072 kB"));
    assertThat(memory).isEqualTo(new ProcessMemory(3, 4));
    assertThatThrownBy(() -> ProcessMemory.parse(List.of("VmHWM:\t 1 kB", "VmRSS:\t lots")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("expected a line such as 'VmRSS:  1234 kB'");
  }

  @Test
  void steadyFromTheFirstWindowNearlyAsFastAsTheBest() {
    double[] durations = new double[200];
    Arrays.fill(durations, 0, 50, 10);
    Arrays.fill(durations, 50, 100, 1.4);
    Arrays.fill(durations, 100, 150, 1.2);
    Arrays.fill(durations, 150, 200, 1.0);
    double[] ends = new double[200];
    Arrays.setAll(ends, i -> 300 + i);

    SteadyState steady = SteadyState.of(durations, ends);
    assertThat(steady.best()).isEqualTo(1);
    // From call 91 on at least half of the next twenty take 1.2: the median is (1.4 + 1.2) / 2.
    assertThat(steady.call()).isEqualTo(91);
    assertThat(steady.milliseconds()).isEqualTo(390);
  }

  @Test
  void refusesTooFewCalls() {
    assertThatThrownBy(() -> SteadyState.of(new double[19], new double[19]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least 20 calls, got 19");
  }

  @Test
  void aSoakFailsOnGrowthAndOnSlowdown() {
    assertThat(new SoakResult(1000, 1100, 100, 104).failures(100, 0.05)).isEmpty();
    assertThat(new SoakResult(1000, 1101, 100, 106).failures(100, 0.05))
        .hasSize(2)
        .anyMatch(text -> text.contains("grew by 101 bytes; expected at most 100"))
        .anyMatch(text -> text.contains("106.0 µs in the last tenth and 100.0 µs in the first"));
    assertThat(new SoakResult(1000, 500, 100, Double.NaN).failures(100, 0.05)).hasSize(1);
  }

  @Test
  void refusesDifferentAnswers() throws IOException {
    ChildJvm.Answer ours = answer("music.play [song:花心]", "0.999");
    StartUp.requireSame(ours, answer("music.play [song:花心]", "0.9985"));
    assertThatThrownBy(() -> StartUp.requireSame(ours, answer("OTHERS []", "0.999")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no times are reported");
    assertThatThrownBy(() -> StartUp.requireSame(ours, answer("music.play [song:花心]", "0.9")))
        .isInstanceOf(IllegalStateException.class);
  }

  private static ChildJvm.Answer answer(String text, String confidence) {
    return new ChildJvm.Answer(Map.of("answer", text, "confidence", confidence));
  }
}
