package ernie4j.machinecode;

import ernie4j.engine.kernels.Kernels;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Generated functions between guard pages; touching one kills this JVM. Started by {@link
 * GuardPagesTest}.
 */
final class GuardPages {
  private GuardPages() {}

  private static final List<Variant.Start> STARTS = List.of(Variant.Start.values());
  private static final Random RANDOM = new Random(11);
  private static final boolean BFLOAT16 = Machine.processor().bfloat16();

  /** Arguments: a form, and {@code beyond} to read one float too many on purpose. */
  public static void main(String[] args) {
    Int8Form form = Int8Form.valueOf(args[0]);
    if (args.length > 1) {
      readBeyond(form);
    }
    int shapes = 0;
    for (boolean atEnd : new boolean[] {true, false}) {
      GuardedMemory guarded = new GuardedMemory(atEnd);
      FloatProduct floats = Machine.floatProduct(form);
      for (int m = 1; m <= 17; m++) {
        for (int n = 1; n <= 70; n += m < 10 ? 1 : 7) {
          product(form, floats, guarded, m, 1 + RANDOM.nextInt(20), n);
          shapes++;
        }
      }
      for (int i = 0; i < 300; i++) {
        int k = 1 + RANDOM.nextInt(300);
        product(form, floats, guarded, 1 + RANDOM.nextInt(40), k, 1 + RANDOM.nextInt(300));
        shapes++;
      }
    }
    System.out.println("untouched: " + shapes);
  }

  private static void product(
      Int8Form form, FloatProduct floats, GuardedMemory guarded, int m, int k, int n) {
    floatProduct(floats, guarded, m, k, n);
    if (form.bits() == 512 && BFLOAT16) {
      bfloat16Product(guarded, m, k, n);
    }
    int8Product(form, guarded, m, k, n);
    if (!form.isNeon()) {
      attention(form, guarded, m, 1 + RANDOM.nextInt(3), 1 + n / 3);
      layerNorm(form, guarded, m, n);
    }
    guarded.release();
  }

  private static void floatProduct(
      FloatProduct product, GuardedMemory guarded, int m, int k, int n) {
    int lda = k + RANDOM.nextInt(3);
    int ldc = n + RANDOM.nextInt(3);
    Variant.Start start = STARTS.get(RANDOM.nextInt(STARTS.size()));
    boolean gelu = RANDOM.nextBoolean();
    float[] a = Values.normal(RANDOM, (m - 1) * lda + k);
    PlainProducts.Operand b = Values.operand(RANDOM, k, n);
    float[] bias = Values.normal(RANDOM, n);
    float[] c = Values.normal(RANDOM, (m - 1) * ldc + n);
    FloatPanels panels = new FloatPanels(product.blocking(), guarded, k, n);
    panels.copy(k, n, b.values(), 0, n, 0, 0);
    MemorySegment got = guarded.copy(c);
    product.run(m, guarded.copy(a), lda, panels, start, guarded.copy(bias), gelu, got, ldc);
    PlainProducts.multiply(m, a, 0, lda, b, start, bias, gelu, c, 0, ldc);
    compare(got, c, "float32 %d x %d x %d".formatted(m, k, n));
  }

  private static void bfloat16Product(GuardedMemory guarded, int m, int k, int n) {
    Blocking blocking = Blocking.of(512);
    Bfloat16Product product =
        new Bfloat16Product(blocking, new ThreadMemory(guarded), Machine.MEMORY, Machine.CONSTANTS);
    int lda = k + RANDOM.nextInt(3);
    int ldc = n + RANDOM.nextInt(3);
    Variant.Start start = STARTS.get(RANDOM.nextInt(STARTS.size()));
    boolean gelu = RANDOM.nextBoolean();
    float[] a = Values.whole(RANDOM, (m - 1) * lda + k);
    PlainProducts.Operand b = new PlainProducts.Operand(k, n, Values.whole(RANDOM, k * n));
    float[] bias = Values.whole(RANDOM, n);
    float[] c = Values.whole(RANDOM, (m - 1) * ldc + n);
    Bfloat16Panels panels = new Bfloat16Panels(blocking, guarded, k, n);
    panels.copy(k, n, b.values(), 0, n, 0, 0);
    MemorySegment got = guarded.copy(c);
    product.run(m, guarded.copy(a), lda, panels, start, guarded.copy(bias), gelu, got, ldc);
    PlainProducts.multiply(m, a, 0, lda, b, start, bias, gelu, c, 0, ldc);
    compare(got, c, "bfloat16 %d x %d x %d".formatted(m, k, n));
  }

  private static void int8Product(Int8Form form, GuardedMemory guarded, int m, int k, int n) {
    Blocking blocking = Blocking.of(form.bits());
    Int8Product product =
        new Int8Product(Machine.generator(form), new ThreadMemory(guarded), Machine.MEMORY);
    int lda = k + RANDOM.nextInt(3);
    int ldc = n + RANDOM.nextInt(3);
    boolean gelu = RANDOM.nextBoolean();
    float scale = RANDOM.nextBoolean() ? 0 : 1 + RANDOM.nextFloat();
    float[] a = Values.normal(RANDOM, (m - 1) * lda + k);
    PlainProducts.Codes b = Values.codes(RANDOM, k, n);
    float[] bias = Values.normal(RANDOM, n);
    float[] c = Values.normal(RANDOM, (m - 1) * ldc + n);
    Int8Panels panels = new Int8Panels(form, blocking, guarded, k, n, b.scales());
    panels.copy(k, n, b.values(), 0, n, 0, 0);
    MemorySegment got = guarded.copy(c);
    product.run(m, guarded.copy(a), lda, scale, panels, guarded.copy(bias), gelu, got, ldc);
    PlainProducts.multiply(m, a, 0, lda, scale, b, bias, gelu, c, 0, ldc);
    compare(got, c, "int8 %d x %d x %d".formatted(m, k, n));
  }

  private static void attention(
      Int8Form form, GuardedMemory guarded, int tokens, int heads, int headSize) {
    Attention attention =
        new Attention(form.bits(), new ThreadMemory(guarded), Machine.MEMORY, Machine.CONSTANTS);
    int width = heads * headSize;
    int ld = width + RANDOM.nextInt(3);
    int ldContext = width + RANDOM.nextInt(3);
    int span = (tokens - 1) * ld + width;
    float[] qkv = Values.normal(RANDOM, 3 * span);
    float[] bias = RANDOM.nextBoolean() ? null : Values.normal(RANDOM, tokens);
    float[] c = Values.normal(RANDOM, (tokens - 1) * ldContext + width);
    MemorySegment got = guarded.copy(c);
    attention.run(
        new Attention.Sizes(tokens, heads, headSize, 0.25f, ld, ldContext),
        guarded.copy(Arrays.copyOf(qkv, span)),
        guarded.copy(Arrays.copyOfRange(qkv, span, 2 * span)),
        guarded.copy(Arrays.copyOfRange(qkv, 2 * span, 3 * span)),
        bias == null ? null : guarded.copy(bias),
        got);
    Kernels plain = Kernels.scalar();
    float[] scratch = new float[plain.attentionScratch(tokens, headSize)];
    plain.attention(
        tokens, heads, headSize, 0.25f, qkv, 0, span, 2 * span, ld, bias, 0, c, 0, ldContext,
        scratch);
    compare(got, c, "attention of %d tokens, %d heads of %d".formatted(tokens, heads, headSize));
  }

  private static void layerNorm(Int8Form form, GuardedMemory guarded, int rows, int columns) {
    LayerNorm norm = new LayerNorm(form.bits(), Machine.MEMORY, Machine.CONSTANTS);
    int ldx = columns + RANDOM.nextInt(3);
    int ldy = columns + RANDOM.nextInt(3);
    float[] x = Values.normal(RANDOM, (rows - 1) * ldx + columns);
    float[] residual = RANDOM.nextBoolean() ? null : Values.normal(RANDOM, x.length);
    float[] gamma = Values.normal(RANDOM, columns);
    float[] beta = Values.normal(RANDOM, columns);
    float[] y = Values.normal(RANDOM, (rows - 1) * ldy + columns);
    MemorySegment got = guarded.copy(y);
    norm.run(
        new LayerNorm.Sizes(rows, columns, ldx, 1e-12f, ldy),
        guarded.copy(x),
        residual == null ? null : guarded.copy(residual),
        guarded.copy(gamma),
        guarded.copy(beta),
        got);
    Kernels.scalar()
        .layerNorm(rows, columns, x, residual, 0, ldx, gamma, beta, 1e-12f, y, 0, ldy, null, 0);
    compare(got, y, "layer norm of %d rows of %d".formatted(rows, columns));
  }

  private static void compare(MemorySegment got, float[] expected, String shape) {
    if (!Arrays.equals(got.toArray(ValueLayout.JAVA_FLOAT), expected)) {
      throw new AssertionError(shape + ": other bits");
    }
  }

  /** Shows that the guard pages work: the product reads one value more than A has. */
  @SuppressWarnings("restricted")
  private static void readBeyond(Int8Form form) {
    FloatProduct product = Machine.floatProduct(form);
    GuardedMemory guarded = new GuardedMemory(true);
    MemorySegment a = guarded.allocate(4 * Float.BYTES, Float.BYTES).reinterpret(5 * Float.BYTES);
    FloatPanels b = Values.panels(product.blocking(), Values.operand(RANDOM, 5, 1));
    MemorySegment none = MemorySegment.NULL;
    MemorySegment c = guarded.allocate(Float.BYTES, Float.BYTES);
    product.run(1, a, 5, b, Variant.Start.ZERO, none, false, c, 1);
  }
}
