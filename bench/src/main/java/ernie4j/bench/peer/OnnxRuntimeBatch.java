package ernie4j.bench.peer;

import ai.onnxruntime.OnnxTensor;
import ernie4j.engine.RaggedBatch;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The tensors of one call of ONNX Runtime's encoder: some sequences of a ragged batch, padded to
 * the longest of them. They are made once and filled again for every call.
 */
final class OnnxRuntimeBatch implements AutoCloseable {
  private static final int PADDING = 0;

  private final List<Integer> members;
  private final int length;
  private final OnnxRuntimeSession.Integers ids;
  private final OnnxRuntimeSession.Floats hidden;
  private final Map<String, OnnxTensor> inputs = new HashMap<>();
  private final Map<String, OnnxTensor> outputs;

  /** Tensors for the given sequences and whatever inputs the model has; token types are 0. */
  OnnxRuntimeBatch(
      OnnxRuntimeSession session, RaggedBatch batch, List<Integer> members, int hiddenSize) {
    this.members = List.copyOf(members);
    length = members.stream().mapToInt(batch::length).max().orElseThrow();
    ids = session.integers(members.size(), length);
    hidden = session.floats(members.size(), length, hiddenSize);
    inputs.put("input_ids", ids.tensor());
    outputs = Map.of("last_hidden_state", hidden.tensor());
    if (session.hasInput("attention_mask")) {
      OnnxRuntimeSession.Integers mask = session.integers(members.size(), length);
      for (int row = 0; row < members.size(); row++) {
        for (int t = 0; t < batch.length(members.get(row)); t++) {
          mask.values().put(row * length + t, 1);
        }
      }
      inputs.put("attention_mask", mask.tensor());
    }
    if (session.hasInput("token_type_ids")) {
      inputs.put("token_type_ids", session.integers(members.size(), length).tensor());
    }
  }

  /** All sequences of a batch. */
  static List<Integer> all(RaggedBatch batch) {
    return IntStream.range(0, batch.sequences()).boxed().toList();
  }

  /** Copies the ids in and runs the model. */
  void run(OnnxRuntimeSession session, RaggedBatch batch) {
    for (int row = 0; row < members.size(); row++) {
      int start = batch.start(members.get(row));
      int tokens = batch.length(members.get(row));
      for (int t = 0; t < length; t++) {
        ids.values().put(row * length + t, t < tokens ? batch.id(start + t) : PADDING);
      }
    }
    session.run(inputs, outputs);
  }

  /** The hidden states {@code [sequences, length, hidden]} of the last run. */
  FloatBuffer hidden() {
    return hidden.values();
  }

  /** Copies the hidden states of real tokens to their places in {@code [tokens, hidden]}. */
  void gather(RaggedBatch batch, int hiddenSize, float[] to) {
    for (int row = 0; row < members.size(); row++) {
      int sequence = members.get(row);
      hidden
          .values()
          .get(
              row * length * hiddenSize,
              to,
              batch.start(sequence) * hiddenSize,
              batch.length(sequence) * hiddenSize);
    }
  }

  @Override
  public void close() {
    inputs.values().forEach(OnnxTensor::close);
    outputs.values().forEach(OnnxTensor::close);
  }
}
