package ernie4j.machinecode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Products give the bits of the definition, for every form that this processor supports. */
class FloatProductTest {
  private final Random random = new Random(1);

  static Stream<Int8Form> forms() {
    return Machine.forms();
  }

  @ParameterizedTest
  @MethodSource("forms")
  void everyTileAndRemainder(Int8Form form) {
    FloatProduct product = Machine.floatProduct(form);
    int lanes = product.blocking().lanes();
    for (int m = 1; m <= 2 * product.blocking().rows() + 1; m++) {
      for (int n = 1; n <= product.blocking().width() + lanes + 1; n += 1 + random.nextInt(3)) {
        compare(product, m, 1 + random.nextInt(9), n);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("forms")
  void modelShapes(Int8Form form) {
    FloatProduct product = Machine.floatProduct(form);
    for (int[] shape :
        new int[][] {{16, 312, 1248}, {5, 1248, 312}, {130, 77, 300}, {33, 64, 96}}) {
      compare(product, shape[0], shape[1], shape[2]);
    }
  }

  /** A sum too long for one call continues in the next. */
  @ParameterizedTest
  @MethodSource("forms")
  void longSumsSpanSeveralCalls(Int8Form form) {
    FloatProduct product = Machine.floatProduct(form);
    Blocking blocking = product.blocking();
    long limit = blocking.work(Work.FLOAT32);
    int depth = Work.depth(limit, Integer.MAX_VALUE, (long) blocking.rows() * blocking.width());
    assertThat(depth).isBetween(1_000, 50_000);
    for (int k : new int[] {depth - 1, depth, depth + 1, 2 * depth + 7}) {
      compare(product, 3, k, 50);
      compare(product, 1, k, 100);
    }
  }

  private void compare(FloatProduct product, int m, int k, int n) {
    for (Variant.Start start : Variant.Start.values()) {
      for (boolean gelu : new boolean[] {false, true}) {
        int lda = k + random.nextInt(3);
        int ldc = n + random.nextInt(3);
        float[] a = Values.normal(random, 5 + m * lda);
        PlainProducts.Operand b = Values.operand(random, k, n);
        float[] bias = Values.normal(random, n);
        float[] expected = Values.normal(random, 7 + m * ldc);
        float[] got = expected.clone();
        PlainProducts.multiply(m, a, 2, lda, b, start, bias, gelu, expected, 3, ldc);
        FloatPanels panels = Values.panels(product.blocking(), b);
        product.run(m, a, 2, lda, panels, start, bias, gelu, got, 3, ldc);
        assertThat(got)
            .as("%d x %d x %d, %s, GELU %s, strides %d, %d", m, k, n, start, gelu, lda, ldc)
            .isEqualTo(expected);
      }
    }
  }

  /** GELU over all exponents, NaN and infinities. */
  @ParameterizedTest
  @MethodSource("forms")
  void geluOfAllKindsOfValues(Int8Form form) {
    FloatProduct product = Machine.floatProduct(form);
    int n = 1 << 14;
    float[] bias = new float[n];
    for (int i = 0; i < n; i++) {
      bias[i] = Float.intBitsToFloat(i << 18 | random.nextInt(1 << 18));
    }
    bias[1] = 0f;
    bias[2] = -0f;
    bias[3] = Float.NaN;
    bias[4] = Float.POSITIVE_INFINITY;
    bias[5] = Float.NEGATIVE_INFINITY;
    PlainProducts.Operand b = new PlainProducts.Operand(1, n, new float[n]);
    float[] a = {1f};
    float[] expected = new float[n];
    float[] got = new float[n];
    PlainProducts.multiply(1, a, 0, 1, b, Variant.Start.BIAS, bias, true, expected, 0, n);
    product.run(
        1,
        a,
        0,
        1,
        Values.panels(product.blocking(), b),
        Variant.Start.BIAS,
        bias,
        true,
        got,
        0,
        n);
    assertThat(got).isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("forms")
  void packsInPiecesTransposedAndRepeatedly(Int8Form form) {
    FloatProduct product = Machine.floatProduct(form);
    PlainProducts.Operand b = Values.operand(random, 29, 107);
    FloatPanels panels = Values.panels(product.blocking(), Values.operand(random, 40, 150));
    panels.reshape(29, 107);
    for (int row = 0; row < 29; row += 10) {
      for (int column = 0; column < 107; column += 30) {
        int height = Math.min(10, 29 - row);
        int width = Math.min(30, 107 - column);
        panels.copy(height, width, b.values(), row * 107 + column, 107, row, column);
      }
    }
    assertThat(product(product, panels))
        .isEqualTo(product(product, Values.panels(product.blocking(), b)));

    float[] transposed = new float[29 * 107];
    for (int k = 0; k < 29; k++) {
      for (int j = 0; j < 107; j++) {
        transposed[j * 29 + k] = b.values()[k * 107 + j];
      }
    }
    FloatPanels other = new FloatPanels(product.blocking(), 29, 107);
    other.copyTransposed(transposed, 0, 29, 0, 50);
    other.copyTransposed(transposed, 50 * 29, 29, 50, 57);
    assertThat(product(product, other)).isEqualTo(product(product, panels));
  }

  private static float[] product(FloatProduct product, FloatPanels b) {
    float[] a = Values.normal(new Random(7), 4 * b.rows());
    float[] c = new float[4 * b.columns()];
    Variant.Start zero = Variant.Start.ZERO;
    product.run(4, a, 0, b.rows(), b, zero, null, false, c, 0, b.columns());
    return c;
  }

  /** Padding that is not zero could become NaN, and the processor slower. */
  @ParameterizedTest
  @MethodSource("forms")
  void paddingIsZeroAfterReshape(Int8Form form) {
    Blocking blocking = Blocking.of(form.bits());
    int n = blocking.lanes() + 1; // a strip and one column of the next
    FloatPanels panels = Values.panels(blocking, Values.operand(random, 20, 64));
    panels.reshape(20, n);
    panels.copy(20, n, Values.normal(random, 20 * n), 0, n, 0, 0);
    for (int k = 0; k < 20; k++) {
      MemorySegment row = panels.from(0, k);
      for (int j = 0; j < 2 * blocking.lanes(); j++) {
        float value = row.getAtIndex(ValueLayout.JAVA_FLOAT, j);
        assertThat(value == 0).as("row %d, place %d", k, j).isEqualTo(j >= n);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("forms")
  void operandsOutsideOfTheirArraysAreRefused(Int8Form form) {
    FloatProduct product = Machine.floatProduct(form);
    FloatPanels b = Values.panels(product.blocking(), Values.operand(random, 8, 20));
    float[] a = new float[16];
    float[] c = new float[40];
    Variant.Start bias = Variant.Start.BIAS;
    for (Runnable wrong :
        new Runnable[] {
          () -> product.run(2, a, 1, 8, b, bias, new float[20], false, c, 0, 20),
          () -> product.run(2, a, -1, 8, b, bias, new float[20], false, c, 0, 20),
          () -> product.run(2, a, 0, 9, b, bias, new float[20], false, c, 0, 20),
          () -> product.run(2, a, 0, 7, b, bias, new float[20], false, c, 0, 20),
          () -> product.run(2, a, 0, 8, b, bias, new float[19], false, c, 0, 20),
          () -> product.run(2, a, 0, 8, b, bias, new float[20], false, c, 1, 20),
          () -> product.run(2, a, 0, 8, b, bias, new float[20], false, c, 0, 21),
          () -> product.run(0, a, 0, 8, b, bias, new float[20], false, c, 0, 20),
          () -> product.run(2, a, 0, 8, b, bias, null, false, c, 0, 20)
        }) {
      assertThatThrownBy(wrong::run).isInstanceOf(IndexOutOfBoundsException.class);
    }
    assertThat(c).containsOnly(0f);
  }
}
