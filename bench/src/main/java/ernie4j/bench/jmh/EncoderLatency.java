package ernie4j.bench.jmh;

import ernie4j.bench.input.RandomModel;
import ernie4j.bench.input.RandomTokens;
import ernie4j.bench.peer.EncoderEngine;
import ernie4j.bench.peer.EncoderUnderTest;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The time of one forward pass of one sequence, in milliseconds. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 10, time = 1)
@Fork(value = 3, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class EncoderLatency {
  private static final int VOCABULARY = 40000;

  @Param({"ERNIE4J", "ONNXRUNTIME"})
  EncoderEngine engine;

  @Param({"pico", "nano", "micro", "mini", "medium", "base"})
  String size;

  @Param({"16", "32", "128"})
  int length;

  private EncoderUnderTest encoder;
  private int[] ids;

  /** Loads the model. */
  @Setup(Level.Trial)
  public void load() {
    encoder = engine.load(RandomModel.encoder(size, VOCABULARY));
    ids = RandomTokens.sequence(length, VOCABULARY, 1);
  }

  /** One forward pass. */
  @Benchmark
  public float[] forward() {
    return encoder.forward(ids);
  }

  /** Frees what is not Java's. */
  @TearDown(Level.Trial)
  public void close() {
    encoder.close();
  }
}
