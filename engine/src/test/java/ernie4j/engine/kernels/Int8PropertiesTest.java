package ernie4j.engine.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ernie4j.engine.KernelsUnderTest;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Products of codes against sums in 64-bit integers: no rounding, no saturation, whatever the codes
 * are. A has the values of codes and a scale of 127, so that its codes are these values.
 */
class Int8PropertiesTest {
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Case(int m, int n, int columns, byte[] a, byte[] b) {
    static Case of(Random random, int m, int n, int columns, CodeSource codes) {
      Case made = new Case(m, n, columns, new byte[m * n], new byte[n * columns]);
      for (byte[] part : new byte[][] {made.a, made.b}) {
        for (int i = 0; i < part.length; i++) {
          part[i] = (byte) codes.next(random, part == made.a);
        }
      }
      return made;
    }

    /** What every provider must give: the exact sums, dequantized in float32. */
    float[] expected(float step, float[] scales, float[] bias) {
      float[] c = new float[m * columns];
      for (int i = 0; i < m; i++) {
        for (int j = 0; j < columns; j++) {
          long sum = 0;
          for (int k = 0; k < n; k++) {
            sum += (long) a[i * n + k] * b[k * columns + j];
          }
          c[i * columns + j] =
              Math.fma((float) Math.toIntExact(sum), step * (scales[j] / 127), bias[j]);
        }
      }
      return c;
    }
  }

  private interface CodeSource {
    int next(Random random, boolean isActivation);
  }

  private static float[] multiply(Kernels kernels, Case c, float[] scales, float[] bias) {
    Int8Matrix weight = kernels.newInt8Matrix(c.n, c.columns, scales);
    // In two blocks of rows, as a file is read.
    int half = c.n / 2;
    if (half > 0) {
      kernels.packCodes(half, c.columns, c.b, 0, c.columns, weight, 0, 0);
    }
    kernels.packCodes(c.n - half, c.columns, c.b, half * c.columns, c.columns, weight, half, 0);
    float[] x = new float[2 + c.m * (c.n + 1)];
    for (int i = 0; i < c.m; i++) {
      for (int k = 0; k < c.n; k++) {
        x[2 + i * (c.n + 1) + k] = c.a[i * c.n + k];
      }
    }
    float[] y = new float[3 + c.m * (c.columns + 2)];
    Arrays.fill(y, Float.NaN);
    kernels.gemmInt8(c.m, x, 2, c.n + 1, 127f, weight, bias, Epilogue.NONE, y, 3, c.columns + 2);
    float[] result = new float[c.m * c.columns];
    for (int i = 0; i < c.m; i++) {
      System.arraycopy(y, 3 + i * (c.columns + 2), result, i * c.columns, c.columns);
    }
    for (int i = 0; i < y.length; i++) {
      int place = (i - 3) % (c.columns + 2);
      if (i < 3 || place >= c.columns) {
        assertThat(y[i]).as("outside of C, at %d", i).isNaN();
      }
    }
    return result;
  }

  private static void check(Case c, Random random) {
    float[] scales = new float[c.columns];
    float[] bias = new float[c.columns];
    for (int j = 0; j < c.columns; j++) {
      scales[j] = random.nextInt(5) == 0 ? 0 : random.nextFloat();
      bias[j] = random.nextFloat() - 0.5f;
    }
    float[] expected = c.expected(127f / 127, scales, bias);
    KernelsUnderTest.all()
        .forEach(
            kernels ->
                assertThat(multiply(kernels, c, scales, bias))
                    .as("%s, %d x %d x %d", kernels, c.m, c.n, c.columns)
                    .isEqualTo(expected));
  }

  @Property(tries = 60)
  void sumsAreExact(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 11) int m,
      @ForAll @IntRange(min = 1, max = 150) int n,
      @ForAll @IntRange(min = 1, max = 140) int columns) {
    Random random = new Random(seed);
    check(Case.of(random, m, n, columns, (r, activation) -> r.nextInt(256) - 128), random);
  }

  @Property(tries = 20)
  void extremeCodesDoNotSaturate(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 5) int m,
      @ForAll @IntRange(min = 500, max = 3100) int n) {
    Random random = new Random(seed);
    int[] extremes = {-128, -127, 127};
    int least = random.nextInt(2); // with and without weights of -128
    check(
        Case.of(
            random,
            m,
            n,
            33,
            (r, activation) -> extremes[activation ? r.nextInt(3) : least + r.nextInt(3 - least)]),
        random);
    int same = extremes[random.nextInt(3)];
    int weight = extremes[least + random.nextInt(3 - least)];
    check(Case.of(random, m, n, 33, (r, activation) -> activation ? same : weight), random);
  }

  @ParameterizedTest
  @MethodSource("ernie4j.engine.KernelsUnderTest#all")
  void activationsRoundHalfToEvenAndAreClamped(Kernels kernels) {
    float[] x = {
      0.5f, 1.5f, 2.5f, -0.5f, -1.5f, 126.5f, 127.5f, 500f, -127.5f, -500f, -0f, 0.49f, 1e30f,
      -1e30f, 3f, 4f, -77.5f, 1e-30f
    };
    float[] expected = {0, 2, 2, 0, -2, 126, 127, 127, -128, -128, 0, 0, 127, -128, 3, 4, -78, 0};
    int n = x.length;
    float[] ones = new float[n];
    Arrays.fill(ones, 127f);
    Int8Matrix identity = kernels.newInt8Matrix(n, n, ones);
    byte[] codes = new byte[n * n];
    for (int i = 0; i < n; i++) {
      codes[i * n + i] = 1;
    }
    kernels.packCodes(n, n, codes, 0, n, identity, 0, 0);
    float[] y = new float[n];
    kernels.gemmInt8(1, x, 0, n, 127f, identity, new float[n], Epilogue.NONE, y, 0, n);
    assertThat(y).isEqualTo(expected);
  }

  @Property(tries = 60)
  void nonFiniteValueMakesOnlyItsRowNaN(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 70) int n,
      @ForAll @IntRange(min = 1, max = 40) int columns,
      @ForAll boolean calibrated) {
    Random random = new Random(seed);
    float[] bad = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY};
    int m = 5;
    float[] x = new float[m * n];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian();
    }
    int row = random.nextInt(m);
    x[row * n + random.nextInt(n)] = bad[random.nextInt(bad.length)];
    for (Kernels kernels : KernelsUnderTest.all()) {
      for (Epilogue epilogue : new Epilogue[] {Epilogue.NONE, Epilogue.GELU}) {
        Int8Matrix weight = kernels.newInt8Matrix(n, columns, new float[columns]);
        float[] y = new float[m * columns];
        float scale = calibrated ? 2f : 0f;
        kernels.gemmInt8(m, x, 0, n, scale, weight, new float[columns], epilogue, y, 0, columns);
        for (int i = 0; i < y.length; i++) {
          assertThat(Float.isNaN(y[i])).as("%s, %d", kernels, i).isEqualTo(i / columns == row);
        }
      }
    }
  }

  @Property(tries = 40)
  void withoutAScaleEveryRowIsScaledByItsMaximum(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 9) int m,
      @ForAll @IntRange(min = 1, max = 70) int n) {
    Random random = new Random(seed);
    Case c = Case.of(random, 1, n, 40, (r, activation) -> r.nextInt(255) - 127);
    float[] scales = new float[40];
    Arrays.fill(scales, 0.3f);
    float[] bias = new float[40];
    float[] x = new float[m * n];
    for (int i = 0; i < x.length; i++) {
      x[i] = i / n == 1 ? 0 : (float) random.nextGaussian() * (1 + i / n);
    }
    for (Kernels kernels : KernelsUnderTest.all()) {
      Int8Matrix weight = kernels.newInt8Matrix(n, 40, scales);
      kernels.packCodes(n, 40, c.b, 0, 40, weight, 0, 0);
      float[] together = new float[m * 40];
      kernels.gemmInt8(m, x, 0, n, 0f, weight, bias, Epilogue.NONE, together, 0, 40);
      for (int i = 0; i < m; i++) {
        float max = 0;
        for (int k = 0; k < n; k++) {
          max = Math.max(max, Math.abs(x[i * n + k]));
        }
        float[] alone = new float[40];
        if (max > 0) {
          kernels.gemmInt8(1, x, i * n, n, max, weight, bias, Epilogue.NONE, alone, 0, 40);
        }
        assertThat(Arrays.copyOfRange(together, i * 40, i * 40 + 40)).isEqualTo(alone);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("ernie4j.engine.KernelsUnderTest#all")
  void fusedGeluEqualsGeluOfTheProduct(Kernels kernels) {
    Random random = new Random(5);
    float[] scales = new float[75];
    Arrays.fill(scales, 0.02f);
    Int8Matrix weight = kernels.newInt8Matrix(37, 75, scales);
    byte[] codes = new byte[37 * 75];
    random.nextBytes(codes);
    kernels.packCodes(37, 75, codes, 0, 75, weight, 0, 0);
    float[] x = new float[6 * 37];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian();
    }
    float[] bias = new float[75];
    float[] plain = new float[6 * 75];
    float[] fused = new float[6 * 75];
    kernels.gemmInt8(6, x, 0, 37, 3f, weight, bias, Epilogue.NONE, plain, 0, 75);
    kernels.gemmInt8(6, x, 0, 37, 3f, weight, bias, Epilogue.GELU, fused, 0, 75);
    kernels.gelu(plain.length, plain, 0, plain, 0);
    assertThat(fused).isEqualTo(plain);
  }

  @Test
  void impossibleWeightsAreRefused() {
    Kernels kernels = Kernels.scalar();
    assertThatThrownBy(() -> kernels.newInt8Matrix(2, 2, new float[] {1, Float.NaN}))
        .hasMessageContaining("newInt8Matrix: expected scales from 0 on, got NaN for column 1");
    assertThatThrownBy(() -> kernels.newInt8Matrix(1 << 17, 1, new float[1]))
        .hasMessageContaining("at most 65536 rows");
    assertThatThrownBy(() -> kernels.newInt8Matrix(2, 0, new float[2]))
        .hasMessageContaining("newInt8Matrix: expected columns of at least 1, got 0");
    assertThatThrownBy(() -> kernels.newInt8Matrix(2, 3, new float[2]))
        .hasMessageContaining("expected scales within its array of 2 values");
    Int8Matrix weight = kernels.newInt8Matrix(2, 2, new float[2]);
    assertThatThrownBy(() -> kernels.packCodes(2, 2, new byte[3], 0, 2, weight, 0, 0))
        .hasMessageContaining("packCodes: expected b [2, 2] within its array of 3 values");
    assertThatThrownBy(() -> kernels.packCodes(1, 2, new byte[4], 0, 2, weight, 2, 0))
        .hasMessageContaining("packCodes: expected rows within [0, 2), got [2, 3)");
    assertThatThrownBy(() -> kernels.packCodes(1, 2, new byte[4], 0, 2, weight, 0, 1))
        .hasMessageContaining("packCodes: expected columns within [0, 2), got [1, 3)");
    assertThatThrownBy(
            () ->
                kernels.gemmInt8(
                    1,
                    new float[2],
                    0,
                    2,
                    -1,
                    weight,
                    new float[2],
                    Epilogue.NONE,
                    new float[2],
                    0,
                    2))
        .hasMessageContaining("gemmInt8: expected a scale from 0 on, got -1.0");
  }
}
