package ernie4j.engine.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ernie4j.engine.KernelsUnderTest;
import ernie4j.engine.kernels.Reference.Block;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Every kernel of every provider against float64, over sizes around all vector widths. */
class KernelPropertiesTest {
  private static final int TRIES = 80;
  private static final double EPS = 0x1p-23;

  @Provide
  Arbitrary<Integer> size() {
    return Arbitraries.oneOf(
        Arbitraries.of(1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 47, 48, 63, 64, 65),
        Arbitraries.integers().between(1, 75));
  }

  @Property(tries = TRIES)
  void gemmWithAndWithoutBiasAndAdded(
      @ForAll("size") int m,
      @ForAll("size") int k,
      @ForAll("size") int n,
      @ForAll boolean transposed,
      @ForAll long seed) {
    for (Kernels kernels : KernelsUnderTest.all()) {
      Random random = new Random(seed);
      Block a = Block.of(random, m, k);
      Block b = transposed ? Block.of(random, n, k) : Block.of(random, k, n);
      Block c = Block.of(random, m, n);
      float[] bias = Block.of(random, 1, n + 3).array();
      PackedMatrix packed = kernels.newPackedMatrix(70, 80);
      packed.reshape(k, n);
      packInTwoParts(kernels, b, transposed, packed, n, random);
      Block plain = c.copy();
      kernels.gemm(
          m,
          a.array(),
          a.offset(),
          a.ld(),
          packed,
          null,
          Epilogue.NONE,
          plain.array(),
          c.offset(),
          c.ld());
      Block biased = c.copy();
      kernels.gemm(
          m,
          a.array(),
          a.offset(),
          a.ld(),
          packed,
          bias,
          Epilogue.NONE,
          biased.array(),
          c.offset(),
          c.ld());
      Block added = c.copy();
      kernels.gemm(
          m,
          a.array(),
          a.offset(),
          a.ld(),
          packed,
          null,
          Epilogue.ADD,
          added.array(),
          c.offset(),
          c.ld());
      for (int i = 0; i < m; i++) {
        for (int j = 0; j < n; j++) {
          double sum = 0;
          double magnitude = 0;
          for (int p = 0; p < k; p++) {
            double product = (double) a.get(i, p) * (transposed ? b.get(j, p) : b.get(p, j));
            sum += product;
            magnitude += Math.abs(product);
          }
          double limit = EPS * (k + 2) * (magnitude + 1e-30);
          assertThat((double) plain.get(i, j)).isCloseTo(sum, within(limit));
          limit += EPS * (k + 2) * Math.abs(bias[j]);
          assertThat((double) biased.get(i, j)).isCloseTo(sum + bias[j], within(limit));
          limit = EPS * (k + 2) * (magnitude + Math.abs(c.get(i, j)));
          assertThat((double) added.get(i, j)).isCloseTo(sum + c.get(i, j), within(limit));
        }
      }
      assertThat(plain.surroundingsUntouched()).isTrue();
      assertThat(biased.surroundingsUntouched()).isTrue();
      assertThat(added.surroundingsUntouched()).isTrue();
      rowsAreIndependent(kernels, a, packed, bias, biased);
    }
  }

  private static void packInTwoParts(
      Kernels kernels, Block b, boolean transposed, PackedMatrix packed, int n, Random random) {
    int first = n == 1 ? 1 : 1 + random.nextInt(n - 1);
    kernels.pack(b.array(), b.offset(), b.ld(), transposed, packed, 0, first);
    if (first < n) {
      int from = b.offset() + (transposed ? first * b.ld() : first);
      kernels.pack(b.array(), from, b.ld(), transposed, packed, first, n - first);
    }
  }

  /** A row has the same bits alone and among others. */
  private static void rowsAreIndependent(
      Kernels kernels, Block a, PackedMatrix packed, float[] bias, Block expected) {
    int n = packed.columns();
    float[] row = new float[n];
    for (int i = 0; i < a.rows(); i++) {
      kernels.gemm(
          1, a.array(), a.offset() + i * a.ld(), a.ld(), packed, bias, Epilogue.NONE, row, 0, n);
      int from = expected.offset() + i * expected.ld();
      assertThat(row).isEqualTo(Arrays.copyOfRange(expected.array(), from, from + n));
    }
  }

  @Property(tries = TRIES)
  void reshapedMatrixKeepsNoOldValues(
      @ForAll("size") int k, @ForAll("size") int n, @ForAll long seed) {
    for (Kernels kernels : KernelsUnderTest.all()) {
      Random random = new Random(seed);
      PackedMatrix reused = kernels.newPackedMatrix(80, 80);
      float[] infinite = new float[80 * 80];
      Arrays.fill(infinite, Float.POSITIVE_INFINITY);
      kernels.pack(infinite, 0, 80, false, reused, 0, 80);
      reused.reshape(k, n);
      PackedMatrix fresh = kernels.newPackedMatrix(k, n);
      Block b = Block.of(random, k, n);
      Block a = Block.of(random, 3, k);
      float[] one = new float[3 * n];
      float[] two = new float[3 * n];
      for (PackedMatrix packed : new PackedMatrix[] {reused, fresh}) {
        kernels.pack(b.array(), b.offset(), b.ld(), false, packed, 0, n);
        float[] c = packed == reused ? one : two;
        kernels.gemm(3, a.array(), a.offset(), a.ld(), packed, null, Epilogue.NONE, c, 0, n);
      }
      assertThat(one).isEqualTo(two);
    }
  }

  @Property(tries = TRIES)
  void blocksOfRowsAndColumnsPackLikeTheWhole(
      @ForAll("size") int k, @ForAll("size") int n, @ForAll long seed) {
    for (Kernels kernels : KernelsUnderTest.all()) {
      Random random = new Random(seed);
      Block b = Block.of(random, k, n);
      PackedMatrix whole = kernels.newPackedMatrix(k, n);
      kernels.pack(b.array(), b.offset(), b.ld(), false, whole, 0, n);
      PackedMatrix pieces = kernels.newPackedMatrix(k, n);
      int height = 1 + random.nextInt(k);
      int width = 1 + random.nextInt(n);
      for (int row = 0; row < k; row += height) {
        for (int column = 0; column < n; column += width) {
          int from = b.offset() + row * b.ld() + column;
          int rows = Math.min(height, k - row);
          int columns = Math.min(width, n - column);
          kernels.packBlock(rows, columns, b.array(), from, b.ld(), pieces, row, column);
        }
      }
      Block a = Block.of(random, 3, k);
      float[] expected = new float[3 * n];
      float[] actual = new float[3 * n];
      kernels.gemm(3, a.array(), a.offset(), a.ld(), whole, null, Epilogue.NONE, expected, 0, n);
      kernels.gemm(3, a.array(), a.offset(), a.ld(), pieces, null, Epilogue.NONE, actual, 0, n);
      assertThat(actual).isEqualTo(expected);
    }
  }

  @Property(tries = TRIES)
  void transpose(@ForAll("size") int rows, @ForAll("size") int columns, @ForAll long seed) {
    for (Kernels kernels : KernelsUnderTest.all()) {
      Random random = new Random(seed);
      Block x = Block.of(random, rows, columns);
      Block y = Block.of(random, columns, rows);
      kernels.transpose(
          rows, columns, x.array(), x.offset(), x.ld(), y.array(), y.offset(), y.ld());
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < columns; j++) {
          assertThat(y.get(j, i)).isEqualTo(x.get(i, j));
        }
      }
      assertThat(y.surroundingsUntouched()).isTrue();
    }
  }

  @Property(tries = TRIES)
  void softmaxWithMaskedAndLargeScores(
      @ForAll("size") int rows, @ForAll("size") int columns, @ForAll long seed) {
    for (Kernels kernels : KernelsUnderTest.all()) {
      Random random = new Random(seed);
      Block x = Block.of(random, rows, columns);
      float shift = random.nextInt(3) * 1e4f;
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < columns; j++) {
          boolean masked = j > 0 && random.nextInt(4) == 0;
          x.set(i, j, masked ? Float.NEGATIVE_INFINITY : shift + 3 * x.get(i, j));
        }
      }
      Block y = x.copy();
      kernels.softmax(rows, columns, y.array(), y.offset(), y.ld());
      for (int i = 0; i < rows; i++) {
        double[] scores = new double[columns];
        for (int j = 0; j < columns; j++) {
          scores[j] = x.get(i, j);
        }
        double[] expected = Reference.softmax(scores);
        for (int j = 0; j < columns; j++) {
          assertThat((double) y.get(i, j)).isCloseTo(expected[j], within(1e-6));
        }
      }
      assertThat(y.surroundingsUntouched()).isTrue();
    }
  }

  /** A row without a softmax becomes NaN as a whole, and no other row does. */
  @Property(tries = TRIES)
  void rowsWithoutASoftmaxBecomeNaN(
      @ForAll("size") int columns, @ForAll @IntRange(max = 3) int kind, @ForAll long seed) {
    for (Kernels kernels : KernelsUnderTest.all()) {
      Block x = Block.of(new Random(seed), 3, columns);
      int at = Math.floorMod(seed, columns);
      for (int j = 0; j < columns; j++) {
        x.set(0, j, 2f);
        x.set(1, j, kind < 2 ? Float.NEGATIVE_INFINITY : x.get(1, j));
        x.set(2, j, j == at ? 5f : Float.NEGATIVE_INFINITY);
      }
      if (kind > 0) {
        x.set(1, at, kind == 3 ? Float.NaN : Float.POSITIVE_INFINITY);
      }
      kernels.softmax(3, columns, x.array(), x.offset(), x.ld());
      for (int j = 0; j < columns; j++) {
        assertThat(x.get(0, j)).isCloseTo(1f / columns, within(1e-6f));
        assertThat(x.get(1, j)).isNaN();
        assertThat(x.get(2, j)).isEqualTo(j == at ? 1f : 0f);
      }
      assertThat(x.surroundingsUntouched()).isTrue();
    }
  }

  @Property(tries = TRIES)
  void layerNormForwardAndBackward(
      @ForAll("size") int rows,
      @ForAll("size") int columns,
      @ForAll boolean withResidual,
      @ForAll long seed) {
    for (Kernels kernels : KernelsUnderTest.all()) {
      Random random = new Random(seed);
      Block x = Block.of(random, rows, columns);
      float[] residual = withResidual ? noise(random, x.array().length) : null;
      float[] gamma = noise(random, columns);
      float[] beta = noise(random, columns);
      float epsilon = 1e-5f;
      // Statistics of two rows before and after must stay as they are.
      float[] statistics = new float[2 * rows + 8];
      Block y = Block.of(random, rows, columns);
      kernels.layerNorm(
          rows,
          columns,
          x.array(),
          residual,
          x.offset(),
          x.ld(),
          gamma,
          beta,
          epsilon,
          y.array(),
          y.offset(),
          y.ld(),
          statistics,
          4);
      for (int i = 0; i < rows; i++) {
        double[] s = new double[columns];
        for (int j = 0; j < columns; j++) {
          int at = x.offset() + i * x.ld() + j;
          s[j] = residual == null ? x.array()[at] : x.array()[at] + residual[at];
        }
        double mean = Arrays.stream(s).average().orElseThrow();
        double variance =
            Arrays.stream(s).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
        double inverse = 1 / Math.sqrt(variance + epsilon);
        for (int j = 0; j < columns; j++) {
          double expected = (s[j] - mean) * inverse * gamma[j] + beta[j];
          assertThat((double) y.get(i, j)).isCloseTo(expected, within(2e-5 * (1 + inverse * 0.01)));
        }
        assertThat((double) statistics[4 + 2 * i]).isCloseTo(mean, within(1e-5));
        assertThat(statistics[4 + 2 * i + 1] / inverse).isCloseTo(1, within(1e-4));
      }
      assertThat(y.surroundingsUntouched()).isTrue();
      for (int i = 0; i < 4; i++) {
        assertThat(statistics[i]).isZero();
        assertThat(statistics[2 * rows + 4 + i]).isZero();
      }
      if (!withResidual) {
        inPlaceIsTheSame(kernels, x, gamma, beta, y);
        backward(kernels, random, x, statistics, gamma);
      }
    }
  }

  private static void inPlaceIsTheSame(
      Kernels kernels, Block x, float[] gamma, float[] beta, Block expected) {
    Block inPlace = x.copy();
    kernels.layerNorm(
        x.rows(),
        x.columns(),
        inPlace.array(),
        null,
        x.offset(),
        x.ld(),
        gamma,
        beta,
        1e-5f,
        inPlace.array(),
        x.offset(),
        x.ld(),
        null,
        0);
    for (int i = 0; i < x.rows(); i++) {
      for (int j = 0; j < x.columns(); j++) {
        assertThat(inPlace.get(i, j)).isEqualTo(expected.get(i, j));
      }
    }
  }

  private static void backward(
      Kernels kernels, Random random, Block x, float[] statistics, float[] gamma) {
    int n = x.columns();
    Block dy = new Block(noise(random, x.array().length), x.offset(), x.ld(), x.rows(), n);
    Block dx = x.copy();
    kernels.layerNormBackward(
        x.rows(), n, x.array(), statistics, 4, gamma, dy.array(), dx.array(), x.offset(), x.ld());
    for (int i = 0; i < x.rows(); i++) {
      double mean = statistics[4 + 2 * i];
      double inverse = statistics[4 + 2 * i + 1];
      double sum = 0;
      double product = 0;
      for (int j = 0; j < n; j++) {
        sum += dy.get(i, j) * gamma[j];
        product += dy.get(i, j) * gamma[j] * (x.get(i, j) - mean) * inverse;
      }
      for (int j = 0; j < n; j++) {
        double normalised = (x.get(i, j) - mean) * inverse;
        double gradient = inverse * (dy.get(i, j) * gamma[j] - sum / n - normalised * product / n);
        double limit = 1e-5 * inverse * (1 + Math.abs(normalised)) * 10;
        assertThat((double) dx.get(i, j))
            .isCloseTo(x.get(i, j) + gradient, within(Math.max(1e-5, limit)));
      }
    }
    assertThat(dx.surroundingsUntouched()).isTrue();
  }

  private static float[] noise(Random random, int n) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  @Property(tries = TRIES)
  void geluAndTanhAtAnyOffset(@ForAll("size") int n, @ForAll long seed) {
    for (Kernels kernels : KernelsUnderTest.all()) {
      Random random = new Random(seed);
      Block x = Block.of(random, 1, n);
      for (int j = 0; j < n; j++) {
        x.set(0, j, x.get(0, j) * (random.nextInt(3) == 0 ? 6 : 1));
      }
      Block gelu = Block.of(random, 1, n);
      Block tanh = Block.of(random, 1, n);
      Block dx = Block.of(random, 1, n);
      Block dy = Block.of(random, 1, n);
      kernels.gelu(n, x.array(), x.offset(), gelu.array(), gelu.offset());
      kernels.tanh(n, x.array(), x.offset(), tanh.array(), tanh.offset());
      kernels.geluBackward(
          n, x.array(), x.offset(), dy.array(), dy.offset(), dx.array(), dx.offset());
      for (int j = 0; j < n; j++) {
        double v = x.get(0, j);
        assertThat((double) gelu.get(0, j))
            .isCloseTo(Reference.gelu(v), within(1e-6 * Math.max(1, Math.abs(v))));
        assertThat((double) tanh.get(0, j)).isCloseTo(Math.tanh(v), within(2e-7));
        assertThat((double) dx.get(0, j))
            .isCloseTo(Reference.geluDerivative(v) * dy.get(0, j), within(4e-6));
      }
      assertThat(gelu.surroundingsUntouched()).isTrue();
      assertThat(tanh.surroundingsUntouched()).isTrue();
      assertThat(dx.surroundingsUntouched()).isTrue();
      Block inPlace = x.copy();
      kernels.gelu(n, inPlace.array(), x.offset(), inPlace.array(), x.offset());
      assertThat(inPlace.get(0, n - 1)).isEqualTo(gelu.get(0, n - 1));
    }
  }

  @Property(tries = TRIES)
  void attentionWithMaskedKeys(
      @ForAll("size") int tokens,
      @ForAll("size") int headSize,
      @ForAll boolean masked,
      @ForAll long seed) {
    for (Kernels kernels : KernelsUnderTest.all()) {
      Random random = new Random(seed);
      int heads = 1 + random.nextInt(3);
      int width = heads * headSize;
      float scale = (float) (1 / Math.sqrt(headSize));
      Block qkv = Block.of(random, tokens, 3 * width);
      float[] keyBias = new float[tokens + 2];
      boolean maskAll = random.nextInt(4) == 0;
      for (int t = 0; t < keyBias.length; t++) {
        keyBias[t] = maskAll || random.nextInt(3) == 0 ? -10000f : 0f;
      }
      Block context = Block.of(random, tokens, width);
      float[] scratch = noise(random, kernels.attentionScratch(tokens, headSize));
      int q = qkv.offset();
      kernels.attention(
          tokens,
          heads,
          headSize,
          scale,
          qkv.array(),
          q,
          q + width,
          q + 2 * width,
          qkv.ld(),
          masked ? keyBias : null,
          2,
          context.array(),
          context.offset(),
          context.ld(),
          scratch);
      // Near -10000 a step of float32 is 1e-3, and a provider may start the sum over the head from
      // there. This matters only if all keys are masked.
      boolean allMasked = masked;
      for (int t = 0; t < tokens; t++) {
        allMasked &= keyBias[2 + t] != 0;
      }
      double limit = allMasked ? 1e-3 * (headSize + 1) : 1e-5;
      for (int h = 0; h < heads; h++) {
        for (int i = 0; i < tokens; i++) {
          double[] scores = new double[tokens];
          for (int j = 0; j < tokens; j++) {
            for (int d = 0; d < headSize; d++) {
              scores[j] +=
                  (double) scale
                      * qkv.get(i, h * headSize + d)
                      * qkv.get(j, width + h * headSize + d);
            }
            scores[j] += masked ? keyBias[2 + j] : 0;
          }
          double[] p = Reference.softmax(scores);
          for (int d = 0; d < headSize; d++) {
            double expected = 0;
            double magnitude = 1;
            for (int j = 0; j < tokens; j++) {
              double term = p[j] * qkv.get(j, 2 * width + h * headSize + d);
              expected += term;
              magnitude += Math.abs(term);
            }
            assertThat((double) context.get(i, h * headSize + d))
                .isCloseTo(expected, within(limit * magnitude));
          }
        }
      }
      assertThat(context.surroundingsUntouched()).isTrue();
    }
  }

  @Property(tries = TRIES)
  void dropoutDecidesByKeyAndIndexOnly(@ForAll("size") int n, @ForAll long key) {
    float p = 0.3f;
    float[] first = null;
    for (Kernels kernels : KernelsUnderTest.all()) {
      Block x = Block.of(new Random(key), 1, n);
      Block y = x.copy();
      kernels.dropout(n, x.array(), x.offset(), y.array(), y.offset(), p, key, 11);
      for (int j = 0; j < n; j++) {
        float v = y.get(0, j);
        assertThat(v == 0f || v == x.get(0, j) * (1 / (1 - p))).isTrue();
      }
      assertThat(y.surroundingsUntouched()).isTrue();
      Block split = x.copy();
      int cut = n / 2;
      if (cut > 0) {
        kernels.dropout(cut, x.array(), x.offset(), split.array(), x.offset(), p, key, 11);
      }
      int rest = x.offset() + cut;
      kernels.dropout(n - cut, x.array(), rest, split.array(), rest, p, key, 11 + cut);
      assertThat(split.array()).isEqualTo(y.array());
      assertThat(first == null || Arrays.equals(first, y.array())).isTrue();
      first = y.array();
      Block same = x.copy();
      kernels.dropout(n, x.array(), x.offset(), same.array(), x.offset(), 0f, key, 0);
      assertThat(same.array()).isEqualTo(x.array());
    }
  }

  @Property(tries = 20)
  void dropoutDropsTheGivenShare(@ForAll long key) {
    for (Kernels kernels : KernelsUnderTest.all()) {
      float[] ones = new float[100_000];
      Arrays.fill(ones, 1f);
      kernels.dropout(ones.length, ones, 0, ones, 0, 0.1f, key, 0);
      int dropped = 0;
      for (float v : ones) {
        dropped += v == 0f ? 1 : 0;
      }
      // Six standard deviations of a binomial with p = 0.1.
      assertThat(dropped).isBetween(10_000 - 570, 10_000 + 570);
    }
  }

  @Property(tries = TRIES)
  void columnSumsAdd(@ForAll("size") int rows, @ForAll("size") int columns, @ForAll long seed) {
    for (Kernels kernels : KernelsUnderTest.all()) {
      Random random = new Random(seed);
      Block x = Block.of(random, rows, columns);
      Block y = Block.of(random, 1, columns);
      Block before = y.copy();
      kernels.columnSums(rows, columns, x.array(), x.offset(), x.ld(), y.array(), y.offset());
      for (int j = 0; j < columns; j++) {
        double sum = before.get(0, j);
        double magnitude = Math.abs(sum);
        for (int i = 0; i < rows; i++) {
          sum += x.get(i, j);
          magnitude += Math.abs(x.get(i, j));
        }
        assertThat((double) y.get(0, j)).isCloseTo(sum, within(EPS * (rows + 1) * magnitude));
      }
      assertThat(y.surroundingsUntouched()).isTrue();
    }
  }
}
