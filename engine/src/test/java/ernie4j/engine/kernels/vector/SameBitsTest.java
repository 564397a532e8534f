package ernie4j.engine.kernels.vector;

import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.engine.kernels.Epilogue;
import ernie4j.engine.kernels.Int8Matrix;
import ernie4j.engine.kernels.KernelTable;
import ernie4j.engine.kernels.Kernels;
import ernie4j.engine.kernels.PackedMatrix;
import ernie4j.engine.kernels.Reference.Block;
import ernie4j.engine.kernels.scalar.ScalarProvider;
import ernie4j.engine.kernels.warmup.Candidate;
import java.util.List;
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
  private final Kernels[] others = {Kernels.vector(), warming(0), warming(2)};

  static KernelTable plain() {
    return new ScalarProvider()
        .table(
            () -> {
              throw new AssertionError("nothing is below the plain-Java kernels");
            });
  }

  /** As during a warm-up: nothing is on vectors yet, or every second tile and function. */
  private static Kernels warming(int handedOver) {
    KernelTable scalar = plain();
    TileTable tiles = new TileTable(true);
    KernelTable table = VectorProvider.table(tiles, scalar, true);
    List<Candidate<?>> candidates = VectorProvider.candidates(tiles, table);
    for (int i = 0; handedOver > 0 && i < candidates.size(); i += handedOver) {
      candidates.get(i).entry().handOver();
    }
    return Kernels.of(table);
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
              case 0 ->
                  kernels.gemm(
                      m, x, a.offset(), a.ld(), packed, null, Epilogue.NONE, y, c.offset(), c.ld());
              case 1 ->
                  kernels.gemm(
                      m, x, a.offset(), a.ld(), packed, bias, Epilogue.NONE, y, c.offset(), c.ld());
              case 2 ->
                  kernels.gemm(
                      m, x, a.offset(), a.ld(), packed, bias, Epilogue.GELU, y, c.offset(), c.ld());
              default ->
                  kernels.gemm(
                      m, x, a.offset(), a.ld(), packed, null, Epilogue.ADD, y, c.offset(), c.ld());
            }
            return y;
          });
    }
  }

  @Property(tries = TRIES)
  void int8Products(
      @ForAll("size") int m, @ForAll("size") int k, @ForAll("size") int n, @ForAll long seed) {
    Block a = Block.of(new Random(seed), m, k);
    float[] bias = Block.of(new Random(seed + 2), 1, n + 3).array();
    Random random = new Random(seed + 1);
    byte[] codes = new byte[k * n];
    random.nextBytes(codes);
    float[] scales = new float[n];
    for (int j = 0; j < n; j++) {
      scales[j] = random.nextFloat();
    }
    boolean least = random.nextBoolean();
    for (int i = 0; i < codes.length; i++) {
      codes[i] = least || codes[i] != Byte.MIN_VALUE ? codes[i] : 0;
    }
    float scale = random.nextInt(3);
    for (Epilogue epilogue : new Epilogue[] {Epilogue.NONE, Epilogue.GELU}) {
      assertSameBits(
          kernels -> {
            Int8Matrix packed = kernels.newInt8Matrix(k, n, scales);
            kernels.packCodes(k, n, codes, 0, n, packed, 0, 0);
            float[] y = new float[m * n];
            kernels.gemmInt8(
                m, a.array(), a.offset(), a.ld(), scale, packed, bias, epilogue, y, 0, n);
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
