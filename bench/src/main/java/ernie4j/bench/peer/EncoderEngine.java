package ernie4j.bench.peer;

import ernie4j.bench.input.BenchmarkModel;
import ernie4j.bench.onnx.BertOnnxGraph;
import ernie4j.engine.kernels.Kernels;

/** The encoders that can be compared. */
public enum EncoderEngine {
  /** This project on the kernels that suit the JVM. */
  ERNIE4J,
  /** The same on one thread, whatever the options say. */
  ERNIE4J_ONE_THREAD,
  /** This project on the plain-Java kernels. */
  ERNIE4J_SCALAR,
  /** ONNX Runtime on the fused graph, the fastest that it has. */
  ONNXRUNTIME,
  /** ONNX Runtime on the graph of standard operations, optimized by itself. */
  ONNXRUNTIME_PLAIN,
  /** PyTorch through DJL, one native call for each operation. */
  PYTORCH;

  /** Loads a model into this engine, which then computes on that many threads. */
  public EncoderUnderTest load(BenchmarkModel model, int threads) {
    return switch (this) {
      case ERNIE4J -> JavaEncoder.warm(model, Kernels.best(), threads);
      case ERNIE4J_ONE_THREAD -> JavaEncoder.warm(model, Kernels.best(), 1);
      case ERNIE4J_SCALAR -> JavaEncoder.warm(model, Kernels.scalar(), threads);
      case ONNXRUNTIME ->
          new OnnxRuntimeEncoder(
              BertOnnxGraph.fused(model.config(), model.parameters()),
              model.config().hiddenSize(),
              threads);
      case ONNXRUNTIME_PLAIN ->
          new OnnxRuntimeEncoder(
              BertOnnxGraph.plain(model.config(), model.parameters()),
              model.config().hiddenSize(),
              threads);
      case PYTORCH -> new PyTorchEncoder(model, threads);
    };
  }
}
