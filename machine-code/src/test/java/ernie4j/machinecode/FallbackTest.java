package ernie4j.machinecode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ernie4j.engine.kernels.Epilogue;
import ernie4j.engine.kernels.Int8Matrix;
import ernie4j.engine.kernels.KernelTable;
import ernie4j.engine.kernels.Kernels;
import ernie4j.engine.kernels.PackedMatrix;
import ernie4j.engine.kernels.scalar.ScalarProvider;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** If a running process gets no more memory for code, other kernels give the same bits. */
class FallbackTest {
  private static final Logger LOGGER = Logger.getLogger("ernie4j");

  private final Random random = new Random(8);
  private final Kernels plain = Kernels.scalar();
  private final List<String> warnings = new ArrayList<>();
  private final Handler handler =
      new Handler() {
        @Override
        public synchronized void publish(LogRecord record) {
          if (record.getLevel().equals(Level.WARNING)) {
            warnings.add(new SimpleFormatter().formatMessage(record));
          }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void listen() {
    Machine.forms().close();
    LOGGER.addHandler(handler);
  }

  @AfterEach
  void stopListening() {
    LOGGER.removeHandler(handler);
  }

  /** Grants executable memory only as often as {@code left} says. */
  private static final class Limited extends SystemCalls {
    private int left = Integer.MAX_VALUE;

    @Override
    MemorySegment map(long bytes, int protection) {
      return left-- > 0 ? super.map(bytes, protection) : MemorySegment.NULL;
    }

    @Override
    int memoryFile(long bytes) {
      return left > 0 ? super.memoryFile(bytes) : -1;
    }
  }

  private final Limited system = new Limited();

  /** Kernels that have passed the self-test and get memory for {@code more} further functions. */
  private Kernels kernels(int more) {
    system.left = Integer.MAX_VALUE;
    ExecutableMemory memory = new ExecutableMemory(system, InstructionCache.of(system));
    Products products = Products.of(Processor.detect(system, memory), memory);
    new SelfTest(products).run();
    KernelTable others = new ScalarProvider().table(FallbackTest::none);
    system.left = more;
    return Kernels.of(GeneratedKernels.table(products, others));
  }

  private static KernelTable none() {
    throw new AssertionError("no kernels come after plain Java");
  }

  @Test
  void nextKernelsGiveTheSameBitsAndOneWarning() {
    Kernels kernels = kernels(0);
    for (Epilogue epilogue : Epilogue.values()) {
      for (int m : new int[] {1, 8, 19}) {
        compare(kernels, m, 23, 61, epilogue);
      }
    }
    for (float scale : new float[] {0, 1.5f}) {
      compareInt8(kernels, 5, 23, 61, scale, Epilogue.NONE);
      compareInt8(kernels, 12, 64, 17, scale, Epilogue.GELU);
    }
    compareAttention(kernels, 9, 2, 13);
    compareLayerNorm(kernels, 6, 37);
    assertThat(warnings)
        .singleElement()
        .asString()
        .contains("the scalar kernels compute some of the calls")
        .contains("allow this process executable memory")
        .doesNotContain("{");
  }

  /** Wherever a product stops for lack of a function, nothing is added twice. */
  @Test
  void sameBitsIfOnlySomeFunctionsExist() {
    for (int more = 0; more < 8; more++) {
      Kernels kernels = kernels(more);
      for (Epilogue epilogue : List.of(Epilogue.ADD, Epilogue.GELU)) {
        compare(kernels, 11, 30, 101, epilogue); // two heights of tiles and two widths of panels
      }
      compareInt8(kernels, 11, 30, 101, 0, Epilogue.GELU);
      compareAttention(kernels, 5, 1, 6);
      compareLayerNorm(kernels, 2, 20);
    }
  }

  @Test
  void functionsOfTheSelfTestStayInUse() {
    Kernels kernels = kernels(0);
    compare(kernels, 8, 19, 53, Epilogue.NONE);
    compareInt8(kernels, 8, 19, 53, 0, Epilogue.NONE);
    assertThat(warnings).isEmpty();
  }

  /** Weights in bfloat16 are widened, as on processors that do not multiply them; exact here. */
  @Test
  void bfloat16IsWidened() {
    assumeTrue(Machine.processor().bfloat16(), "this processor has no AVX512-BF16");
    for (int more = 0; more < 4; more++) {
      float[] values = Values.whole(random, 9 * 30);
      Kernels kernels = kernels(more);
      PackedMatrix b = kernels.newBfloat16Matrix(9, 30);
      kernels.pack(values, 0, 30, false, b, 0, 30);
      compare(kernels, Values.whole(random, 5 * 9), values, b, null, Epilogue.ADD);
    }
  }

  /** The copies for other kernels follow the matrix. */
  @Test
  void aMatrixMayBeRepacked() {
    Kernels kernels = kernels(0);
    PackedMatrix b = kernels.newPackedMatrix(7, 30);
    for (int i = 0; i < 3; i++) {
      b.reshape(7 + i, 30);
      float[] values = Values.normal(random, (7 + i) * 30);
      kernels.pack(values, 0, 30, false, b, 0, 30);
      float[] a = Values.normal(random, 3 * (7 + i));
      compare(kernels, a, values, b, null, Epilogue.NONE);
      values[33] = 5;
      kernels.packBlock(1, 1, values, 33, 30, b, 1, 3);
      compare(kernels, a, values, b, null, Epilogue.NONE);
      float[] transposed = new float[values.length];
      values[4] = 6;
      plain.transpose(7 + i, 30, values, 0, 30, transposed, 0, 7 + i);
      kernels.pack(transposed, 0, 7 + i, true, b, 0, 30);
      compare(kernels, a, values, b, null, Epilogue.NONE);
    }
  }

  @Test
  void codesMayBeRepacked() {
    Kernels kernels = kernels(0);
    PlainProducts.Codes b = Values.codes(random, 9, 40);
    PlainProducts.Codes changed = Values.codes(random, 9, 40);
    float[] bias = new float[40];
    float[] a = Values.normal(random, 2 * 9);
    Int8Matrix packed = kernels.newInt8Matrix(9, 40, b.scales());
    for (byte[] codes : new byte[][] {b.values(), changed.values()}) {
      kernels.packCodes(9, 40, codes, 0, 40, packed, 0, 0);
      float[] got = new float[2 * 40];
      kernels.gemmInt8(2, a, 0, 9, 0, packed, bias, Epilogue.NONE, got, 0, 40);
      PlainProducts.Codes same = new PlainProducts.Codes(9, 40, codes, b.scales());
      assertThat(got).isEqualTo(int8(plain, 2, a, 0, same, bias, Epilogue.NONE));
    }
    assertThat(warnings).hasSize(1);
  }

  private void compare(Kernels kernels, int m, int k, int n, Epilogue epilogue) {
    float[] values = Values.normal(random, k * n);
    PackedMatrix b = kernels.newPackedMatrix(k, n);
    kernels.pack(values, 0, n, false, b, 0, n);
    float[] bias = epilogue == Epilogue.ADD ? null : Values.normal(random, n);
    compare(kernels, Values.normal(random, m * k), values, b, bias, epilogue);
    compare(kernels, Values.normal(random, m * k), values, b, bias, epilogue);
  }

  private void compare(
      Kernels kernels,
      float[] a,
      float[] values,
      PackedMatrix b,
      float @Nullable [] bias,
      Epilogue epilogue) {
    int k = b.rows();
    int m = a.length / k;
    int n = b.columns();
    float[] got = Values.whole(random, m * n);
    float[] expected = got.clone();
    kernels.gemm(m, a, 0, k, b, bias, epilogue, got, 0, n);
    PackedMatrix theirs = plain.newPackedMatrix(k, n);
    plain.pack(values, 0, n, false, theirs, 0, n);
    plain.gemm(m, a, 0, k, theirs, bias, epilogue, expected, 0, n);
    assertThat(got).as("%d x %d x %d, %s", m, k, n, epilogue).isEqualTo(expected);
  }

  private void compareInt8(Kernels kernels, int m, int k, int n, float scale, Epilogue epilogue) {
    PlainProducts.Codes b = Values.codes(random, k, n);
    float[] a = Values.normal(random, m * k);
    float[] bias = Values.normal(random, n);
    assertThat(int8(kernels, m, a, scale, b, bias, epilogue))
        .as("int8 %d x %d x %d, scale %s, %s", m, k, n, scale, epilogue)
        .isEqualTo(int8(plain, m, a, scale, b, bias, epilogue));
  }

  private static float[] int8(
      Kernels kernels,
      int m,
      float[] a,
      float scale,
      PlainProducts.Codes b,
      float[] bias,
      Epilogue epilogue) {
    int k = b.rows();
    int n = b.columns();
    Int8Matrix packed = kernels.newInt8Matrix(k, n, b.scales());
    kernels.packCodes(k, n, b.values(), 0, n, packed, 0, 0);
    float[] c = new float[m * n];
    kernels.gemmInt8(m, a, 0, k, scale, packed, bias, epilogue, c, 0, n);
    return c;
  }

  private void compareAttention(Kernels kernels, int tokens, int heads, int size) {
    int width = heads * size;
    float[] qkv = Values.normal(random, tokens * 3 * width);
    float[] bias = Values.normal(random, tokens);
    assertThat(attention(kernels, tokens, heads, size, qkv, bias))
        .isEqualTo(attention(plain, tokens, heads, size, qkv, bias));
  }

  private static float[] attention(
      Kernels kernels, int tokens, int heads, int size, float[] qkv, float[] bias) {
    int width = heads * size;
    int ld = 3 * width;
    float[] scratch = new float[kernels.attentionScratch(tokens, size)];
    float[] context = new float[tokens * width];
    kernels.attention(
        tokens, heads, size, 0.3f, qkv, 0, width, 2 * width, ld, bias, 0, context, 0, width,
        scratch);
    return context;
  }

  /** Twice: for inference, and with the statistics that training needs. */
  private void compareLayerNorm(Kernels kernels, int rows, int n) {
    float[] x = Values.normal(random, rows * n);
    float[] gamma = Values.normal(random, n);
    float[] beta = Values.normal(random, n);
    assertThat(layerNorm(kernels, rows, n, x, gamma, beta, null))
        .isEqualTo(layerNorm(plain, rows, n, x, gamma, beta, null));
    float[] expected = new float[2 * rows];
    float[] got = new float[2 * rows];
    assertThat(layerNorm(kernels, rows, n, x, gamma, beta, got))
        .isEqualTo(layerNorm(plain, rows, n, x, gamma, beta, expected));
    assertThat(got).isEqualTo(expected).doesNotContain(0f);
  }

  private static float[] layerNorm(
      Kernels kernels,
      int rows,
      int n,
      float[] x,
      float[] gamma,
      float[] beta,
      float @Nullable [] statistics) {
    float[] y = new float[rows * n];
    kernels.layerNorm(rows, n, x, null, 0, n, gamma, beta, 1e-12f, y, 0, n, statistics, 0);
    return y;
  }
}
