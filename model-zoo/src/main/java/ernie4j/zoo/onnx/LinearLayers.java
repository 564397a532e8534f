package ernie4j.zoo.onnx;

import ernie4j.engine.file.ModelFileException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds the linear layers of an exported graph and what they are called.
 *
 * <p>Constant folding has transposed most weights and given them names such as {@code
 * onnx::MatMul_541}, so a layer's name comes from its weight's name, or else from the node ({@code
 * /encoder/layer.0/attention/self/query/MatMul}), or else from the bias that is added to the
 * product.
 */
final class LinearLayers {
  private final OnnxGraph graph;
  private final Map<String, Linear> layers = new TreeMap<>();

  /**
   * @param weight a matrix
   * @param transposed whether it is [out, in], torch's layout
   */
  record Linear(OnnxTensor weight, boolean transposed, @Nullable OnnxTensor bias) {}

  private LinearLayers(OnnxGraph graph) {
    this.graph = graph;
  }

  /** The linear layers by their Paddle module name. */
  static Map<String, Linear> find(OnnxGraph graph) throws ModelFileException {
    LinearLayers found = new LinearLayers(graph);
    for (OnnxNode node : graph.nodes()) {
      if (node.is("MatMul") || node.is("Gemm")) {
        found.add(node);
      }
    }
    return found.layers;
  }

  private void add(OnnxNode product) throws ModelFileException {
    String weightName = product.input(1);
    Optional<OnnxNode> transpose =
        graph.producer(weightName, "Transpose").filter(LinearLayers::swapsAxes);
    if (transpose.isPresent()) {
      weightName = transpose.get().input(0);
    }
    OnnxTensor weight = graph.constant(weightName);
    if (weight == null || weight.shape().length != 2) {
      return;
    }
    String biasName = product.is("Gemm") ? product.input(2) : addedConstant(product);
    Optional<String> module = module(weightName, product, biasName);
    if (module.isEmpty()) {
      return;
    }
    boolean gemmTransposes = product.is("Gemm") && isPlainGemmTransposing(product);
    Linear layer =
        new Linear(weight, transpose.isPresent() ^ gemmTransposes, graph.constant(biasName));
    if (layers.putIfAbsent(module.get(), layer) != null) {
      throw graph.failure("two matrix products belong to the layer '" + module.get() + "'");
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
  private String addedConstant(OnnxNode product) {
    return graph.consumers(product.output()).stream()
        .filter(node -> node.is("Add"))
        .flatMap(node -> node.inputs().stream())
        .filter(input -> isVector(graph.constant(input)))
        .findFirst()
        .orElse("");
  }

  private static boolean isVector(@Nullable OnnxTensor tensor) {
    return tensor != null && tensor.shape().length == 1;
  }

  private static Optional<String> module(String weightName, OnnxNode product, String biasName) {
    return moduleOfParameter(weightName)
        .or(() -> moduleOfNode(product.name()))
        .or(() -> moduleOfParameter(biasName))
        .filter(HuggingFaceNames::isLinear);
  }

  private static Optional<String> moduleOfParameter(String name) {
    return HuggingFaceNames.parameter(name).map(full -> full.substring(0, full.lastIndexOf('.')));
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
