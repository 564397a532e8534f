package ernie4j.bench.peer;

import ernie4j.bench.input.RandomModel;
import ernie4j.bench.onnx.BertOnnxGraph;

/** The encoders that can be compared, each on one thread. */
public enum EncoderEngine {
  /** This project. */
  ERNIE4J,
  /** ONNX Runtime on the fused graph, the fastest that it has. */
  ONNXRUNTIME,
  /** ONNX Runtime on the graph of standard operations, optimized by itself. */
  ONNXRUNTIME_PLAIN;

  /** Loads a model into this engine. */
  public EncoderUnderTest load(RandomModel model) {
    int hidden = model.config().hiddenSize();
    return switch (this) {
      case ERNIE4J -> new JavaEncoder(model.config(), model.parameters());
      case ONNXRUNTIME ->
          new OnnxRuntimeEncoder(BertOnnxGraph.fused(model.config(), model.parameters()), hidden);
      case ONNXRUNTIME_PLAIN ->
          new OnnxRuntimeEncoder(BertOnnxGraph.plain(model.config(), model.parameters()), hidden);
    };
  }
}
