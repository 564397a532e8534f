package ernie4j.machinecode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Products give the bits of the definition, for every form that this processor supports. */
class Int8ProductTest {
  private final Random random = new Random(2);

  static Stream<Int8Form> forms() {
    return Machine.forms();
  }

  @ParameterizedTest
  @MethodSource("forms")
  void everyTileAndRemainder(Int8Form form) {
    Int8Product product = Machine.int8Product(form);
    int lanes = product.blocking().lanes();
    for (int m = 1; m <= 2 * product.blocking().rows() + 1; m++) {
      for (int n = 1; n <= product.blocking().width() + lanes + 1; n += 1 + random.nextInt(3)) {
        compare(product, m, 1 + random.nextInt(40), n);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("forms")
  void modelShapes(Int8Form form) {
    Int8Product product = Machine.int8Product(form);
    for (int[] shape :
        new int[][] {
          {16, 312, 1248}, {5, 1248, 312}, {300, 77, 130}, {33, 64, 96}, {2, 65536, 5}
        }) {
      compare(product, shape[0], shape[1], shape[2]);
    }
  }

  private void compare(Int8Product product, int m, int k, int n) {
    for (float scale : new float[] {0, 0.1f + random.nextFloat()}) {
      for (boolean gelu : new boolean[] {false, true}) {
        float[] a = Values.normal(random, 5 + m * (k + 1));
        compare(product, m, a, k + 1, scale, Values.codes(random, k, n), gelu);
      }
    }
  }

  private void compare(
      Int8Product product,
      int m,
      float[] a,
      int lda,
      float scale,
      PlainProducts.Codes b,
      boolean gelu) {
    int n = b.columns();
    int ldc = n + random.nextInt(3);
    float[] bias = Values.normal(random, n);
    float[] expected = Values.normal(random, 7 + m * ldc);
    float[] got = expected.clone();
    PlainProducts.multiply(m, a, 2, lda, scale, b, bias, gelu, expected, 3, ldc);
    Int8Panels panels = Values.panels(product.form(), b);
    product.run(m, a, 2, lda, scale, panels, bias, gelu, got, 3, ldc);
    assertThat(got)
        .as("%d x %d x %d, scale %s, GELU %s", m, b.rows(), n, scale, gelu)
        .isEqualTo(expected);
  }

  /** The largest sums of both signs. */
  @ParameterizedTest
  @MethodSource("forms")
  void extremeCodes(Int8Form form) {
    Int8Product product = Machine.int8Product(form);
    for (byte code : new byte[] {-128, -127, 127}) {
      for (float x : new float[] {-9f, 9f}) {
        byte[] codes = new byte[65536 * 2];
        Arrays.fill(codes, code);
        float[] a = new float[65536 + 2];
        Arrays.fill(a, x);
        PlainProducts.Codes b = new PlainProducts.Codes(65536, 2, codes, new float[] {1.5f, 70f});
        compare(product, 1, a, 65536, 1f, b, false);
      }
    }
  }

  /** Ties between two codes, values beyond the scale, the smallest and the largest floats. */
  @ParameterizedTest
  @MethodSource("forms")
  void roundingAndExtremeValues(Int8Form form) {
    Int8Product product = Machine.int8Product(form);
    int k = 259;
    for (float unit : new float[] {1f / 127, Float.MIN_VALUE, 0x1p-130f, 0x1p120f, 1e-20f}) {
      float[] a = new float[2 + 4 * k];
      for (int i = 0; i < k; i++) {
        a[2 + i] = (i - 129) * 0.5f * unit;
        a[2 + k + i] = (i - 129) * 1.5f * unit;
        a[2 + 2 * k + i] = (i & 1) == 0 ? 0f : -0f;
        a[2 + 3 * k + i] = i == 200 ? unit : 0f;
      }
      for (float scale : new float[] {0, 1f, unit, 127 * unit, Float.MIN_VALUE, Float.MAX_VALUE}) {
        compare(product, 4, a, k, scale, Values.codes(random, k, 21), false);
      }
    }
  }

  /** One value that is not finite makes its whole row NaN, with a given scale, too. */
  @ParameterizedTest
  @MethodSource("forms")
  void nonFiniteRowsBecomeNaN(Int8Form form) {
    Int8Product product = Machine.int8Product(form);
    float[] bad = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, -Float.NaN};
    for (int k : new int[] {1, 16, 33}) {
      for (int at = 0; at < k; at++) {
        for (float scale : new float[] {0, 2f}) {
          float[] a = Values.normal(random, 2 + 3 * k);
          a[2 + k + at] = bad[at % bad.length];
          float[] c = new float[3 * 20];
          Int8Panels b = Values.panels(form, Values.codes(random, k, 20));
          product.run(3, a, 2, k, scale, b, new float[20], at % 2 == 0, c, 0, 20);
          for (int i = 0; i < c.length; i++) {
            assertThat(Float.isNaN(c[i])).as("place %d of 3 x 20", i).isEqualTo(i / 20 == 1);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("forms")
  void packsInPiecesAndRepeatedly(Int8Form form) {
    Int8Product product = Machine.int8Product(form);
    PlainProducts.Codes b = Values.codes(random, 31, 107);
    Int8Panels whole = Values.panels(form, b);
    Int8Panels pieces = new Int8Panels(form, Blocking.of(form.bits()), 31, 107, b.scales());
    byte[] other = new byte[31 * 107];
    random.nextBytes(other);
    pieces.copy(31, 107, other, 0, 107, 0, 0);
    for (int row = 0; row < 31; row += 7) {
      for (int column = 0; column < 107; column += 40) {
        int height = Math.min(7, 31 - row);
        int width = Math.min(40, 107 - column);
        pieces.copy(height, width, b.values(), row * 107 + column, 107, row, column);
      }
    }
    assertThat(product(product, pieces)).isEqualTo(product(product, whole));
  }

  private static float[] product(Int8Product product, Int8Panels b) {
    float[] a = Values.normal(new Random(7), 4 * b.rows());
    float[] c = new float[4 * b.columns()];
    product.run(4, a, 0, b.rows(), 0, b, new float[b.columns()], false, c, 0, b.columns());
    return c;
  }

  @ParameterizedTest
  @MethodSource("forms")
  void operandsOutsideOfTheirArraysAreRefused(Int8Form form) {
    Int8Product product = Machine.int8Product(form);
    Int8Panels b = Values.panels(form, Values.codes(random, 8, 20));
    float[] a = new float[16];
    float[] c = new float[40];
    float[] bias = new float[20];
    for (Runnable wrong :
        new Runnable[] {
          () -> product.run(2, a, 1, 8, 0, b, bias, false, c, 0, 20),
          () -> product.run(2, a, -1, 8, 0, b, bias, false, c, 0, 20),
          () -> product.run(2, a, 0, 9, 0, b, bias, false, c, 0, 20),
          () -> product.run(2, a, 0, 7, 0, b, bias, false, c, 0, 20),
          () -> product.run(2, a, 0, 8, 0, b, new float[19], false, c, 0, 20),
          () -> product.run(2, a, 0, 8, 0, b, bias, false, c, 1, 20),
          () -> product.run(2, a, 0, 8, 0, b, bias, false, c, 0, 21),
          () -> product.run(0, a, 0, 8, 0, b, bias, false, c, 0, 20)
        }) {
      assertThatThrownBy(wrong::run).isInstanceOf(IndexOutOfBoundsException.class);
    }
    assertThat(c).containsOnly(0f);
  }
}
