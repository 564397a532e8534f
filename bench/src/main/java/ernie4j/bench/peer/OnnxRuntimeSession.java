package ernie4j.bench.peer;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.OrtSession.SessionOptions.ExecutionMode;
import ai.onnxruntime.OrtSession.SessionOptions.OptLevel;
import ernie4j.zoo.onnx.OnnxModel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Map;

/** A model in ONNX Runtime's CPU provider, with all optimizations. */
public final class OnnxRuntimeSession implements AutoCloseable {
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;

  private interface Source {
    OrtSession open(OrtEnvironment environment, SessionOptions options) throws OrtException;
  }

  private OnnxRuntimeSession(Source source, int threads) {
    try (SessionOptions options = new SessionOptions()) {
      options.setIntraOpNumThreads(threads);
      options.setInterOpNumThreads(1);
      options.setExecutionMode(ExecutionMode.SEQUENTIAL);
      options.setOptimizationLevel(OptLevel.ALL_OPT);
      session = source.open(environment, options);
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime cannot load the model", e);
    }
  }

  /**
   * Loads a model that {@link ernie4j.bench.onnx.BertOnnxGraph} made.
   *
   * @throws IllegalStateException if ONNX Runtime refuses it
   */
  public static OnnxRuntimeSession of(OnnxModel model, int threads) {
    byte[] bytes = model.toByteArray();
    return new OnnxRuntimeSession(
        (environment, options) -> environment.createSession(bytes, options), threads);
  }

  /**
   * Loads a file.
   *
   * @throws IllegalStateException if ONNX Runtime refuses it
   */
  public static OnnxRuntimeSession load(Path file, int threads) {
    return new OnnxRuntimeSession(
        (environment, options) -> environment.createSession(file.toString(), options), threads);
  }

  /** An int64 tensor and the buffer behind it. */
  record Integers(LongBuffer values, OnnxTensor tensor) {}

  /** A float tensor and the buffer behind it. */
  record Floats(FloatBuffer values, OnnxTensor tensor) {}

  Integers integers(int rows, int columns) {
    LongBuffer values = direct(rows * columns * Long.BYTES).asLongBuffer();
    try {
      return new Integers(
          values, OnnxTensor.createTensor(environment, values, new long[] {rows, columns}));
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime cannot make a tensor", e);
    }
  }

  Floats floats(int... shape) {
    int size = 1;
    long[] dimensions = new long[shape.length];
    for (int i = 0; i < shape.length; i++) {
      size = Math.multiplyExact(size, shape[i]);
      dimensions[i] = shape[i];
    }
    FloatBuffer values = direct(Math.multiplyExact(size, Float.BYTES)).asFloatBuffer();
    try {
      return new Floats(values, OnnxTensor.createTensor(environment, values, dimensions));
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime cannot make a tensor", e);
    }
  }

  private static ByteBuffer direct(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
  }

  /** Whether the model has an input of that name. */
  boolean hasInput(String name) {
    return session.getInputNames().contains(name);
  }

  /** Runs the model; the results are written into the buffers of {@code outputs}. */
  void run(Map<String, OnnxTensor> inputs, Map<String, OnnxTensor> outputs) {
    try {
      session.run(inputs, outputs).close();
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime cannot run the model", e);
    }
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime cannot close the session", e);
    }
  }
}
