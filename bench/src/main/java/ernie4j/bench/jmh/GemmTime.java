package ernie4j.bench.jmh;

import ernie4j.engine.Int8Weight;
import ernie4j.engine.Tensor;
import ernie4j.engine.kernels.Epilogue;
import ernie4j.engine.kernels.Int8Matrix;
import ernie4j.engine.kernels.Kernels;
import ernie4j.engine.kernels.PackedMatrix;
import ernie4j.quant.ColumnQuantizer;
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
 * The product of a linear layer in float32 and in int8, weights packed in advance: three shapes
 * that fit the cache, then the layers of nano (312) and medium (768) at 1, 7, 16 and 128 rows.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class GemmTime {
  @Param KernelProvider provider;

  @Param({
    "16x312x1248",
    "32x384x1536",
    "128x768x768",
    "1x312x312",
    "1x312x936",
    "1x312x1248",
    "1x1248x312",
    "7x312x312",
    "7x312x936",
    "7x312x1248",
    "7x1248x312",
    "16x312x312",
    "16x312x936",
    "16x1248x312",
    "128x312x312",
    "128x312x936",
    "128x312x1248",
    "128x1248x312",
    "1x768x768",
    "1x768x2304",
    "1x768x3072",
    "1x3072x768",
    "7x768x768",
    "7x768x2304",
    "7x768x3072",
    "7x3072x768",
    "16x768x768",
    "16x768x2304",
    "16x768x3072",
    "16x3072x768",
    "128x768x2304",
    "128x768x3072",
    "128x3072x768"
  })
  String shape;

  private Kernels kernels;
  private Product product;
  private PackedMatrix packed;
  private Int8Matrix int8;
  private float[] a;
  private float[] bias;
  private float[] c;

  /** Packs the weights. */
  @Setup(Level.Trial)
  public void pack() {
    kernels = provider.kernels();
    product = Product.of(shape);
    packed = kernels.newPackedMatrix(product.k(), product.n());
    float[] b = Product.random(product.k() * product.n());
    kernels.pack(b, 0, product.n(), false, packed, 0, product.n());
    Int8Weight codes = ColumnQuantizer.quantize(Tensor.of(b, product.k(), product.n()));
    int8 = kernels.newInt8Matrix(product.k(), product.n(), codes.scales());
    kernels.packCodes(product.k(), product.n(), codes.codes(), 0, product.n(), int8, 0, 0);
    a = Product.random(product.m() * product.k());
    bias = Product.random(product.n());
    c = new float[product.m() * product.n()];
  }

  /** C = A B + bias. */
  @Benchmark
  public float[] gemm() {
    kernels.gemm(product.m(), a, 0, product.k(), packed, bias, Epilogue.NONE, c, 0, product.n());
    return c;
  }

  /** The same in int8, with the scale of every row of A found in the call. */
  @Benchmark
  public float[] gemmInt8() {
    kernels.gemmInt8(
        product.m(), a, 0, product.k(), 0, int8, bias, Epilogue.NONE, c, 0, product.n());
    return c;
  }
}
