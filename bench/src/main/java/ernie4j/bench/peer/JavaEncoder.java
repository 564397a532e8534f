package ernie4j.bench.peer;

import ernie4j.bench.input.BenchmarkModel;
import ernie4j.engine.Parallel;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.encoder.Encoder;
import ernie4j.engine.encoder.EncoderWorkspace;
import ernie4j.engine.kernels.Kernels;
import java.time.Duration;

/** This project's encoder. */
public final class JavaEncoder implements EncoderUnderTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final Encoder encoder;
  private final Parallel parallel;
  private final EncoderWorkspace workspace;

  /** An encoder on the given kernels and that many threads. */
  public JavaEncoder(BenchmarkModel model, Kernels kernels, int threads) {
    encoder = Encoder.of(model.config(), model.parameters(), kernels);
    parallel = Parallel.of(threads);
    workspace = encoder.newWorkspace(parallel);
  }

  /**
   * An encoder that computes on vectors at full speed, so that nothing changes while it is timed.
   */
  public static JavaEncoder warm(BenchmarkModel model, Kernels kernels, int threads) {
    JavaEncoder warm = new JavaEncoder(model, kernels, threads);
    if (!warm.encoder.warmUp(LIMIT)) {
      throw new IllegalStateException(
          "encoder: expected full speed within %d s; leave the machine idle and try again"
              .formatted(LIMIT.toSeconds()));
    }
    return warm;
  }

  @Override
  public float[] forward(RaggedBatch batch) {
    encoder.forward(batch, workspace);
    return workspace.hidden();
  }

  @Override
  public void close() {
    parallel.close();
  }
}
