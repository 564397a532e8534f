package ernie4j.zoo.paddle;

import ernie4j.engine.file.ModelFileException;
import ernie4j.zoo.conversion.GivenConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Reads from the operations of a program what the shapes of the parameters do not tell. */
final class ProgramConfig {
  private ProgramConfig() {}

  /**
   * Head size, epsilon and padding id.
   *
   * @throws ModelFileException if layers contradict each other, or compute something that the
   *     engine does not
   */
  static GivenConfig read(String file, ProgramGraph graph, int hiddenSize)
      throws ModelFileException {
    TreeSet<Float> epsilons = new TreeSet<>();
    graph.all("layer_norm").forEach(norm -> epsilons.add(norm.attribute("epsilon").number()));
    if (epsilons.size() > 1) {
      throw graph.failure("expected one epsilon for all layer norms, found " + epsilons);
    }
    for (PaddleOperation gelu : graph.all("gelu")) {
      if (gelu.attribute("approximate").integer() != 0) {
        throw graph.failure("expected the exact GELU, got the approximation by tanh");
      }
    }
    Map<String, Integer> sizes = new HashMap<>();
    heads(graph, hiddenSize).ifPresent(heads -> sizes.put("num_attention_heads", heads));
    boolean zeroPadding = false;
    List<PaddleOperation> tables = graph.all("lookup_table_v2", "lookup_table");
    if (!tables.isEmpty()) {
      long padding = tables.get(0).attribute("padding_idx").integer();
      zeroPadding = padding >= 0;
      sizes.put("pad_token_id", zeroPadding ? (int) padding : 0);
    }
    return new GivenConfig(
        file,
        sizes,
        Optional.empty(),
        "gelu",
        epsilons.isEmpty() ? 1e-12f : epsilons.first(),
        zeroPadding);
  }

  /**
   * From the shapes [batch, length, heads, head size] that queries, keys and values are cut into.
   */
  private static Optional<Integer> heads(ProgramGraph graph, int hiddenSize)
      throws ModelFileException {
    TreeSet<Long> headSizes = new TreeSet<>();
    for (PaddleOperation reshape : graph.all("reshape2", "reshape")) {
      List<Long> shape = reshape.attribute("shape").integers();
      if (shape.size() == 4 && shape.get(3) > 0 && hiddenSize % shape.get(3) == 0) {
        headSizes.add(shape.get(3));
      }
    }
    if (headSizes.size() > 1) {
      throw graph.failure("expected one head size for all layers, found " + headSizes);
    }
    return headSizes.isEmpty()
        ? Optional.empty()
        : Optional.of((int) (hiddenSize / headSizes.first()));
  }
}
