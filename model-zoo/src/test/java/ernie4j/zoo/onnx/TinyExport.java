package ernie4j.zoo.onnx;

import static ernie4j.zoo.onnx.ProtoBytes.littleEndian;

import java.util.List;
import java.util.Random;

/**
 * A hand-made export of a BERT with 2 layers, 2 heads, hidden size 4, intermediate size 6, 7
 * tokens, 5 positions and 2 token types, with the operations and names that torch gives them. Only
 * the operations that an importer looks at are there.
 */
final class TinyExport {
  static final int LAYERS = 2;
  static final int HIDDEN = 4;
  static final int INTERMEDIATE = 6;

  private final ProtoBytes graph = new ProtoBytes();
  private final Random random = new Random(7);
  private int counter;

  /** How a linear layer appears in the graph. */
  enum Style {
    /** MatMul with a folded, anonymous weight; the node has the module's path. */
    MODULE_PATHS,
    /** MatMul with a folded, anonymous weight; the node has a number only. */
    NUMBERED,
    /** MatMul with the Transpose of the named weight [out, in]. */
    UNFOLDED,
    /** Gemm with transB over the named weight [out, in]. */
    GEMM
  }

  private final Style style;

  private TinyExport(Style style) {
    this.style = style;
  }

  static byte[] write(Style style, boolean withPooler) {
    return new TinyExport(style).model(withPooler);
  }

  private byte[] model(boolean withPooler) {
    tensor("embeddings.word_embeddings.weight", 7, HIDDEN);
    tensor("embeddings.position_embeddings.weight", 5, HIDDEN);
    tensor("embeddings.token_type_embeddings.weight", 2, HIDDEN);
    layerNorm("embeddings.LayerNorm");
    graph.message(
        5,
        new ProtoBytes()
            .varint(1, 1)
            .varint(1, 5)
            .varint(2, 7)
            .string(8, "embeddings.position_ids")
            .bytes(9, littleEndian(0L, 1L, 2L, 3L, 4L)));
    for (int i = 0; i < LAYERS; i++) {
      layer("encoder.layer." + i + ".");
    }
    if (withPooler) {
      linear("pooler.dense", HIDDEN, HIDDEN);
    }
    graph.message(11, new ProtoBytes().string(1, "input_ids"));
    graph.message(12, new ProtoBytes().string(1, "last_hidden_state"));
    return new ProtoBytes()
        .varint(1, 6)
        .string(2, "pytorch")
        .message(7, graph)
        .message(8, new ProtoBytes().varint(2, 11))
        .toByteArray();
  }

  private void layer(String prefix) {
    for (String projection : List.of("query", "key", "value")) {
      linear(prefix + "attention.self." + projection, HIDDEN, HIDDEN);
    }
    String heads = constant(new ProtoBytes().varint(1, 1).varint(2, 7).varint(7, 2));
    String size = constant(new ProtoBytes().varint(1, 1).varint(2, 7).varint(7, 2));
    String shape = node("Concat", "", List.of("batch", "length", heads, size));
    node("Reshape", "", List.of("x", shape));
    linear(prefix + "attention.output.dense", HIDDEN, HIDDEN);
    layerNorm(prefix + "attention.output.LayerNorm");
    linear(prefix + "intermediate.dense", HIDDEN, INTERMEDIATE);
    node("Erf", "", List.of("x"));
    linear(prefix + "output.dense", INTERMEDIATE, HIDDEN);
    layerNorm(prefix + "output.LayerNorm");
  }

  private void layerNorm(String module) {
    tensor(module + ".weight", HIDDEN);
    tensor(module + ".bias", HIDDEN);
    String epsilon = constant(new ProtoBytes().varint(2, 1).float32(4, 1e-12f));
    node("Sqrt", "", List.of(node("Add", "", List.of("variance", epsilon))));
  }

  private void linear(String module, int in, int out) {
    boolean folded = style == Style.MODULE_PATHS || style == Style.NUMBERED;
    String weight = folded ? "onnx::MatMul_" + counter++ : module + ".weight";
    tensor(weight, folded ? in : out, folded ? out : in);
    tensor(module + ".bias", out);
    if (style == Style.GEMM) {
      ProtoBytes transB = new ProtoBytes().string(1, "transB").varint(3, 1);
      node("Gemm", "Gemm_" + counter, List.of("x", weight, module + ".bias"), transB);
      return;
    }
    String matrix = style == Style.UNFOLDED ? node("Transpose", "", List.of(weight)) : weight;
    String name =
        style == Style.MODULE_PATHS
            ? "/" + module.replace("encoder.layer.", "encoder/layer+").replace('.', '/')
            : "";
    name = name.isEmpty() ? "MatMul_" + counter : name.replace('+', '.') + "/MatMul";
    String product = node("MatMul", name, List.of("x", matrix));
    node("Add", "", List.of(module + ".bias", product));
  }

  private String constant(ProtoBytes tensor) {
    return node("Constant", "", List.of(), new ProtoBytes().string(1, "value").message(5, tensor));
  }

  private String node(
      String operation, String name, List<String> inputs, ProtoBytes... attributes) {
    String output = "value_" + counter++;
    ProtoBytes node = new ProtoBytes();
    inputs.forEach(input -> node.string(1, input));
    node.string(2, output).string(3, name).string(4, operation);
    for (ProtoBytes attribute : attributes) {
      node.message(5, attribute);
    }
    graph.message(1, node);
    return output;
  }

  private void tensor(String name, int... shape) {
    ProtoBytes tensor = new ProtoBytes();
    int size = 1;
    for (int dimension : shape) {
      tensor.varint(1, dimension);
      size *= dimension;
    }
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextGaussian();
    }
    graph.message(5, tensor.varint(2, 1).string(8, name).bytes(9, littleEndian(values)));
  }
}
