package ernie4j.bench.peer;

import ernie4j.engine.RaggedBatch;
import ernie4j.zoo.onnx.OnnxModel;
import org.jspecify.annotations.Nullable;

/**
 * ONNX Runtime's encoder for batches of one length; input and output buffers are reused as long as
 * the shape stays the same.
 */
public final class OnnxRuntimeEncoder implements EncoderUnderTest {
  private final int hiddenSize;
  private final OnnxRuntimeSession session;
  private @Nullable OnnxRuntimeBatch buffers;
  private int sequences;
  private int length;
  private float[] result = new float[0];

  /** Loads a model that {@link ernie4j.bench.onnx.BertOnnxGraph} made. */
  public OnnxRuntimeEncoder(OnnxModel model, int hiddenSize, int threads) {
    this(OnnxRuntimeSession.of(model, threads), hiddenSize);
  }

  /** An encoder over a session, which it closes in the end. */
  public OnnxRuntimeEncoder(OnnxRuntimeSession session, int hiddenSize) {
    this.session = session;
    this.hiddenSize = hiddenSize;
  }

  @Override
  public float[] forward(RaggedBatch batch) {
    OnnxRuntimeBatch current = buffersFor(batch);
    current.run(session, batch);
    current.hidden().get(0, result);
    return result;
  }

  private OnnxRuntimeBatch buffersFor(RaggedBatch batch) {
    if (buffers == null || batch.sequences() != sequences || batch.length(0) != length) {
      length = EqualLengths.of(batch);
      sequences = batch.sequences();
      if (buffers != null) {
        buffers.close();
      }
      buffers = new OnnxRuntimeBatch(session, batch, OnnxRuntimeBatch.all(batch), hiddenSize);
      result = new float[batch.tokens() * hiddenSize];
    }
    return buffers;
  }

  @Override
  public void close() {
    if (buffers != null) {
      buffers.close();
      buffers = null;
    }
    session.close();
  }
}
