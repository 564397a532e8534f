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

/** Attention gives the bits of the plain kernels, for every width that this processor supports. */
class AttentionTest {
  private final Random random = new Random(6);

  static Stream<Integer> widths() {
    return Machine.x86Forms().map(Int8Form::bits).distinct();
  }

  private static Attention attention(int bits) {
    return new Attention(bits, new ThreadMemory(), Machine.MEMORY, Machine.CONSTANTS);
  }

  @ParameterizedTest
  @MethodSource("widths")
  void everyRemainder(int bits) {
    Attention attention = attention(bits);
    for (int tokens = 1; tokens <= 35; tokens++) {
      for (int headSize : new int[] {1, 3, 7, 8, 9, 16, 17, 26, 32, 64, 70, 128}) {
        compare(attention, tokens, 1 + random.nextInt(3), headSize, tokens % 2 == 0);
      }
    }
    compare(attention, 200, 2, 26, false);
    compare(attention, 513, 1, 64, true);
    compare(attention, 1100, 1, 64, false); // too many for two vectors of queries in one call
  }

  private void compare(Attention attention, int tokens, int heads, int headSize, boolean withBias) {
    int width = heads * headSize;
    int ld = 3 * width + random.nextInt(3);
    int ldContext = width + random.nextInt(3);
    float[] qkv = Values.normal(random, 4 + tokens * ld);
    float @Nullable [] bias = null;
    if (withBias) {
      bias = new float[tokens + 2];
      for (int k = 1; k < bias.length; k += 3) {
        bias[k] = -10_000f;
      }
    }
    float[] start = Values.normal(random, 5 + tokens * ldContext);
    assertSame(attention, tokens, heads, headSize, qkv, ld, bias, start, ldContext);
  }

  private static void assertSame(
      Attention attention,
      int tokens,
      int heads,
      int headSize,
      float[] qkv,
      int ld,
      float @Nullable [] bias,
      float[] start,
      int ldContext) {
    int width = heads * headSize;
    float scale = (float) (1 / Math.sqrt(headSize));
    Kernels plain = Kernels.scalar();
    float[] expected = start.clone();
    float[] got = start.clone();
    float[] scratch = new float[plain.attentionScratch(tokens, headSize)];
    plain.attention(
        tokens,
        heads,
        headSize,
        scale,
        qkv,
        2,
        2 + width,
        2 + 2 * width,
        ld,
        bias,
        2,
        expected,
        3,
        ldContext,
        scratch);
    attention.run(
        tokens,
        heads,
        headSize,
        scale,
        qkv,
        2,
        2 + width,
        2 + 2 * width,
        ld,
        bias,
        2,
        got,
        3,
        ldContext,
        new float[1]);
    assertThat(got).as("%d tokens, %d heads of %d", tokens, heads, headSize).isEqualTo(expected);
  }

  /**
   * Scores so far apart that e^x is 0 (below -88), equal scores, zeros of both signs, NaN and
   * infinities.
   */
  @ParameterizedTest
  @MethodSource("widths")
  void extremeValues(int bits) {
    Attention attention = attention(bits);
    int tokens = 20;
    float[] qkv = Values.normal(random, 4 + tokens * 48);
    for (int i = 0; i < qkv.length; i += 3) {
      qkv[i] *= 100;
    }
    float[] start = new float[5 + tokens * 16];
    assertSame(attention, tokens, 1, 16, qkv, 48, null, start, 16);
    assertSame(attention, tokens, 1, 16, new float[4 + tokens * 48], 48, null, start, 16);
    float[] zeros = new float[4 + tokens * 48];
    Arrays.fill(zeros, -0f);
    assertSame(attention, tokens, 1, 16, zeros, 48, null, start, 16);
    for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
      for (int at : new int[] {2, 2 + 16 + 48 * 19, 2 + 32 + 48 * 5}) { // in Q, in K, in V
        float[] damaged = qkv.clone();
        damaged[at] = bad;
        assertSame(attention, tokens, 1, 16, damaged, 48, null, start, 16);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("widths")
  void operandsOutsideOfTheirArraysAreRefused(int bits) {
    Attention attention = attention(bits);
    float[] qkv = new float[4 * 24];
    float[] context = new float[4 * 8];
    float[] none = new float[1];
    for (Runnable wrong :
        new Runnable[] {
          () -> attention.run(4, 1, 8, 1, qkv, 1, 8, 17, 24, null, 0, context, 0, 8, none),
          () -> attention.run(4, 1, 8, 1, qkv, 0, 8, 16, 25, null, 0, context, 0, 8, none),
          () -> attention.run(4, 1, 8, 1, qkv, 0, 8, 16, 24, new float[3], 0, context, 0, 8, none),
          () -> attention.run(4, 1, 8, 1, qkv, 0, 8, 16, 24, null, 0, context, 1, 8, none),
          () -> attention.run(5, 1, 8, 1, qkv, 0, 8, 16, 24, null, 0, context, 0, 8, none)
        }) {
      assertThatThrownBy(wrong::run).isInstanceOf(IndexOutOfBoundsException.class);
    }
    assertThat(context).containsOnly(0f);
  }
}
