package ernie4j.machinecode;

import ernie4j.engine.kernels.Epilogue;
import ernie4j.engine.kernels.Int8Matrix;
import ernie4j.engine.kernels.Kernels;
import ernie4j.engine.kernels.PackedMatrix;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Compares the generated functions with the plain-Java ones, bit by bit, on small shapes with all
 * kinds of remainders. It runs once at start, in the interpreter, so it is kept small.
 */
final class SelfTest {
  /** A full tile, or two of half the height; the columns are a full panel and a partial one. */
  private static final int ROWS = 8;

  private static final int COLUMNS = 53;
  private static final int K = 19;
  private static final String SHAPE = ", " + ROWS + " x " + K + " x " + COLUMNS;

  private final Products ours;
  private final Kernels plain = Kernels.scalar();
  private final Random random = new Random(42);
  private final float[] a = values(ROWS * K);
  private final float[] bias = values(COLUMNS);

  SelfTest(Products ours) {
    this.ours = ours;
    a[3] = 0f;
    a[4] = -0f;
    a[K] = 1e30f;
    a[K + 1] = Float.MIN_VALUE;
    bias[0] = -9f;
    bias[1] = -0f;
  }

  /**
   * @throws RefusalException if one bit differs
   */
  void run() {
    for (Epilogue epilogue : Epilogue.values()) {
      product(epilogue);
    }
    bfloat16Product(Epilogue.ADD);
    bfloat16Product(Epilogue.GELU);
    int8Product(0, Epilogue.NONE);
    int8Product(1.5f, Epilogue.GELU);
    Attention attention = ours.attention();
    if (attention != null) {
      compare(attention);
    }
    LayerNorm layerNorm = ours.layerNorm();
    if (layerNorm != null) {
      compare(layerNorm, null);
      compare(layerNorm, values(2 * COLUMNS));
    }
  }

  /** Compares two or three blocks of queries, with a partial vector. */
  private void compare(Attention attention) {
    int tokens = 19;
    int heads = 2;
    int size = 11;
    int width = heads * size;
    float[] qkv = values(tokens * 3 * width);
    float[] keyBias = new float[tokens];
    keyBias[7] = -10_000f;
    float[] expected = new float[tokens * width];
    float[] got = new float[tokens * width];
    float[] scratch = new float[plain.attentionScratch(tokens, size)];
    int ld = 3 * width;
    plain.attention(
        tokens, heads, size, 0.3f, qkv, 0, width, 2 * width, ld, keyBias, 0, expected, 0, width,
        scratch);
    attention.run(
        tokens, heads, size, 0.3f, qkv, 0, width, 2 * width, ld, keyBias, 0, got, 0, width,
        scratch);
    compare(got, expected, "attention, " + tokens + " tokens, " + heads + " heads of " + size);
  }

  /** Compares rows that end with single values. */
  private void compare(LayerNorm layerNorm, float @Nullable [] residual) {
    int n = COLUMNS;
    float[] x = values(2 * n);
    float[] gamma = values(n);
    float[] expected = new float[2 * n];
    float[] got = new float[2 * n];
    plain.layerNorm(2, n, x, residual, 0, n, gamma, bias, 1e-12f, expected, 0, n, null, 0);
    layerNorm.run(2, n, x, residual, 0, n, gamma, bias, 1e-12f, got, 0, n);
    compare(got, expected, "layer norm of " + n + " values");
  }

  private void product(Epilogue epilogue) {
    float[] b = values(K * COLUMNS);
    float[] expected = values(ROWS * COLUMNS);
    float[] got = expected.clone();
    float[] added = epilogue == Epilogue.ADD ? null : bias;
    PackedMatrix theirs = plain.newPackedMatrix(K, COLUMNS);
    plain.pack(b, 0, COLUMNS, false, theirs, 0, COLUMNS);
    plain.gemm(ROWS, a, 0, K, theirs, added, epilogue, expected, 0, COLUMNS);
    FloatPanels panels = (FloatPanels) ours.newPackedMatrix(K, COLUMNS);
    panels.copy(K, COLUMNS, b, 0, COLUMNS, 0, 0);
    ours.product(ROWS, a, 0, K, panels, added, epilogue, got, 0, COLUMNS);
    compare(got, expected, "float32, " + epilogue + SHAPE);
  }

  /** Compares products of whole numbers, for which the order of additions does not matter. */
  private void bfloat16Product(Epilogue epilogue) {
    float[] x = whole(ROWS * K);
    float[] b = whole(K * COLUMNS);
    float[] expected = whole(ROWS * COLUMNS);
    float[] got = expected.clone();
    float[] added = epilogue == Epilogue.ADD ? null : whole(COLUMNS);
    PackedMatrix theirs = plain.newPackedMatrix(K, COLUMNS);
    plain.pack(b, 0, COLUMNS, false, theirs, 0, COLUMNS);
    plain.gemm(ROWS, x, 0, K, theirs, added, epilogue, expected, 0, COLUMNS);
    if (ours.newBfloat16Matrix(K, COLUMNS) instanceof Bfloat16Panels panels) {
      panels.copy(K, COLUMNS, b, 0, COLUMNS, 0, 0);
      ours.product(ROWS, x, 0, K, panels, added, epilogue, got, 0, COLUMNS);
      compare(got, expected, "bfloat16, " + epilogue + SHAPE);
    }
  }

  private float[] whole(int n) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = random.nextInt(17) - 8;
    }
    return values;
  }

  private void int8Product(float scale, Epilogue epilogue) {
    byte[] b = new byte[K * COLUMNS];
    random.nextBytes(b);
    b[0] = Byte.MIN_VALUE;
    float[] scales = values(COLUMNS);
    for (int j = 0; j < COLUMNS; j++) {
      scales[j] = Math.abs(scales[j]);
    }
    float[] expected = new float[ROWS * COLUMNS];
    float[] got = new float[ROWS * COLUMNS];
    Int8Matrix theirs = plain.newInt8Matrix(K, COLUMNS, scales);
    plain.packCodes(K, COLUMNS, b, 0, COLUMNS, theirs, 0, 0);
    plain.gemmInt8(ROWS, a, 0, K, scale, theirs, bias, epilogue, expected, 0, COLUMNS);
    Int8Panels panels = (Int8Panels) ours.newInt8Matrix(K, COLUMNS, scales);
    panels.copy(K, COLUMNS, b, 0, COLUMNS, 0, 0);
    ours.int8Product(ROWS, a, 0, K, scale, panels, bias, epilogue, got, 0, COLUMNS);
    compare(got, expected, "int8, scale " + scale + ", " + epilogue + SHAPE);
  }

  private static void compare(float[] got, float[] expected, String what) {
    int at = Arrays.mismatch(got, expected);
    if (at >= 0) {
      throw new RefusalException(
          "The machine-code kernels give other results than plain Java (%s, place %d: %s instead of %s), so other kernels are used; please report this with the output of java -version and the name of the processor."
              .formatted(what, at, got[at], expected[at]));
    }
  }

  private float[] values(int n) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = 4 * random.nextFloat() - 2;
    }
    return values;
  }
}
