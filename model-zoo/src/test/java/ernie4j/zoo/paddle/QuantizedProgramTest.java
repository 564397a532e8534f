package ernie4j.zoo.paddle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.Int8Weight;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.Tensor;
import ernie4j.engine.encoder.Encoder;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFileException;
import ernie4j.zoo.conversion.BinaryOutput;
import ernie4j.zoo.conversion.ElementType;
import ernie4j.zoo.conversion.EncoderAssembly;
import ernie4j.zoo.conversion.FileBytes;
import ernie4j.zoo.conversion.FileTensor;
import ernie4j.zoo.conversion.ImportedEncoder;
import ernie4j.zoo.conversion.SourceTensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** int8 weights with scales and embeddings as logarithmic codes, as Paddle's tools leave them. */
class QuantizedProgramTest {
  private static final EncoderConfig CONFIG = EncoderConfig.ernie(20, 12, 1, 3, 24, 8);

  @TempDir Path folder;

  private final Map<String, SourceTensor> tensors = new LinkedHashMap<>();
  private final Map<String, TensorDesc> persistable = new LinkedHashMap<>();
  private final List<PaddleOperation> operations = new ArrayList<>();

  private static SourceTensor codes(int... shape) {
    byte[] bytes = new byte[SourceTensor.elements(shape)];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 37 % 128);
    }
    return new FileTensor(FileBytes.of("codes", bytes), 0, ElementType.INT8, shape);
  }

  private static PaddleOperation operation(String type, Map<String, String> inputs, String output) {
    Map<String, List<String>> lists = new LinkedHashMap<>();
    inputs.forEach((name, variable) -> lists.put(name, List.of(variable)));
    return new PaddleOperation(
        type, lists, Map.of(type.endsWith("_log") ? "Out" : "Y", List.of(output)), Map.of());
  }

  /** A program whose first table and first product read quantized weights. */
  private ImportedEncoder quantized() throws IOException {
    Model model = Model.encoder(CONFIG, RandomModels.parameters(CONFIG, 1));
    Path file = folder.resolve("m.pdmodel");
    PaddleInference.write(model, file);
    PaddleProgram program = PaddleProgram.read(file);
    persistable.putAll(program.persistable());
    try (FileBytes values = FileBytes.open(folder.resolve("m.pdiparams"))) {
      for (Map.Entry<String, SourceTensor> entry :
          TensorStreams.read(values, program.persistable()).entrySet()) {
        tensors.put(
            entry.getKey(),
            SourceTensor.of(Tensor.of(entry.getValue().floats(), entry.getValue().shape())));
      }
    }
    for (PaddleOperation operation : program.operations()) {
      if (operation.input("W").equals("embedding_0.w_0")) {
        add("embedding_0.w_0.int", codes(20, 12));
        add("embedding_0.w_0.dict", SourceTensor.of(Tensor.of(new float[128], 128)));
        tensors.remove("embedding_0.w_0");
        persistable.remove("embedding_0.w_0");
        operations.add(
            operation(
                "dequantize_log",
                Map.of("X", "embedding_0.w_0.int", "Dict", "embedding_0.w_0.dict"),
                "embedding_0.w_0"));
      }
      if (operation.input("Y").equals("linear_0.w_0")) {
        add("linear_0.w_0", codes(12, 12));
        add("linear_0.scale", SourceTensor.of(Tensor.of(new float[12], 12)));
        add("linear_0.zero", SourceTensor.of(Tensor.of(new float[12], 12)));
        add("input.scale", SourceTensor.of(Tensor.of(new float[] {3}, 1)));
        String input = operation.input("X");
        operations.add(
            operation("quantize_linear", Map.of("X", input, "Scale", "input.scale"), "i.q"));
        operations.add(
            operation("dequantize_linear", Map.of("X", "i.q", "Scale", "input.scale"), "i.d"));
        operations.add(
            operation(
                "dequantize_linear",
                Map.of(
                    "X", "linear_0.w_0", "Scale", "linear_0.scale", "ZeroPoint", "linear_0.zero"),
                "w.d"));
        operations.add(
            new PaddleOperation(
                operation.type(),
                Map.of("X", List.of("i.d"), "Y", List.of("w.d")),
                operation.outputs(),
                operation.attributes()));
      } else {
        operations.add(operation);
      }
    }
    ProgramGraph graph = new ProgramGraph(new PaddleProgram("quantized", persistable, operations));
    return EncoderAssembly.assemble(
        "quantized",
        ProgramParameters.name(graph, tensors).tensors(),
        ProgramConfig.read("quantized", graph, 12));
  }

  private void add(String name, SourceTensor tensor) {
    tensors.put(name, tensor);
    persistable.put(name, new TensorDesc(PaddleType.FLOAT32, List.of()));
  }

  @Test
  void keepsCodesScalesAndDictionaries() throws Exception {
    ImportedEncoder read = quantized();
    assertThat(read.config()).isEqualTo(CONFIG);
    String words = "ernie.embeddings.word_embeddings";
    Int8Weight table = (Int8Weight) read.parameters().weight(words + ".weight");
    assertThat(table.codes()).isEqualTo(codes(20, 12).codes());
    assertThat(table.dictionary()).hasSize(128);
    String queries = "ernie.encoder.layers.0.self_attn.q_proj";
    Int8Weight weight = (Int8Weight) read.parameters().weight(queries + ".weight");
    assertThat(weight.shape()).containsExactly(12, 12);
    assertThat(weight.scales()).hasSize(12);
    assertThat(read.parameters().get(queries + ".input_scale").toArray()).containsExactly(3);
    assertThat(read.parameters().isInt8("ernie.encoder.layers.0.linear1.weight")).isFalse();
    assertThat(read.ignored()).isEmpty();
  }

  @Test
  void readsATensorStreamOfCodes() throws Exception {
    ByteArrayOutputStream description = new ByteArrayOutputStream();
    new TensorDesc(21, List.of(2L, 3L)).message().writeTo(description);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BinaryOutput out = new BinaryOutput(Channels.newChannel(bytes));
    out.int32(0);
    out.int64(1); // one level of detail, which is skipped
    out.int64(8);
    out.int64(77);
    out.int32(0);
    out.int32(description.size());
    out.raw(description.toByteArray());
    out.raw(new byte[] {1, 2, 3, -4, -128, 127});
    out.flush();
    Map<String, TensorDesc> variables = Map.of("w", new TensorDesc(21, List.of(2L, -1L)));
    FileBytes file = FileBytes.of("f", bytes.toByteArray());
    SourceTensor tensor = TensorStreams.read(file, variables).get("w");
    assertThat(tensor).isNotNull();
    assertThat(tensor.codes()).containsExactly(1, 2, 3, -4, -128, 127);
    assertThat(tensor.shape()).containsExactly(2, 3);
    assertThatThrownBy(
            () -> TensorStreams.read(file, Map.of("w", new TensorDesc(5, List.of(2L, 3L)))))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining("do not belong together");
    assertThatThrownBy(() -> TensorStreams.read(file, Map.of()))
        .hasMessageContaining("bytes follow");
  }

  @Test
  void encoderComputesWithQuantizedWeights() throws Exception {
    ImportedEncoder read = quantized();
    float[] states =
        Encoder.of(read.config(), read.parameters())
            .forward(RaggedBatch.of(new int[] {1, 5, 2}), workspace -> workspace.hidden().clone());
    assertThat(states).isNotEmpty().doesNotContain(Float.NaN);
  }
}
