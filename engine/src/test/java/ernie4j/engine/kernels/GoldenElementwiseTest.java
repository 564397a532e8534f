package ernie4j.engine.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ernie4j.engine.Golden;
import ernie4j.engine.GoldenModel;
import ernie4j.engine.KernelsUnderTest;
import ernie4j.engine.file.SafetensorsFile;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Functions of one value, softmax and layer norm against the golden file. */
class GoldenElementwiseTest {
  private static SafetensorsFile file() {
    return Golden.file("elementwise.safetensors");
  }

  static List<Kernels> kernels() {
    return KernelsUnderTest.all();
  }

  /** The limit for a function of x: 1e-6 absolute or relative to |x|, whichever is larger. */
  private static void assertAll(String what, float[] x, float[] actual, double[] expected) {
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) actual[i])
          .as("%s(%s)", what, x[i])
          .isCloseTo(expected[i], within(1e-6 * Math.max(1, Math.abs(x[i]))));
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void geluItsDerivativeAndTanh(Kernels kernels) throws IOException {
    float[] x = file().tensor("x").toArray();
    float[] y = new float[x.length];
    kernels.gelu(x.length, x, 0, y, 0);
    assertAll("gelu", x, y, file().doubles("gelu"));
    kernels.tanh(x.length, x, 0, y, 0);
    assertAll("tanh", x, y, file().doubles("tanh"));
    float[] ones = new float[x.length];
    Arrays.fill(ones, 1f);
    Arrays.fill(y, 0f);
    kernels.geluBackward(x.length, x, 0, ones, 0, y, 0);
    assertAll("gelu'", x, y, file().doubles("gelu_grad"));
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void tanhOfSpecialValuesKeepsSignsAndNaN(Kernels kernels) throws IOException {
    float[] x = file().tensor("special.x").toArray();
    double[] expected = file().doubles("special.tanh");
    float[] y = new float[x.length];
    kernels.tanh(x.length, x, 0, y, 0);
    float[] rounded = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      rounded[i] = (float) expected[i];
    }
    // Arrays are compared as Float.equals does: NaN is NaN, and -0 is not 0.
    assertThat(y).isEqualTo(rounded);
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void exponentialOfEveryNonPositiveValueThroughSoftmax(Kernels kernels) throws IOException {
    float[] x = file().tensor("exp.x").toArray();
    double[] expected = file().doubles("exp.y");
    int checked = 0;
    for (int i = 0; i < x.length; i++) {
      if (!(x[i] <= 0)) {
        continue;
      }
      // The second of two probabilities divided by the first is exp(x).
      float[] row = {0f, x[i]};
      kernels.softmax(1, 2, row, 0, 2);
      double limit = x[i] >= -87 ? 2e-6 * expected[i] : 1.2e-38;
      assertThat((double) row[1] / row[0])
          .as("exp(%s)", x[i])
          .isCloseTo(expected[i], within(limit));
      checked++;
    }
    assertThat(checked).isGreaterThan(1000);
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void softmax(Kernels kernels) throws IOException {
    for (String name :
        List.of("w1", "w13", "w16", "w17", "w64", "w129", "offset", "masked", "equal", "extreme")) {
      float[] x = file().tensor("softmax." + name + ".x").toArray();
      int[] shape = file().tensor("softmax." + name + ".x").shape();
      kernels.softmax(shape[0], shape[1], x, 0, shape[1]);
      GoldenModel.assertClose(name, x, file().doubles("softmax." + name + ".y"), 1e-6);
    }
  }

  static List<Arguments> norms() {
    return kernels().stream()
        .flatMap(
            k ->
                List.of(
                    Arguments.of(k, "w24", 5e-6, 5e-6),
                    Arguments.of(k, "w26", 5e-6, 5e-6),
                    Arguments.of(k, "w312", 5e-6, 5e-6),
                    Arguments.of(k, "w1", 1e-6, 1e-6),
                    Arguments.of(k, "tiny", 5e-6, 5e-6),
                    Arguments.of(k, "mean1e3", 5e-4, 1e-3),
                    Arguments.of(k, "mean_minus1e3", 5e-4, 1e-3),
                    Arguments.of(k, "mean1e3_small_std", 1e-2, 1e-2))
                    .stream())
        .toList();
  }

  /** The limits are relative to the largest value, at least 1; constant rows have a test below. */
  @ParameterizedTest(name = "{1} on {0}")
  @MethodSource("norms")
  void layerNorm(Kernels kernels, String name, double limit, double gradientLimit)
      throws IOException {
    String prefix = "layernorm." + name;
    Norm norm = new Norm(kernels, prefix);
    double[] y = file().doubles(prefix + ".y");
    GoldenModel.assertClose(name + ".y", norm.y, y, limit * Math.max(1, GoldenModel.largest(y)));
    float[] dy = file().tensor(prefix + ".dy").toArray();
    float[] dx = new float[dy.length];
    kernels.layerNormBackward(
        norm.rows, norm.columns, norm.x, norm.statistics, 0, norm.gamma, dy, dx, 0, norm.columns);
    double[] expected = file().doubles(prefix + ".dx");
    // With one column the gradient is zero and only rounding, times 1/sqrt(epsilon), may remain.
    double scale = name.equals("w1") ? 1 : GoldenModel.largest(expected);
    GoldenModel.assertClose(name + ".dx", dx, expected, gradientLimit * scale);
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void constantRowsGiveBeta(Kernels kernels) throws IOException {
    Norm norm = new Norm(kernels, "layernorm.constant");
    GoldenModel.assertClose("y", norm.y, file().doubles("layernorm.constant.y"), 1e-6);
  }

  /** A layer norm of the golden file, computed. */
  private static final class Norm {
    final int rows;
    final int columns;
    final float[] x;
    final float[] gamma;
    final float[] y;
    final float[] statistics;

    Norm(Kernels kernels, String prefix) throws IOException {
      int[] shape = file().tensor(prefix + ".x").shape();
      rows = shape[0];
      columns = shape[1];
      x = file().tensor(prefix + ".x").toArray();
      gamma = file().tensor(prefix + ".gamma").toArray();
      y = new float[x.length];
      statistics = new float[2 * rows];
      float[] beta = file().tensor(prefix + ".beta").toArray();
      kernels.layerNorm(
          rows, columns, x, null, 0, columns, gamma, beta, 1e-12f, y, 0, columns, statistics, 0);
    }
  }
}
