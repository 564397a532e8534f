package ernie4j.engine.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.engine.kernels.Reference.Block;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * The vector kernels, the plain kernels and the plain kernels on the panels of the vector kernels
 * (which stand in until those are compiled) give the same bits, whatever the vector width. Does not
 * run without the incubator module.
 */
class SameBitsTest {
  private static final int TRIES = 60;

  private final Kernels plain = Kernels.scalar();
  private final Kernels[] others = {
    new CheckedKernels(new VectorKernels()),
    new CheckedKernels(new VectorKernels(), new ScalarKernels()),
    halfWay()
  };

  /** As during a warm-up: some tiles and some kernels are on vectors. */
  private static Kernels halfWay() {
    TileSwitch tiles = new TileSwitch();
    WarmingKernels kernels =
        new WarmingKernels(new ScalarKernels(), new VectorKernels(tiles::panel));
    for (int vectors = 1; vectors <= VectorPanels.VECTORS; vectors++) {
      for (int rows = 1; rows <= VectorPanels.mostRows(vectors); rows += 2) {
        tiles.handOver(vectors, rows);
      }
    }
    kernels.handOver(WarmingKernels.Part.ATTENTION);
    kernels.handOver(WarmingKernels.Part.LAYER_NORM_BACKWARD);
    kernels.handOver(WarmingKernels.Part.DROPOUT);
    return new CheckedKernels(new VectorKernels(), kernels);
  }

  @Provide
  Arbitrary<Integer> size() {
    return Arbitraries.oneOf(
        Arbitraries.of(1, 3, 4, 5, 15, 16, 17, 26, 63, 64, 65, 80),
        Arbitraries.integers().between(1, 140));
  }

  private interface Work {
    /** Computes on the kernels and returns what was written. */
    float[] on(Kernels kernels);
  }

  private void assertSameBits(Work work) {
    float[] expected = work.on(plain);
    for (Kernels kernels : others) {
      assertThat(work.on(kernels)).isEqualTo(expected);
    }
  }

  @Property(tries = TRIES)
  void products(
      @ForAll("size") int m, @ForAll("size") int k, @ForAll("size") int n, @ForAll long seed) {
    Block a = Block.of(new Random(seed), m, k);
    Block b = Block.of(new Random(seed + 1), k, n);
    float[] bias = Block.of(new Random(seed + 2), 1, n + 3).array();
    for (int kind = 0; kind < 4; kind++) {
      int chosen = kind;
      assertSameBits(
          kernels -> {
            PackedMatrix packed = kernels.newPackedMatrix(k, n);
            kernels.pack(b.array(), b.offset(), b.ld(), false, packed, 0, n);
            Block c = Block.of(new Random(seed + 3), m, n);
            float[] x = a.array();
            float[] y = c.array();
            switch (chosen) {
              case 0 -> kernels.gemm(m, x, a.offset(), a.ld(), packed, null, y, c.offset(), c.ld());
              case 1 -> kernels.gemm(m, x, a.offset(), a.ld(), packed, bias, y, c.offset(), c.ld());
              case 2 ->
                  kernels.gemmGelu(m, x, a.offset(), a.ld(), packed, bias, y, c.offset(), c.ld());
              default -> kernels.gemmAdd(m, x, a.offset(), a.ld(), packed, y, c.offset(), c.ld());
            }
            return y;
          });
    }
  }

  @Property(tries = TRIES)
  void softmax(@ForAll("size") int rows, @ForAll("size") int columns, @ForAll long seed) {
    assertSameBits(
        kernels -> {
          Random random = new Random(seed);
          Block x = Block.of(random, rows, columns);
          for (int j = 1; j < columns; j += 5) {
            x.set(0, j, random.nextBoolean() ? Float.NEGATIVE_INFINITY : 40 * x.get(0, j));
          }
          kernels.softmax(rows, columns, x.array(), x.offset(), x.ld());
          return x.array();
        });
  }

  @Property(tries = TRIES)
  void layerNormAndItsGradient(
      @ForAll("size") int rows,
      @ForAll("size") int columns,
      @ForAll boolean residual,
      @ForAll long seed) {
    float[] gamma = Block.of(new Random(seed), 1, columns).array();
    float[] beta = Block.of(new Random(seed + 1), 1, columns).array();
    for (boolean gradient : new boolean[] {false, true}) {
      assertSameBits(
          kernels -> {
            Block x = Block.of(new Random(seed + 2), rows, columns);
            float[] other = residual ? Block.of(new Random(seed + 3), rows, 300).array() : null;
            Block y = new Block(new float[x.array().length], x.offset(), x.ld(), rows, columns);
            float[] statistics = new float[2 * rows];
            kernels.layerNorm(
                rows,
                columns,
                x.array(),
                other,
                x.offset(),
                x.ld(),
                gamma,
                beta,
                1e-12f,
                y.array(),
                y.offset(),
                y.ld(),
                statistics,
                0);
            if (!gradient) {
              return y.array();
            }
            float[] dx = new float[x.array().length];
            kernels.layerNormBackward(
                rows, columns, x.array(), statistics, 0, gamma, y.array(), dx, x.offset(), x.ld());
            return dx;
          });
    }
  }

  @Property(tries = TRIES)
  void functionsOfOneValue(@ForAll("size") int n, @ForAll long seed) {
    float[] x = Block.of(new Random(seed), 1, n + 7).array();
    Random random = new Random(seed + 1);
    for (int i = 0; i < x.length; i++) {
      x[i] *= (float) Math.exp(random.nextInt(8) - 2);
    }
    x[random.nextInt(n)] = random.nextBoolean() ? Float.NEGATIVE_INFINITY : Float.POSITIVE_INFINITY;
    x[random.nextInt(n)] = -0f;
    assertSameBits(
        kernels -> {
          float[] y = new float[3 * n];
          kernels.gelu(n, x, 0, y, 0);
          kernels.tanh(n, x, 0, y, n);
          kernels.geluBackward(n, x, 0, y, 0, y, 2 * n);
          return y;
        });
    assertSameBits(
        kernels -> {
          float[] y = new float[n + x.length];
          kernels.dropout(n, x, 0, y, 0, 0.3f, seed, 11);
          kernels.columnSums(1, n, x, 0, n, y, 0);
          return y;
        });
  }

  @Property(tries = TRIES)
  void attention(
      @ForAll("size") int tokens,
      @ForAll("size") int headSize,
      @ForAll boolean masked,
      @ForAll long seed) {
    int heads = 1 + (int) (seed & 1);
    int width = heads * headSize;
    Block qkv = Block.of(new Random(seed), tokens, 3 * width);
    float[] keyBias = new float[tokens];
    for (int t = 0; t < tokens; t += 3) {
      keyBias[t] = -10000f;
    }
    assertSameBits(
        kernels -> {
          float[] context = new float[tokens * width];
          kernels.attention(
              tokens,
              heads,
              headSize,
              0.2f,
              qkv.array(),
              qkv.offset(),
              qkv.offset() + width,
              qkv.offset() + 2 * width,
              qkv.ld(),
              masked ? keyBias : null,
              0,
              context,
              0,
              width,
              new float[kernels.attentionScratch(tokens, headSize)]);
          return context;
        });
  }
}
