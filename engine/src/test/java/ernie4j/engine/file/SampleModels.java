package ernie4j.engine.file;

import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.engine.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Random;

/** Parts of models with random contents, and their comparison bit by bit. */
final class SampleModels {
  private SampleModels() {}

  /** Any float patterns, NaN and infinities included. */
  static Tensor randomTensor(Random random, int... shape) {
    Tensor tensor = Tensor.zeros(shape);
    for (int i = 0; i < tensor.size(); i++) {
      tensor.data()[i] = Float.intBitsToFloat(random.nextInt());
    }
    return tensor;
  }

  static void assertSame(Model actual, Model expected) {
    assertThat(actual.config()).isEqualTo(expected.config());
    assertThat(actual.task()).isEqualTo(expected.task());
    assertThat(actual.vocabulary()).isEqualTo(expected.vocabulary());
    assertThat(actual.labels()).isEqualTo(expected.labels());
    assertThat(actual.tokenizerOptions()).isEqualTo(expected.tokenizerOptions());
    assertThat(actual.options()).isEqualTo(expected.options());
    assertThat(actual.provenance()).isEqualTo(expected.provenance());
    assertThat(new ArrayList<>(actual.parameters().names()))
        .isEqualTo(new ArrayList<>(expected.parameters().names()));
    actual
        .parameters()
        .asMap()
        .forEach(
            (name, tensor) -> {
              assertThat(tensor.shape()).isEqualTo(expected.parameters().get(name).shape());
              assertThat(rawBits(tensor)).isEqualTo(rawBits(expected.parameters().get(name)));
            });
  }

  private static int[] rawBits(Tensor tensor) {
    int[] bits = new int[tensor.size()];
    Arrays.setAll(bits, i -> Float.floatToRawIntBits(tensor.get(i)));
    return bits;
  }
}
