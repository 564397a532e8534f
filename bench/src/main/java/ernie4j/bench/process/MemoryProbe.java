package ernie4j.bench.process;

import ernie4j.bench.input.BenchmarkModel;
import ernie4j.bench.input.RandomTokens;
import ernie4j.bench.peer.EncoderUnderTest;
import ernie4j.bench.peer.JavaEncoder;
import ernie4j.bench.peer.OnnxRuntimeEncoder;
import ernie4j.bench.peer.OnnxRuntimeSession;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.file.ModelFile;
import ernie4j.engine.kernels.Kernels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A process that loads one encoder from a file and reports how much memory it then uses. */
final class MemoryProbe {
  private static final int CALLS = 100;

  private MemoryProbe() {}

  /** Arguments: model file, hidden size, vocabulary size, tokens of a call. */
  public static void main(String[] arguments) throws IOException {
    Path file = Path.of(arguments[0]);
    int hiddenSize = Integer.parseInt(arguments[1]);
    RaggedBatch batch =
        RandomTokens.batch(1, Integer.parseInt(arguments[3]), Integer.parseInt(arguments[2]));
    try (EncoderUnderTest encoder = load(file, hiddenSize)) {
      ProcessMemory loaded = ProcessMemory.ofThisProcess();
      for (int i = 0; i < CALLS; i++) {
        encoder.forward(batch);
      }
      ProcessMemory warm = ProcessMemory.ofThisProcess();
      System.out.println("loaded=" + loaded.resident());
      System.out.println("warm=" + warm.resident());
      System.out.println("peak=" + warm.peak());
      float[] hidden = encoder.forward(batch);
      System.out.println(
          IntStream.range(0, hiddenSize)
              .mapToObj(i -> Float.toString(hidden[i]))
              .collect(Collectors.joining(" ", "first=", "")));
    }
  }

  private static EncoderUnderTest load(Path file, int hiddenSize) throws IOException {
    if (file.toString().endsWith(".onnx")) {
      return new OnnxRuntimeEncoder(OnnxRuntimeSession.load(file, 1), hiddenSize);
    }
    return ModelFile.load(
        file,
        model ->
            new JavaEncoder(
                new BenchmarkModel(model.config(), model.parameters()), Kernels.best(), 1));
  }
}
