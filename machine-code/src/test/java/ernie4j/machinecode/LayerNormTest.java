package ernie4j.machinecode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ernie4j.engine.kernels.Kernels;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Layer norm gives the bits of the plain kernels, for every width that this processor supports. */
class LayerNormTest {
  private final Random random = new Random(8);

  static Stream<Integer> widths() {
    return Machine.x86Forms().map(Int8Form::bits).distinct();
  }

  private static LayerNorm layerNorm(int bits) {
    return new LayerNorm(bits, Machine.MEMORY, Machine.CONSTANTS);
  }

  @ParameterizedTest
  @MethodSource("widths")
  void everyRemainder(int bits) {
    LayerNorm norm = layerNorm(bits);
    for (int columns = 1; columns <= 67; columns++) {
      compare(norm, 1 + random.nextInt(4), columns, columns % 2 == 0);
      compare(norm, 1 + random.nextInt(4), columns, columns % 2 == 1);
    }
    for (int columns : new int[] {312, 384, 512, 768, 1023}) {
      compare(norm, 3, columns, true);
      compare(norm, 3, columns, false);
    }
  }

  @ParameterizedTest
  @MethodSource("widths")
  void moreRowsThanACallTakes(int bits) {
    int columns = 1024;
    compare(layerNorm(bits), 2 * Work.CONVERTED / columns + 3, columns, true);
  }

  private void compare(LayerNorm norm, int rows, int columns, boolean withResidual) {
    int ldx = columns + random.nextInt(3);
    float[] x = Values.normal(random, 2 + rows * ldx);
    float @Nullable [] residual = withResidual ? Values.normal(random, 2 + rows * ldx) : null;
    assertSame(norm, rows, columns, x, residual, ldx, 1e-12f);
    assertSame(norm, rows, columns, x, residual, ldx, 1e-5f);
  }

  private void assertSame(
      LayerNorm norm,
      int rows,
      int columns,
      float[] x,
      float @Nullable [] residual,
      int ldx,
      float epsilon) {
    int ldy = columns + random.nextInt(3);
    float[] gamma = Values.normal(random, columns + 1);
    float[] beta = Values.normal(random, columns);
    float[] expected = Values.normal(random, 3 + rows * ldy);
    float[] got = expected.clone();
    Kernels plain = Kernels.scalar();
    plain.layerNorm(
        rows, columns, x, residual, 2, ldx, gamma, beta, epsilon, expected, 3, ldy, null, 0);
    norm.run(rows, columns, x, residual, 2, ldx, gamma, beta, epsilon, got, 3, ldy);
    assertThat(got).as("%d rows of %d", rows, columns).isEqualTo(expected);
  }

  /** Constant rows, zeros of both signs, denormal and huge values, NaN and infinities. */
  @ParameterizedTest
  @MethodSource("widths")
  void extremeValues(int bits) {
    LayerNorm norm = layerNorm(bits);
    int columns = 41;
    for (float constant :
        new float[] {0f, -0f, 0.1f, -3e-39f, Float.MIN_VALUE, 1e19f, 3e38f, Float.NaN}) {
      float[] x = new float[2 + 2 * columns];
      Arrays.fill(x, constant);
      assertSame(norm, 2, columns, x, null, columns, 1e-12f);
      assertSame(norm, 2, columns, x, x, columns, 1e-12f);
    }
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      for (int at : new int[] {2, 20, 2 + columns - 1}) {
        float[] x = Values.normal(random, 2 + 2 * columns);
        x[at] = bad;
        assertSame(norm, 2, columns, x, null, columns, 1e-12f);
      }
    }
  }

  /** The encoder writes the result over the residual. */
  @ParameterizedTest
  @MethodSource("widths")
  void resultMayReplaceAnOperand(int bits) {
    int columns = 60;
    float[] x = Values.normal(random, 3 * columns);
    float[] residual = Values.normal(random, 3 * columns);
    float[] gamma = Values.normal(random, columns);
    float[] beta = Values.normal(random, columns);
    float[] expected = new float[3 * columns];
    Kernels.scalar()
        .layerNorm(
            3, columns, x, residual, 0, columns, gamma, beta, 1e-12f, expected, 0, columns, null,
            0);
    for (float[] target : new float[][] {x.clone(), residual.clone()}) {
      boolean overX = Arrays.equals(target, x);
      layerNorm(bits)
          .run(
              3,
              columns,
              overX ? target : x,
              overX ? residual : target,
              0,
              columns,
              gamma,
              beta,
              1e-12f,
              target,
              0,
              columns);
      assertThat(target).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @MethodSource("widths")
  void operandsOutsideOfTheirArraysAreRefused(int bits) {
    LayerNorm norm = layerNorm(bits);
    float[] x = new float[2 * 20];
    float[] y = new float[2 * 20];
    float[] g = new float[20];
    for (Runnable wrong :
        new Runnable[] {
          () -> norm.run(2, 20, x, null, 1, 20, g, g, 0, y, 0, 20),
          () -> norm.run(2, 20, x, null, 0, 21, g, g, 0, y, 0, 20),
          () -> norm.run(2, 20, x, new float[39], 0, 20, g, g, 0, y, 0, 20),
          () -> norm.run(2, 20, x, null, 0, 20, new float[19], g, 0, y, 0, 20),
          () -> norm.run(2, 20, x, null, 0, 20, g, new float[19], 0, y, 0, 20),
          () -> norm.run(2, 20, x, null, 0, 20, g, g, 0, y, 1, 20),
          () -> norm.run(3, 20, x, null, 0, 20, g, g, 0, y, 0, 20)
        }) {
      assertThatThrownBy(wrong::run).isInstanceOf(IndexOutOfBoundsException.class);
    }
    assertThat(y).containsOnly(0f);
  }
}
