package ernie4j.bench.peer;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.encoder.Encoder;
import ernie4j.engine.encoder.EncoderWorkspace;

/** This project's encoder on the kernels that suit the JVM. */
public final class JavaEncoder implements EncoderUnderTest {
  private final Encoder encoder;
  private final EncoderWorkspace workspace;

  public JavaEncoder(EncoderConfig config, ParameterStore parameters) {
    encoder = Encoder.of(config, parameters);
    workspace = encoder.newWorkspace();
  }

  @Override
  public float[] forward(int[] ids) {
    encoder.forward(RaggedBatch.of(ids), workspace);
    return workspace.hidden();
  }
}
