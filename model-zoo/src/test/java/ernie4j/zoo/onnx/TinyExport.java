package ernie4j.zoo.onnx;

import static ernie4j.zoo.onnx.ProtoBytes.littleEndian;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * A hand-made export of a BERT with 2 layers, 2 heads, hidden size 4, intermediate size 6, 7
 * tokens, 5 positions and 2 token types, with the operations and names that torch gives them. It
 * has only the operations that an importer looks at.
 */
final class TinyExport {
  static final int LAYERS = 2;
  static final int HIDDEN = 4;
  static final int INTERMEDIATE = 6;

  /** The step of a code in the quantized styles, and the zero point of unsigned ones. */
  static final float STEP = 0.04f;

  static final int ZERO = 120;

  private final ProtoBytes graph = new ProtoBytes();
  private final Random random = new Random(7);
  private int counter;
  private int norms;
  private int products = 95; // so that names sort differently as texts and as numbers

  /** How a linear layer appears in the graph. */
  enum Style {
    /** MatMul with a folded, anonymous weight; the node has the module's path. */
    MODULE_PATHS,
    /** MatMul with a folded, anonymous weight; the node has a number only. */
    NUMBERED,
    /** MatMul with the Transpose of the named weight [out, in]. */
    UNFOLDED,
    /** Gemm with transB over the named weight [out, in]. */
    GEMM,
    /** The names of Paddle2ONNX, whose counters begin at any number. */
    PADDLE,
    /** MODULE_PATHS after quantize_dynamic to symmetric int8, one step for a tensor. */
    INT8,
    /** The same to uint8 with zero points, one step for a column. */
    UINT8,
    /** MODULE_PATHS in half floats. */
    HALF,
    /** MODULE_PATHS whose half floats are cast to floats. */
    HALF_STORED,
    /** MODULE_PATHS after ONNX Runtime's optimization. */
    FUSED
  }

  private final Style style;
  private boolean extractor;

  private TinyExport(Style style) {
    this.style = style;
  }

  private boolean isQuantized() {
    return style == Style.INT8 || style == Style.UINT8;
  }

  static byte[] write(Style style, boolean withPooler) {
    return new TinyExport(style).model(withPooler);
  }

  /** The export of UIE, whose two layers read the hidden states. */
  static byte[] extractor(Style style) {
    TinyExport export = new TinyExport(style);
    export.extractor = true;
    return export.model(false);
  }

  private byte[] model(boolean withPooler) {
    table("word_embeddings", 7);
    table("position_embeddings", 5);
    table("token_type_embeddings", 2);
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
    if (extractor) {
      linear("linear_start", HIDDEN, 1);
      linear("linear_end", HIDDEN, 1);
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

  private void table(String module, int rows) {
    if (style == Style.PADDLE) {
      tensor("embedding_" + (7 + counter++) + ".w_0", rows, HIDDEN);
    } else if (isQuantized()) {
      String name = "embeddings." + module + ".weight";
      String codes = quantized(name, 1, rows, HIDDEN);
      String row = node("Gather", "", List.of(codes, "ids"));
      node("DequantizeLinear", "", List.of(row, name + "_scale", name + "_zero_point"));
    } else {
      tensor("embeddings." + module + ".weight", rows, HIDDEN);
    }
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
    node(style == Style.FUSED ? "BiasGelu" : "Erf", "", List.of("x"));
    linear(prefix + "output.dense", INTERMEDIATE, HIDDEN);
    layerNorm(prefix + "output.LayerNorm");
  }

  private void layerNorm(String module) {
    String paddle = "layer_norm_" + (30 + norms++);
    tensor(style == Style.PADDLE ? paddle + ".w_0" : module + ".weight", HIDDEN);
    tensor(style == Style.PADDLE ? paddle + ".b_0" : module + ".bias", HIDDEN);
    String epsilon =
        constant(
            style == Style.HALF
                ? new ProtoBytes().varint(2, 10).bytes(9, halves(1e-7f))
                : new ProtoBytes().varint(2, 1).float32(4, 1e-12f));
    node("Sqrt", "", List.of(node("Add", "", List.of("variance", epsilon))));
  }

  private void linear(String module, int in, int out) {
    if (style == Style.PADDLE) {
      String paddle = "linear_" + products++;
      tensor(paddle + ".w_0", in, out);
      tensor(paddle + ".b_0", out);
      node("Add", "", List.of(node("MatMul", "", List.of("x", paddle + ".w_0")), paddle + ".b_0"));
      return;
    }
    if (isQuantized()) {
      quantizedLinear(module, in, out);
      return;
    }
    boolean folded = style != Style.UNFOLDED && style != Style.GEMM;
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
        folded && style != Style.NUMBERED
            ? "/" + module.replace("encoder.layer.", "encoder/layer+").replace('.', '/')
            : "";
    name = name.isEmpty() ? "MatMul_" + counter : name.replace('+', '.') + "/MatMul";
    String product = node("MatMul", name, List.of("x", matrix));
    node("Add", "", List.of(module + ".bias", product));
  }

  /** What quantize_dynamic makes of a product with a folded weight. */
  private void quantizedLinear(String module, int in, int out) {
    String name = "onnx::MatMul_" + counter++;
    String codes = quantized(name, style == Style.UINT8 ? out : 1, in, out);
    tensor(module + ".bias", out);
    node("DynamicQuantizeLinear", "", List.of("x"));
    String path = "/" + module.replace("encoder.layer.", "encoder/layer+").replace('.', '/');
    String sums =
        node(
            "MatMulInteger",
            path.replace('+', '.') + "/MatMul_quant",
            List.of("x_quantized", codes, "x_zero_point", name + "_zero_point"));
    String floats = node("Cast", "", List.of(sums));
    String steps = node("Mul", "", List.of("x_scale", name + "_scale"));
    node("Add", "", List.of(module + ".bias", node("Mul", "", List.of(floats, steps))));
  }

  /** Codes, steps and zero points of random floats, under the names of quantize_dynamic. */
  private String quantized(String name, int steps, int rows, int columns) {
    boolean signed = style == Style.INT8;
    byte[] codes = new byte[rows * columns];
    for (int i = 0; i < codes.length; i++) {
      double x = random.nextGaussian() / STEP;
      codes[i] = (byte) Math.rint(Math.max(-100, Math.min(100, x)) + (signed ? 0 : ZERO));
    }
    float[] allSteps = new float[steps];
    byte[] zeros = new byte[steps];
    Arrays.fill(allSteps, STEP);
    Arrays.fill(zeros, (byte) (signed ? 0 : ZERO));
    int type = signed ? 3 : 2;
    ProtoBytes matrix = new ProtoBytes().varint(1, rows).varint(1, columns).varint(2, type);
    graph.message(5, matrix.string(8, name + "_quantized").bytes(9, codes));
    ProtoBytes scale = new ProtoBytes();
    ProtoBytes zeroPoint = new ProtoBytes();
    if (steps > 1) {
      scale.varint(1, steps);
      zeroPoint.varint(1, steps);
    }
    scale.varint(2, 1).string(8, name + "_scale").bytes(9, littleEndian(allSteps));
    zeroPoint.varint(2, type).string(8, name + "_zero_point").bytes(9, zeros);
    graph.message(5, scale).message(5, zeroPoint);
    return name + "_quantized";
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
    if (style == Style.HALF || style == Style.HALF_STORED) {
      String stored = style == Style.HALF ? name : name + "_h";
      graph.message(5, tensor.varint(2, 10).string(8, stored).bytes(9, halves(values)));
      if (style == Style.HALF_STORED) {
        ProtoBytes to = new ProtoBytes().string(1, "to").varint(3, 1);
        graph.message(
            1, new ProtoBytes().string(1, stored).string(2, name).string(4, "Cast").message(5, to));
      }
      return;
    }
    graph.message(5, tensor.varint(2, 1).string(8, name).bytes(9, littleEndian(values)));
  }

  /** Half floats, cut to ten bits after the first, in little-endian bytes. */
  private static byte[] halves(float... values) {
    byte[] bytes = new byte[2 * values.length];
    for (int i = 0; i < values.length; i++) {
      int bits = Float.floatToRawIntBits(values[i]);
      int exponent = (bits >> 23 & 255) - 127 + 15;
      int half = bits >>> 16 & 0x8000;
      if (exponent > 0) {
        half |= exponent << 10 | (bits >> 13 & 0x3ff);
      } else if (values[i] != 0) {
        half |= 1; // the smallest number
      }
      bytes[2 * i] = (byte) half;
      bytes[2 * i + 1] = (byte) (half >> 8);
    }
    return bytes;
  }
}
