package ernie4j.bench.jmh;

import ernie4j.engine.kernels.Kernels;
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

/** The kernels that work row by row or element by element, on a matrix {@code rows x columns}. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class RowTime {
  @Param KernelProvider provider;

  @Param({"16x312", "16x1248", "128x128", "128x768", "128x3072"})
  String matrix;

  private Kernels kernels;
  private int rows;
  private int columns;
  private float[] x;
  private float[] residual;
  private float[] gamma;
  private float[] beta;
  private float[] y;

  /** Makes the matrices. */
  @Setup(Level.Trial)
  public void prepare() {
    kernels = provider.kernels();
    int cross = matrix.indexOf('x');
    rows = Integer.parseInt(matrix.substring(0, cross));
    columns = Integer.parseInt(matrix.substring(cross + 1));
    x = Product.random(rows * columns);
    residual = Product.random(rows * columns);
    gamma = Product.random(columns);
    beta = Product.random(columns);
    y = new float[rows * columns];
  }

  /** GELU of every element. */
  @Benchmark
  public float[] gelu() {
    kernels.gelu(rows * columns, x, 0, y, 0);
    return y;
  }

  /** Softmax of every row in place; its own result is as good an input as any. */
  @Benchmark
  public float[] softmax() {
    kernels.softmax(rows, columns, y, 0, columns);
    return y;
  }

  /** Layer norm of X + residual. */
  @Benchmark
  public float[] layerNorm() {
    kernels.layerNorm(
        rows, columns, x, residual, 0, columns, gamma, beta, 1e-12f, y, 0, columns, null, 0);
    return y;
  }
}
