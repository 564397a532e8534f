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

/** Attention of one sequence with twelve heads of nano's and of medium's size. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class AttentionTime {
  static final int HEADS = 12;

  @Param KernelProvider provider;

  @Param({"16", "128"})
  int tokens;

  @Param({"26", "64"})
  int headSize;

  private Kernels kernels;
  private int width;
  private float scale;
  private float[] qkv;
  private float[] context;
  private float[] scratch;

  /** Makes queries, keys and values. */
  @Setup(Level.Trial)
  public void prepare() {
    kernels = provider.kernels();
    width = HEADS * headSize;
    scale = (float) (1 / Math.sqrt(headSize));
    qkv = Product.random(tokens * 3 * width);
    context = new float[tokens * width];
    scratch = new float[kernels.attentionScratch(tokens, headSize)];
  }

  /** softmax(scale Q K^T) V of all heads. */
  @Benchmark
  public float[] attention() {
    kernels.attention(
        tokens, HEADS, headSize, scale, qkv, 0, width, 2 * width, 3 * width, null, 0, context, 0,
        width, scratch);
    return context;
  }
}
