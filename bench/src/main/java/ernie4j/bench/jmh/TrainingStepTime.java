package ernie4j.bench.jmh;

import ernie4j.bench.input.BenchmarkModel;
import ernie4j.bench.input.JointBatch;
import ernie4j.bench.peer.StepOptions;
import ernie4j.bench.peer.TrainingEngine;
import ernie4j.bench.peer.TrainingStepUnderTest;
import ernie4j.zoo.Architectures;
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

/**
 * The time of one training step of the joint intent and slot model: batch 64, length 16, dropout
 * 0.1, in milliseconds.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 5)
@Measurement(iterations = 5, time = 5)
@Fork(value = 3, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
public class TrainingStepTime {
  @Param({"ERNIE4J", "PYTORCH"})
  TrainingEngine engine;

  @Param("nano")
  String size;

  @Param({"6000", "40000"})
  int vocabulary;

  @Param("1")
  int threads;

  private TrainingStepUnderTest step;
  private JointBatch batch;

  /** Loads the model. */
  @Setup(Level.Trial)
  public void load() {
    BenchmarkModel start =
        BenchmarkModel.joint(Architectures.of(size).withVocabularySize(vocabulary));
    step = engine.load(start, StepOptions.fineTuning(threads));
    batch = JointBatch.random(64, 16, vocabulary, 1);
  }

  /** One step. */
  @Benchmark
  public float step() {
    return step.step(batch);
  }

  /** Frees native memory. */
  @TearDown(Level.Trial)
  public void close() {
    step.close();
  }
}
