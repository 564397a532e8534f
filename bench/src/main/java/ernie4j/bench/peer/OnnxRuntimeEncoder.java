package ernie4j.bench.peer;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.ExecutionMode;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import ernie4j.bench.onnx.OnnxModel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * ONNX Runtime's CPU provider on one thread, with all optimizations; input and output buffers are
 * reused as long as the sequence length stays the same.
 */
public final class OnnxRuntimeEncoder implements EncoderUnderTest {
  private final int hiddenSize;
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;
  private @Nullable Buffers buffers;

  /** The tensors for one sequence length. */
  private static final class Buffers {
    final LongBuffer ids;
    final OnnxTensor input;
    final FloatBuffer hidden;
    final OnnxTensor output;
    final float[] result;

    Buffers(OrtEnvironment environment, int length, int hiddenSize) throws OrtException {
      ids = direct(length * Long.BYTES).asLongBuffer();
      input = OnnxTensor.createTensor(environment, ids, new long[] {1, length});
      hidden = direct(length * hiddenSize * Float.BYTES).asFloatBuffer();
      output = OnnxTensor.createTensor(environment, hidden, new long[] {1, length, hiddenSize});
      result = new float[length * hiddenSize];
    }

    private static ByteBuffer direct(int bytes) {
      return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }

    void close() {
      input.close();
      output.close();
    }
  }

  /**
   * Loads a model that {@link ernie4j.bench.onnx.BertOnnxGraph} made.
   *
   * @throws IllegalStateException if ONNX Runtime refuses it
   */
  public OnnxRuntimeEncoder(OnnxModel model, int hiddenSize) {
    this.hiddenSize = hiddenSize;
    try (SessionOptions options = new SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      options.setExecutionMode(ExecutionMode.SEQUENTIAL);
      options.setOptimizationLevel(OptLevel.ALL_OPT);
      session = environment.createSession(model.toByteArray(), options);
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime cannot load the model", e);
    }
  }

  @Override
  public float[] forward(int[] ids) {
    try {
      Buffers current = buffersFor(ids.length);
      for (int i = 0; i < ids.length; i++) {
        current.ids.put(i, ids[i]);
      }
      session
          .run(Map.of("input_ids", current.input), Map.of("last_hidden_state", current.output))
          .close();
      current.hidden.get(0, current.result);
      return current.result;
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime cannot run the model", e);
    }
  }

  private Buffers buffersFor(int length) throws OrtException {
    if (buffers == null || buffers.ids.capacity() != length) {
      if (buffers != null) {
        buffers.close();
      }
      buffers = new Buffers(environment, length, hiddenSize);
    }
    return buffers;
  }

  @Override
  public void close() {
    if (buffers != null) {
      buffers.close();
      buffers = null;
    }
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime cannot close the session", e);
    }
  }
}
