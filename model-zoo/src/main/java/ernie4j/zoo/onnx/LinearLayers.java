package ernie4j.zoo.onnx;

import ernie4j.engine.file.ModelFileException;
import ernie4j.zoo.huggingface.HuggingFaceNames;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds the linear layers of an exported graph and their names.
 *
 * <p>Constant folding has transposed most weights and given them names such as {@code
 * onnx::MatMul_541}, so a layer's name comes from its weight's name, or else from the node ({@code
 * /encoder/layer.0/attention/self/query/MatMul}), or else from the bias that is added to the
 * product.
 */
final class LinearLayers {
  private static final String QUANTIZED = "_quantized";

  private final OnnxGraph graph;
  private final Function<String, Optional<String>> names;
  private final Map<String, Linear> layers = new TreeMap<>();

  /**
   * A layer.
   *
   * @param weight a matrix of floats, or the codes of {@code quantized}
   * @param quantized the values of the weight's codes, if it has codes
   * @param transposed whether it is [out, in], torch's layout
   */
  record Linear(
      OnnxTensor weight,
      @Nullable QuantizedTensor quantized,
      boolean transposed,
      @Nullable OnnxTensor bias) {}

  /** The right-hand side of a product. */
  private record Weight(
      String name, OnnxTensor tensor, @Nullable QuantizedTensor quantized, boolean transposed) {}

  private LinearLayers(OnnxGraph graph, Function<String, Optional<String>> names) {
    this.graph = graph;
    this.names = names;
  }

  /**
   * The linear layers by their Paddle module name.
   *
   * @param names the Paddle name of a parameter's name in the file
   */
  static Map<String, Linear> find(OnnxGraph graph, Function<String, Optional<String>> names)
      throws ModelFileException {
    LinearLayers found = new LinearLayers(graph, names);
    for (OnnxNode node : graph.nodes()) {
      switch (node.operation()) {
        case "MatMul", "Gemm" -> found.add(node, found.weight(node.input(1)), node.output());
        case "MatMulInteger" -> found.addQuantized(node);
        default -> {}
      }
    }
    return found.layers;
  }

  private Optional<Weight> weight(String value) {
    Optional<OnnxNode> transpose =
        graph.producer(value, "Transpose").filter(LinearLayers::swapsAxes);
    String name = transpose.isPresent() ? transpose.get().input(0) : value;
    Optional<OnnxNode> dequantize = graph.producer(name, "DequantizeLinear");
    String stored = dequantize.isPresent() ? dequantize.get().input(0) : name;
    OnnxTensor tensor = graph.constant(stored);
    if (tensor == null || tensor.shape().length != 2) {
      return Optional.empty();
    }
    if (dequantize.isEmpty()) {
      return Optional.of(new Weight(stored, tensor, null, transpose.isPresent()));
    }
    return graph
        .quantized(tensor, dequantize.get())
        .map(quantized -> new Weight(stored, tensor, quantized, transpose.isPresent()));
  }

  private void add(OnnxNode product, Optional<Weight> found, String output)
      throws ModelFileException {
    if (found.isEmpty()) {
      return;
    }
    Weight weight = found.get();
    String biasName = product.is("Gemm") ? product.input(2) : addedConstant(output);
    Optional<String> module = module(weight.name, product, biasName);
    if (module.isEmpty()) {
      return;
    }
    boolean gemmTransposes = product.is("Gemm") && isPlainGemmTransposing(product);
    Linear layer =
        new Linear(
            weight.tensor,
            weight.quantized,
            weight.transposed ^ gemmTransposes,
            graph.constant(biasName));
    if (layers.putIfAbsent(module.get(), layer) != null) {
      throw graph.failure("two matrix products belong to the layer '" + module.get() + "'");
    }
  }

  /**
   * MatMulInteger, whose sums are multiplied by the steps of both sides: {@code Cast(sums) * (input
   * step * weight step)}.
   */
  private void addQuantized(OnnxNode product) throws ModelFileException {
    OnnxTensor codes = graph.constant(product.input(1));
    Optional<OnnxNode> cast = graph.onlyConsumer(product.output(), "Cast");
    Optional<OnnxNode> scaled = cast.flatMap(node -> graph.onlyConsumer(node.output(), "Mul"));
    if (codes == null || codes.shape().length != 2 || scaled.isEmpty()) {
      return;
    }
    OnnxTensor zeroPoints = graph.constant(product.input(3));
    for (String factor : scaled.get().inputs()) {
      List<String> candidates =
          graph.producer(factor, "Mul").map(OnnxNode::inputs).orElse(List.of(factor));
      for (String candidate : candidates) {
        OnnxTensor steps = graph.constant(candidate);
        if (steps != null && QuantizedTensor.fits(codes, steps, zeroPoints, 1)) {
          QuantizedTensor quantized = new QuantizedTensor(codes, steps, zeroPoints, 1);
          add(
              product,
              Optional.of(new Weight(product.input(1), codes, quantized, false)),
              scaled.get().output());
          return;
        }
      }
    }
  }

  private static boolean swapsAxes(OnnxNode transpose) {
    List<Long> permutation = transpose.attribute("perm").integers();
    return permutation.isEmpty() || permutation.equals(List.of(1L, 0L));
  }

  /** Whether B is transposed in alpha A B + beta C; other factors than 1 are refused. */
  private boolean isPlainGemmTransposing(OnnxNode gemm) throws ModelFileException {
    for (String factor : List.of("alpha", "beta")) {
      OnnxNode.Attribute value = gemm.attributes().get(factor);
      if (value != null && value.number() != 1f) {
        throw graph.failure(
            "node '%s': expected Gemm with %s 1, got %s"
                .formatted(gemm.name(), factor, value.number()));
      }
    }
    return gemm.attribute("transB").integer() != 0;
  }

  /** The name of the constant vector that is added to a product; empty if there is none. */
  private String addedConstant(String product) {
    return graph.consumers(product).stream()
        .filter(node -> node.is("Add"))
        .flatMap(node -> node.inputs().stream())
        .filter(input -> isVector(graph.constant(input)))
        .findFirst()
        .orElse("");
  }

  private static boolean isVector(@Nullable OnnxTensor tensor) {
    return tensor != null && tensor.shape().length == 1;
  }

  private Optional<String> module(String weightName, OnnxNode product, String biasName) {
    return moduleOfParameter(withoutSuffix(weightName))
        .or(() -> moduleOfNode(product.name()))
        .or(() -> moduleOfParameter(biasName))
        .filter(HuggingFaceNames::isLinear);
  }

  /** ONNX Runtime's quantizer calls the codes of {@code x} {@code x_quantized}. */
  static String withoutSuffix(String name) {
    return name.endsWith(QUANTIZED) ? name.substring(0, name.length() - QUANTIZED.length()) : name;
  }

  private Optional<String> moduleOfParameter(String name) {
    return names.apply(name).map(full -> full.substring(0, full.lastIndexOf('.')));
  }

  private static Optional<String> moduleOfNode(String name) {
    String[] path = name.split("/");
    if (path.length < 3) {
      return Optional.empty();
    }
    return HuggingFaceNames.module(
        String.join(".", Arrays.asList(path).subList(1, path.length - 1)));
  }
}
