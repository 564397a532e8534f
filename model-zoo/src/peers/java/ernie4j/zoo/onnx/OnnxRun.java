package ernie4j.zoo.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A model in ONNX Runtime; its inputs are padded to the same length. */
public final class OnnxRun implements AutoCloseable {
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;

  /** Loads a file, which may be large: its bytes never enter the Java heap. */
  public OnnxRun(Path file) throws OrtException {
    this(file, new OrtSession.SessionOptions());
  }

  OnnxRun(Path file, OrtSession.SessionOptions options) throws OrtException {
    session = environment.createSession(file.toString(), options);
  }

  /** Writes a model to a temporary file and loads it. */
  public static OnnxRun of(OnnxModel model) throws IOException, OrtException {
    Path file = Files.createTempFile("ernie4j", ".onnx");
    try {
      model.write(file);
      return new OnnxRun(file);
    } finally {
      Files.delete(file);
    }
  }

  /** Values and shape of an output. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Output(float[] values, long[] shape) {
    /** The values of real tokens of {@code [batch, length, width]}, one after the other. */
    public float[] ofTokens(List<int[]> sequences) {
      int width = shape.length < 3 ? 1 : (int) shape[2];
      int tokens = sequences.stream().mapToInt(s -> s.length).sum();
      float[] gathered = new float[tokens * width];
      int to = 0;
      for (int s = 0; s < sequences.size(); s++) {
        int count = sequences.get(s).length * width;
        System.arraycopy(values, s * (int) shape[1] * width, gathered, to, count);
        to += count;
      }
      return gathered;
    }
  }

  /** All outputs by name. */
  public Map<String, Output> run(List<int[]> ids, List<int[]> types) throws OrtException {
    int length = ids.stream().mapToInt(s -> s.length).max().orElseThrow();
    Map<String, OnnxTensor> inputs = new HashMap<>();
    inputs.put("input_ids", padded(ids, length));
    inputs.put("attention_mask", padded(ids.stream().map(OnnxRun::ones).toList(), length));
    inputs.put("token_type_ids", padded(types, length));
    inputs.keySet().retainAll(session.getInputNames());
    Map<String, Output> outputs = new HashMap<>();
    try (OrtSession.Result result = session.run(inputs)) {
      for (Map.Entry<String, OnnxValue> entry : result) {
        OnnxTensor tensor = (OnnxTensor) entry.getValue();
        float[] values = new float[tensor.getFloatBuffer().remaining()];
        tensor.getFloatBuffer().get(values);
        outputs.put(entry.getKey(), new Output(values, tensor.getInfo().getShape()));
      }
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
    return outputs;
  }

  private static int[] ones(int[] sequence) {
    int[] ones = new int[sequence.length];
    Arrays.fill(ones, 1);
    return ones;
  }

  private OnnxTensor padded(List<int[]> rows, int length) throws OrtException {
    LongBuffer values = LongBuffer.allocate(rows.size() * length);
    for (int s = 0; s < rows.size(); s++) {
      for (int t = 0; t < rows.get(s).length; t++) {
        values.put(s * length + t, rows.get(s)[t]);
      }
    }
    return OnnxTensor.createTensor(environment, values, new long[] {rows.size(), length});
  }

  @Override
  public void close() throws OrtException {
    session.close();
  }
}
