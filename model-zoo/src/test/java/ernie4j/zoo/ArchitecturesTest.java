package ernie4j.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ernie4j.engine.EncoderConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArchitecturesTest {
  @ParameterizedTest
  @CsvSource({
    "base, 768, 12, 12, 3072, 117942528, 3",
    "medium, 768, 6, 12, 3072, 75415296, 16",
    "mini, 384, 6, 12, 1536, 26943360, 16",
    "micro, 384, 4, 12, 1536, 23394432, 16",
    "nano, 312, 4, 12, 1248, 17907240, 16"
  })
  void shapesAndParameterCountsMatchTheReferenceTable(
      String size, int hidden, int layers, int heads, int intermediate, long count, int tasks) {
    EncoderConfig v2 = Architectures.of("ernie-3.0-tiny-" + size + "-v2-zh");
    assertThat(v2)
        .isEqualTo(EncoderConfig.ernie(40000, hidden, layers, heads, intermediate, 2048))
        .isEqualTo(Architectures.of(size));
    assertThat(v2.taskTypes()).isZero();
    assertThat(v2.tokenTypes()).isEqualTo(4);
    assertThat(Architectures.parameterCount(v2)).isEqualTo(count);
    EncoderConfig v1 = Architectures.of("ernie-3.0-tiny-" + size + "-v1-zh");
    assertThat(v1.taskTypes()).isEqualTo(tasks);
    assertThat(Architectures.parameterCount(v1)).isEqualTo(count + (long) tasks * hidden);
    assertThat(Architectures.of("ernie-3.0-" + size + "-zh")).isEqualTo(v1);
  }

  @Test
  void picoHasTwoHeadsAndNoV1() {
    EncoderConfig pico = Architectures.of("ernie-3.0-tiny-pico-v2-zh");
    assertThat(pico)
        .isEqualTo(EncoderConfig.ernie(40000, 128, 3, 2, 512, 2048))
        .isEqualTo(Architectures.of("pico"))
        .isEqualTo(Architectures.of("3L128H2A"));
    assertThat(Architectures.parameterCount(pico)).isEqualTo(5_994_240);
    assertThatThrownBy(() -> Architectures.of("ernie-3.0-tiny-pico-v1-zh"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected one of [base, ");
  }

  @Test
  void xbaseMatchesPaddleNlp() {
    EncoderConfig xbase = Architectures.of("ernie-3.0-xbase-zh");
    assertThat(xbase.layers()).isEqualTo(20);
    assertThat(xbase.hiddenSize()).isEqualTo(1024);
    assertThat(xbase.headSize()).isEqualTo(64);
    assertThat(xbase.intermediateSize()).isEqualTo(4096);
    assertThat(xbase.taskTypes()).isEqualTo(16);
  }
}
