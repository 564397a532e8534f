package ernie4j.machinecode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ernie4j.engine.kernels.Bfloat16;
import ernie4j.engine.kernels.Epilogue;
import ernie4j.engine.kernels.Kernels;
import ernie4j.engine.kernels.PackedMatrix;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Products are exact for numbers whose sums are exact in every order. For others the error is at
 * most that of float32 sums of rounded operands.
 */
class Bfloat16ProductTest {
  private final Random random = new Random(3);
  private Bfloat16Product product;

  @BeforeEach
  void requireBfloat16() {
    product = Machine.bfloat16Product();
  }

  @Test
  void everyTileAndRemainder() {
    int lanes = product.blocking().lanes();
    for (int m = 1; m <= 2 * product.blocking().rows() + 1; m++) {
      for (int n = 1; n <= product.blocking().width() + lanes + 1; n += 1 + random.nextInt(3)) {
        compare(m, 1 + random.nextInt(40), n);
      }
    }
    compare(300, 77, 130);
    compare(16, 1248, 312);
  }

  private void compare(int m, int k, int n) {
    for (Variant.Start start : Variant.Start.values()) {
      for (boolean gelu : new boolean[] {false, true}) {
        int lda = k + random.nextInt(3);
        int ldc = n + random.nextInt(3);
        float[] a = Values.whole(random, 5 + m * lda);
        PlainProducts.Operand b = new PlainProducts.Operand(k, n, Values.whole(random, k * n));
        float[] bias = Values.whole(random, n);
        float[] expected = Values.whole(random, 7 + m * ldc);
        float[] got = expected.clone();
        PlainProducts.multiply(m, a, 2, lda, b, start, bias, gelu, expected, 3, ldc);
        Bfloat16Panels panels = Values.bfloat16Panels(product.blocking(), b);
        product.run(m, a, 2, lda, panels, start, bias, gelu, got, 3, ldc);
        assertThat(got).as("%d x %d x %d, %s, GELU %s", m, k, n, start, gelu).isEqualTo(expected);
      }
    }
  }

  @Test
  void modelShapesStayWithinTheErrorBound() {
    int m = 20;
    for (int[] shape : new int[][] {{312, 1248}, {1248, 312}, {77, 130}, {768, 50}}) {
      int k = shape[0];
      int n = shape[1];
      float[] a = Values.normal(random, m * k);
      PlainProducts.Operand b = Values.operand(random, k, n);
      float[] got = new float[m * n];
      Bfloat16Panels panels = Values.bfloat16Panels(product.blocking(), b);
      product.run(m, a, 0, k, panels, Variant.Start.ZERO, null, false, got, 0, n);
      for (int i = 0; i < m; i++) {
        for (int j = 0; j < n; j++) {
          double sum = 0;
          double magnitude = 0;
          for (int l = 0; l < k; l++) {
            double term = rounded(a[i * k + l]) * (double) rounded(b.values()[l * n + j]);
            sum += term;
            magnitude += Math.abs(term);
          }
          double bound = k * 0x1p-24 * magnitude;
          assertThat((double) got[i * n + j]).isCloseTo(sum, within(bound));
        }
      }
    }
  }

  /** A product with 1 is the rounded value. Denormal numbers count as zero. */
  @Test
  void roundsValuesLikeWeights() {
    int m = 1 << 12;
    float[] a = new float[m];
    for (int i = 0; i < m; i++) {
      a[i] = Float.intBitsToFloat(i << 20 | random.nextInt(1 << 20));
    }
    float[] got = new float[m];
    Bfloat16Panels one =
        Values.bfloat16Panels(
            product.blocking(), new PlainProducts.Operand(1, 1, new float[] {1f}));
    product.run(m, a, 0, 1, one, Variant.Start.ZERO, null, false, got, 0, 1);
    for (int i = 0; i < m; i++) {
      float expected = Math.abs(a[i]) < Float.MIN_NORMAL ? 0 : rounded(a[i]);
      if (Float.isNaN(expected)) {
        assertThat(got[i]).isNaN();
      } else if (Float.isInfinite(expected)) {
        // A step has two products; the other one is 0 x 0.
        assertThat(got[i]).isEqualTo(expected);
      } else {
        assertThat(got[i]).as("%a", a[i]).isEqualTo(expected);
      }
    }
  }

  private static float rounded(float value) {
    return Bfloat16.widen(Bfloat16.round(value));
  }

  @Test
  void aRowGivesTheSameBitsAloneAndWithOthers() {
    int m = 37;
    int k = 129;
    int n = 83;
    float[] a = Values.normal(random, m * k);
    Bfloat16Panels b = Values.bfloat16Panels(product.blocking(), Values.operand(random, k, n));
    float[] together = new float[m * n];
    product.run(m, a, 0, k, b, Variant.Start.ZERO, null, false, together, 0, n);
    for (int i = 0; i < m; i++) {
      float[] alone = new float[n];
      product.run(1, a, i * k, k, b, Variant.Start.ZERO, null, false, alone, 0, n);
      assertThat(alone).isEqualTo(Arrays.copyOfRange(together, i * n, (i + 1) * n));
    }
  }

  @Test
  void nonFiniteValuesMakeTheirRowNonFinite() {
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      float[] a = Values.normal(random, 3 * 9);
      a[9 + 4] = bad;
      Bfloat16Panels b = Values.bfloat16Panels(product.blocking(), Values.operand(random, 9, 20));
      float[] got = new float[3 * 20];
      product.run(3, a, 0, 9, b, Variant.Start.ZERO, null, false, got, 0, 20);
      for (int i = 0; i < got.length; i++) {
        assertThat(Float.isFinite(got[i])).as("place %d", i).isEqualTo(i / 20 != 1);
      }
    }
  }

  @Test
  void packsInPiecesTransposedAndRepeatedly() {
    PlainProducts.Operand b = Values.operand(random, 29, 107);
    Bfloat16Panels expected = Values.bfloat16Panels(product.blocking(), b);
    Bfloat16Panels pieces =
        Values.bfloat16Panels(product.blocking(), Values.operand(random, 40, 150));
    pieces.reshape(29, 107);
    for (int row = 0; row < 29; row += 7) {
      int height = Math.min(7, 29 - row);
      pieces.copy(height, 107, b.values(), row * 107, 107, row, 0);
    }
    float[] transposed = new float[29 * 107];
    Kernels.scalar().transpose(29, 107, b.values(), 0, 107, transposed, 0, 29);
    Bfloat16Panels turned = new Bfloat16Panels(product.blocking(), 29, 107);
    turned.copyTransposed(transposed, 0, 29, 0, 50);
    turned.copyTransposed(transposed, 50 * 29, 29, 50, 57);
    assertThat(product(pieces)).isEqualTo(product(expected));
    assertThat(product(turned)).isEqualTo(product(expected));
  }

  private float[] product(Bfloat16Panels b) {
    float[] a = Values.normal(new Random(7), 4 * b.rows());
    float[] c = new float[4 * b.columns()];
    product.run(4, a, 0, b.rows(), b, Variant.Start.ZERO, null, false, c, 0, b.columns());
    return c;
  }

  @Test
  void kernelsMultiplyInBfloat16() {
    Kernels kernels = Kernels.named("machine-code");
    assertThat(kernels.multiplyBfloat16()).isTrue();
    float[] a = Values.whole(random, 5 * 21);
    float[] b = Values.whole(random, 21 * 60);
    float[] bias = Values.whole(random, 60);
    float[] expected = new float[5 * 60];
    float[] got = new float[5 * 60];
    for (Kernels each : new Kernels[] {kernels, Kernels.scalar()}) {
      PackedMatrix packed = each.newBfloat16Matrix(21, 60);
      each.packBlock(21, 60, b, 0, 60, packed, 0, 0);
      each.gemm(5, a, 0, 21, packed, bias, Epilogue.NONE, each == kernels ? got : expected, 0, 60);
    }
    assertThat(got).isEqualTo(expected);
    assertThat(kernels.newBfloat16Matrix(21, 60)).isInstanceOf(Bfloat16Panels.class);
  }
}
