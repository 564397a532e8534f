package ernie4j.bench.jmh;

import ernie4j.engine.kernels.Epilogue;
import ernie4j.engine.kernels.Kernels;
import ernie4j.engine.kernels.PackedMatrix;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The products of a linear layer's backward pass as training computes them, with their packing and
 * without. X is {@code [m, k]}, W {@code [k, n]}, dY {@code [m, n]} for a shape {@code mxkxn}; all
 * four have the same number of operations.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class BackpropTime {
  /** A distance of rows that suits the cache: eight rows 4 KiB apart would share one set of it. */
  private static final int ROW_STEP = 256;

  @Param KernelProvider provider;

  @Param("1024x312x1248")
  String shape;

  private Kernels kernels;
  private int m;
  private int k;
  private int n;
  private int ldTransposed;
  private float[] x;
  private float[] w;
  private float[] dy;
  private float[] dx;
  private float[] dw;
  private float[] transposed;
  private PackedMatrix packedWeight;
  private PackedMatrix packedGradient;

  /** Makes the arrays and packs both right sides. */
  @Setup(Level.Trial)
  public void prepare() {
    kernels = provider.kernels();
    Product product = Product.of(shape);
    m = product.m();
    k = product.k();
    n = product.n();
    ldTransposed = m % ROW_STEP == 0 ? m + 16 : m;
    x = Product.random(m * k);
    w = Product.random(k * n);
    dy = Product.random(m * n);
    dx = new float[m * k];
    dw = new float[k * n];
    transposed = new float[k * ldTransposed];
    packedWeight = kernels.newPackedMatrix(n, k);
    packedGradient = kernels.newPackedMatrix(m, n);
    dxPacked();
    dwPacked();
  }

  /** dX = dY W^T. */
  @Benchmark
  public float[] dx() {
    kernels.gemm(m, dy, 0, n, packedWeight, null, Epilogue.NONE, dx, 0, k);
    return dx;
  }

  /** The same with the packing of W^T, which training does once a step. */
  @Benchmark
  public float[] dxPacked() {
    kernels.pack(w, 0, n, true, packedWeight, 0, k);
    return dx();
  }

  /** dW += X^T dY. */
  @Benchmark
  public float[] dw() {
    kernels.gemm(k, transposed, 0, ldTransposed, packedGradient, null, Epilogue.ADD, dw, 0, n);
    return dw;
  }

  /** The same with the transposition of X and the packing of dY, which every step needs. */
  @Benchmark
  public float[] dwPacked() {
    kernels.transpose(m, k, x, 0, k, transposed, 0, ldTransposed);
    kernels.pack(dy, 0, n, false, packedGradient, 0, n);
    return dw();
  }
}
