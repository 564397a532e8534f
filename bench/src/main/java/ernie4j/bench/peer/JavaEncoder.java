package ernie4j.bench.peer;

import ernie4j.bench.input.BenchmarkModel;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.encoder.Encoder;
import ernie4j.engine.encoder.EncoderWorkspace;
import ernie4j.engine.kernels.Kernels;

/** This project's encoder. */
public final class JavaEncoder implements EncoderUnderTest {
  private final Encoder encoder;
  private final EncoderWorkspace workspace;

  /** An encoder on the given kernels and that many threads. */
  public JavaEncoder(BenchmarkModel model, Kernels kernels, int threads) {
    encoder = Encoder.of(model.config(), model.parameters(), kernels);
    workspace = workspace(encoder, threads);
  }

  /** The one place of this module where a forward pass gets its threads. */
  private static EncoderWorkspace workspace(Encoder encoder, int threads) {
    if (threads != 1) {
      throw new IllegalArgumentException(
          "encoder: expected 1 thread, got %d; this build computes a forward pass on one thread only, run with --threads 1"
              .formatted(threads));
    }
    return encoder.newWorkspace();
  }

  @Override
  public float[] forward(RaggedBatch batch) {
    encoder.forward(batch, workspace);
    return workspace.hidden();
  }
}
