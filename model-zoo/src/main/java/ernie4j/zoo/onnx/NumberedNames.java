package ernie4j.zoo.onnx;

import ernie4j.engine.LayerPart;
import ernie4j.engine.ParameterNames;
import ernie4j.engine.head.HeadNames;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names that Paddle gives parameters of static graphs: {@code linear_7.w_0} is the eighth
 * linear layer that the program made. Models are made in one order: the embeddings (word, position,
 * token type, task type), layer after layer (query, key, value, output, both linear layers; two
 * norms), pooler, heads, of which only UIE's are known by their shape. Counters may begin at any
 * number.
 */
final class NumberedNames {
  private static final Pattern NAME =
      Pattern.compile("(embedding|linear|layer_norm)_(\\d{1,9})\\.([wb])_0");

  private static final List<String> TABLES = ParameterNames.TABLES;
  private static final List<LayerPart> LINEAR = LayerPart.linear();

  private NumberedNames() {}

  /** The translation for a graph, if it has such names. */
  static Optional<Function<String, Optional<String>>> of(OnnxGraph graph) {
    Map<String, List<Integer>> numbers = new HashMap<>();
    for (String name : graph.constants().keySet()) {
      Matcher matcher = NAME.matcher(LinearLayers.withoutSuffix(name));
      if (matcher.matches() && matcher.group(3).equals("w")) {
        numbers
            .computeIfAbsent(matcher.group(1), unused -> new ArrayList<>())
            .add(Integer.parseInt(matcher.group(2)));
      }
    }
    List<Integer> tables = sorted(numbers, "embedding");
    List<Integer> norms = sorted(numbers, "layer_norm");
    List<Integer> linear = sorted(numbers, "linear");
    // One norm after the embeddings and two in every layer; six linear layers in every layer.
    int layers = (norms.size() - 1) / 2;
    if (tables.size() < 3 || layers < 1 || linear.size() < LINEAR.size() * layers) {
      return Optional.empty();
    }
    Map<String, String> modules = new HashMap<>();
    for (int i = 0; i < Math.min(TABLES.size(), tables.size()); i++) {
      String table = TABLES.get(i);
      modules.put("embedding_" + tables.get(i), table.substring(0, table.lastIndexOf('.')));
    }
    for (int i = 0; i < 1 + 2 * layers; i++) {
      modules.put("layer_norm_" + norms.get(i), norm(i));
    }
    boolean extracts = isExtractor(graph, linear);
    for (int i = 0; i < linear.size(); i++) {
      int fromEnd = linear.size() - i;
      modules.put(
          "linear_" + linear.get(i),
          extracts && fromEnd <= 2
              ? (fromEnd == 2 ? HeadNames.SPAN_START : HeadNames.SPAN_END)
              : linear(i, layers));
    }
    return Optional.of(name -> parameter(name, modules));
  }

  /**
   * Whether the last two layers are those of UIE, each of one column. Its graph has no pooler, so
   * the first of them would be mistaken for it.
   */
  private static boolean isExtractor(OnnxGraph graph, List<Integer> linear) {
    return linear.subList(linear.size() - 2, linear.size()).stream()
        .allMatch(number -> columns(graph, "linear_" + number) == 1);
  }

  private static int columns(OnnxGraph graph, String layer) {
    for (Map.Entry<String, OnnxTensor> constant : graph.constants().entrySet()) {
      int[] shape = constant.getValue().shape();
      if (LinearLayers.withoutSuffix(constant.getKey()).equals(layer + ".w_0")
          && shape.length == 2) {
        return shape[1];
      }
    }
    return 0;
  }

  private static List<Integer> sorted(Map<String, List<Integer>> numbers, String kind) {
    List<Integer> all = numbers.getOrDefault(kind, List.of());
    return all.stream().distinct().sorted(Comparator.naturalOrder()).toList();
  }

  private static String norm(int i) {
    if (i == 0) {
      return ParameterNames.EMBEDDINGS_NORM;
    }
    LayerPart part = i % 2 == 1 ? LayerPart.ATTENTION_NORM : LayerPart.OUTPUT_NORM;
    return part.module((i - 1) / 2);
  }

  /** The pooler follows the layers; heads keep their numbers and are reported. */
  private static String linear(int i, int layers) {
    int all = LINEAR.size() * layers;
    if (i < all) {
      return LINEAR.get(i % LINEAR.size()).module(i / LINEAR.size());
    }
    return i == all ? ParameterNames.POOLER : "head_" + (i - all);
  }

  private static Optional<String> parameter(String name, Map<String, String> modules) {
    Matcher matcher = NAME.matcher(name);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String kind = matcher.group(3).equals("w") ? ".weight" : ".bias";
    return Optional.ofNullable(modules.get(matcher.group(1) + "_" + matcher.group(2)))
        .map(module -> module + kind);
  }
}
