package ernie4j.engine.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LogitsTest {
  @Test
  void argmaxIsTheFirstOfEqualMaxima() {
    assertThat(Logits.argmax(new float[] {9, 1, 3, 3}, 1, 3)).isEqualTo(1);
    assertThat(Logits.argmax(new float[] {-1}, 0, 1)).isZero();
  }

  @Test
  void probabilitiesSumToOneAlsoForLargeLogits() {
    float[] logits = {1000, 1001, 998};
    double sum = 0;
    for (int j = 0; j < 3; j++) {
      sum += Logits.probability(logits, 0, 3, j);
    }
    assertThat(sum).isCloseTo(1, within(1e-12));
    assertThat(Logits.probability(logits, 0, 2, 1))
        .isCloseTo(1 / (1 + Math.exp(-1)), within(1e-12));
  }
}
