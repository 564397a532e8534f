package ernie4j.bench.jmh;

import com.sun.management.ThreadMXBean;
import ernie4j.bench.input.BenchmarkModel;
import ernie4j.bench.input.RandomTokens;
import ernie4j.bench.peer.EncoderEngine;
import ernie4j.bench.peer.EncoderUnderTest;
import ernie4j.engine.RaggedBatch;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The time of one forward pass, and the bytes that it allocates. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class ForwardTime {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @Param("ERNIE4J")
  EncoderEngine engine;

  @Param({"pico", "nano", "micro", "mini", "medium", "base"})
  String size;

  @Param({"1", "32"})
  int batch;

  @Param({"16", "32", "128", "512"})
  int length;

  @Param({"1", "2"})
  int threads;

  private EncoderUnderTest encoder;
  private RaggedBatch input;

  /** Loads the model. */
  @Setup(Level.Trial)
  public void load() {
    BenchmarkModel model = BenchmarkModel.named(size);
    encoder = engine.load(model, threads);
    input = RandomTokens.batch(batch, length, model.config().vocabularySize());
  }

  /** What the measured calls allocated in the calling thread; JMH adds it up over iterations. */
  @AuxCounters(AuxCounters.Type.EVENTS)
  @State(Scope.Thread)
  public static class Allocation {
    public long calls;
    public long bytes;
  }

  /** One forward pass; counting its bytes takes some ten nanoseconds. */
  @Benchmark
  public float[] forward(Allocation allocation) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    float[] hidden = encoder.forward(input);
    allocation.bytes += THREADS.getCurrentThreadAllocatedBytes() - before;
    allocation.calls++;
    return hidden;
  }

  /** Frees native memory. */
  @TearDown(Level.Trial)
  public void close() {
    encoder.close();
  }
}
