package ernie4j.bench.peer;

import ernie4j.bench.input.BenchmarkModel;
import ernie4j.bench.onnx.BertOnnxGraph;
import ernie4j.engine.kernels.Kernels;
import ernie4j.zoo.onnx.OnnxModel;

/** The encoders that can be compared. */
public enum EncoderEngine {
  /** This project on the kernels that suit the JVM, but not on machine code. */
  ERNIE4J,
  /** The same on one thread, whatever the options say. */
  ERNIE4J_ONE_THREAD,
  /** This project on the plain-Java kernels. */
  ERNIE4J_SCALAR,
  /** This project with all linear layers in int8, the scale of the input found for every token. */
  ERNIE4J_INT8,
  /** This project on machine code, see docs/machine-code.md. */
  ERNIE4J_MACHINE_CODE,
  /** The same in int8. */
  ERNIE4J_MACHINE_CODE_INT8,
  /** The same with weights in bfloat16, multiplied as such where the processor can. */
  ERNIE4J_MACHINE_CODE_BFLOAT16,
  /** ONNX Runtime on the fused graph, the fastest that it has. */
  ONNXRUNTIME,
  /** ONNX Runtime on the graph of standard operations, optimized by itself. */
  ONNXRUNTIME_PLAIN,
  /** ONNX Runtime on the fused graph with int8 products, the fastest that it has in int8. */
  ONNXRUNTIME_INT8,
  /** PyTorch through DJL, one native call for each operation. */
  PYTORCH;

  /** Loads a model into this engine, which then computes on that many threads. */
  public EncoderUnderTest load(BenchmarkModel model, int threads) {
    return switch (this) {
      case ERNIE4J -> JavaEncoder.warm(model, inJava(), threads);
      case ERNIE4J_ONE_THREAD -> JavaEncoder.warm(model, inJava(), 1);
      case ERNIE4J_SCALAR -> JavaEncoder.warm(model, Kernels.scalar(), threads);
      case ERNIE4J_INT8 -> JavaEncoder.warm(model.int8(), inJava(), threads);
      case ERNIE4J_MACHINE_CODE -> JavaEncoder.warm(model, machineCode(), threads);
      case ERNIE4J_MACHINE_CODE_INT8 -> JavaEncoder.warm(model.int8(), machineCode(), threads);
      case ERNIE4J_MACHINE_CODE_BFLOAT16 ->
          JavaEncoder.warm(model.bfloat16(), machineCode(), threads);
      case ONNXRUNTIME ->
          onnxRuntime(BertOnnxGraph.fused(model.config(), model.parameters()), model, threads);
      case ONNXRUNTIME_PLAIN ->
          onnxRuntime(BertOnnxGraph.plain(model.config(), model.parameters()), model, threads);
      case ONNXRUNTIME_INT8 ->
          onnxRuntime(BertOnnxGraph.int8(model.config(), model.parameters()), model, threads);
      case PYTORCH -> new PyTorchEncoder(model, threads);
    };
  }

  /** The best kernels that are Java alone. */
  private static Kernels inJava() {
    return Kernels.best().isMachineCode() ? InJava.KERNELS : Kernels.best();
  }

  private static Kernels machineCode() {
    return Kernels.best().isMachineCode() ? Kernels.best() : Kernels.named("machine-code");
  }

  /** Made once, because they have a warm-up of their own. */
  private static final class InJava {
    static final Kernels KERNELS = Kernels.named("vector");
  }

  private static EncoderUnderTest onnxRuntime(OnnxModel graph, BenchmarkModel model, int threads) {
    return new OnnxRuntimeEncoder(graph, model.config().hiddenSize(), threads);
  }

  /** Whether this engine computes with the model's own weights in float32. */
  public boolean isExact() {
    return switch (this) {
      case ERNIE4J_INT8,
          ERNIE4J_MACHINE_CODE_INT8,
          ERNIE4J_MACHINE_CODE_BFLOAT16,
          ONNXRUNTIME_INT8 ->
          false;
      default -> true;
    };
  }
}
