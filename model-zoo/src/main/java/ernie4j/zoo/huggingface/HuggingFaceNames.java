package ernie4j.zoo.huggingface;

import static ernie4j.engine.ParameterNames.LAYERS;

import ernie4j.engine.LayerPart;
import ernie4j.engine.ParameterNames;
import ernie4j.engine.head.HeadNames;
import ernie4j.engine.head.Task;
import ernie4j.zoo.conversion.FrameworkHead;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Translates the names of Hugging Face's BERT and ERNIE to Paddle's and back, for example {@code
 * bert.encoder.layer.3.intermediate.dense} to {@code ernie.encoder.layers.3.linear1}. A parameter
 * is a module's name with {@code .weight} or {@code .bias}; Paddle's own names are understood, too.
 */
public final class HuggingFaceNames {
  /** Paddle's name of the decoder's weight, which is tied to the word embedding. */
  static final String DECODER_WEIGHT = "cls.predictions.decoder_weight";

  /** The buffer with the numbers 0, 1, 2 ... that older files hold. */
  private static final String POSITION_IDS = "embeddings.position_ids";

  /** Includes what has the same name in both: tables, and the layers of heads in {@link Task}. */
  private static final Map<String, String> TOP =
      withCommonNames(
          Map.ofEntries(
              Map.entry("embeddings.LayerNorm", ParameterNames.EMBEDDINGS_NORM),
              Map.entry("pooler.dense", ParameterNames.POOLER),
              Map.entry("cls.predictions.transform.dense", HeadNames.MLM_TRANSFORM),
              Map.entry("cls.predictions.transform.LayerNorm", HeadNames.MLM_NORM),
              Map.entry("cls.seq_relationship", HeadNames.SEQUENCE_RELATIONSHIP)));

  private static final Map<String, LayerPart> LAYER =
      Map.of(
          "attention.self.query", LayerPart.QUERY,
          "attention.self.key", LayerPart.KEY,
          "attention.self.value", LayerPart.VALUE,
          "attention.output.dense", LayerPart.OUTPUT,
          "attention.output.LayerNorm", LayerPart.ATTENTION_NORM,
          "intermediate.dense", LayerPart.EXPAND,
          "output.dense", LayerPart.CONTRACT,
          "output.LayerNorm", LayerPart.OUTPUT_NORM);

  /** Whole parameters that are not a module's weight or bias. */
  private static final Map<String, String> PARAMETERS =
      Map.of(
          "cls.predictions.bias",
          HeadNames.MLM_DECODER_BIAS,
          "cls.predictions.decoder.weight",
          DECODER_WEIGHT);

  /** Layers of heads that have a name of their own here. */
  private static final Map<String, String> RENAMED = renamed();

  private static final Map<String, String> TOP_BACK = inverse(TOP);
  private static final Map<String, String> LAYER_BACK = layerBack();
  private static final Map<String, String> PARAMETERS_BACK = inverse(PARAMETERS);

  /** In the order in which wrappers put them before names: DataParallel, sentence-transformers. */
  private static final String[] PREFIXES = {
    "module.", "0.auto_model.", "auto_model.", "model.", "bert.", "ernie."
  };

  /**
   * Ports of UIE keep the body in a field of this name; the names of its layers begin with it, too.
   */
  private static final String ENCODER = "encoder.";

  private static final List<String> WRAPPED =
      List.of(ENCODER + "embeddings.", ENCODER + "encoder.", ENCODER + "pooler.");

  private static final String LAYER_PREFIX = "encoder.layer.";

  private HuggingFaceNames() {}

  private static Map<String, String> withCommonNames(Map<String, String> named) {
    Map<String, String> all = new HashMap<>(named);
    for (String table : ParameterNames.TABLES) {
      String module = ParameterNames.module(table);
      all.put(module.substring("ernie.".length()), module);
    }
    for (String layer : Task.allLayers()) {
      if (!named.containsValue(layer)) {
        all.put(layer, layer);
      }
    }
    return all;
  }

  private static Map<String, String> renamed() {
    Map<String, String> renamed = new HashMap<>();
    FrameworkHead.all().forEach(head -> renamed.putAll(inverse(head.torchLayers())));
    return renamed;
  }

  private static Map<String, String> inverse(Map<String, String> map) {
    Map<String, String> back = new HashMap<>();
    map.forEach((huggingFace, paddle) -> back.put(paddle, huggingFace));
    return Map.copyOf(back);
  }

  private static Map<String, String> layerBack() {
    Map<String, String> back = new HashMap<>();
    LAYER.forEach((huggingFace, part) -> back.put(part.paddleName(), huggingFace));
    return Map.copyOf(back);
  }

  /** The Paddle name of a parameter; empty if it does not belong to a BERT-shaped model. */
  public static Optional<String> parameter(String name) {
    if (PARAMETERS_BACK.containsKey(name)) {
      return Optional.of(name);
    }
    String whole = withoutPrefixes(name);
    if (PARAMETERS.containsKey(whole)) {
      return Optional.ofNullable(PARAMETERS.get(whole));
    }
    int dot = name.lastIndexOf('.');
    if (dot < 0) {
      return Optional.empty();
    }
    String kind =
        switch (name.substring(dot + 1)) {
          case "weight", "gamma" -> ".weight";
          case "bias", "beta" -> ".bias";
          default -> "";
        };
    return kind.isEmpty()
        ? Optional.empty()
        : module(name.substring(0, dot)).map(module -> module + kind);
  }

  /** The Paddle name of a module; empty if it does not belong to a BERT-shaped model. */
  public static Optional<String> module(String name) {
    if (isPaddle(name)) {
      return Optional.of(name);
    }
    String rest = withoutPrefixes(name);
    if (!rest.startsWith(LAYER_PREFIX)) {
      return Optional.ofNullable(TOP.getOrDefault(rest, RENAMED.get(rest)));
    }
    String layerAndPart = rest.substring(LAYER_PREFIX.length());
    int dot = layerAndPart.indexOf('.');
    if (dot < 1 || dot > 3 || !isNumber(layerAndPart.substring(0, dot))) {
      return Optional.empty();
    }
    int layer = Integer.parseInt(layerAndPart, 0, dot, 10);
    return Optional.ofNullable(LAYER.get(layerAndPart.substring(dot + 1)))
        .map(part -> part.module(layer));
  }

  private static String withoutPrefixes(String name) {
    String rest = name;
    for (String prefix : PREFIXES) {
      rest = rest.startsWith(prefix) ? rest.substring(prefix.length()) : rest;
    }
    return WRAPPED.stream().anyMatch(rest::startsWith) ? rest.substring(ENCODER.length()) : rest;
  }

  /** Whether a module has a Paddle name already. */
  private static boolean isPaddle(String module) {
    return TOP_BACK.containsKey(module) || layerPart(module).isPresent();
  }

  /** The part of a layer that a Paddle module is, as Hugging Face calls it. */
  private static Optional<String> layerPart(String module) {
    if (!module.startsWith(LAYERS)) {
      return Optional.empty();
    }
    int end = module.indexOf('.', LAYERS.length());
    boolean numbered =
        end > LAYERS.length()
            && end <= LAYERS.length() + 3
            && isNumber(module.substring(LAYERS.length(), end));
    return numbered
        ? Optional.ofNullable(LAYER_BACK.get(module.substring(end + 1)))
        : Optional.empty();
  }

  private static boolean isNumber(String text) {
    return text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  /** Whether a tensor is a buffer that holds nothing of its own. */
  static boolean isBuffer(String name) {
    return name.equals(POSITION_IDS) || name.endsWith("." + POSITION_IDS);
  }

  /** Whether a Paddle module is a linear layer, so that torch keeps its weight transposed. */
  public static boolean isLinear(String paddleModule) {
    return LayerPart.linear().stream().anyMatch(part -> paddleModule.endsWith(part.paddleName()))
        || paddleModule.equals(ParameterNames.POOLER)
        || Task.allLayers().contains(paddleModule)
        || paddleModule.equals(HeadNames.SEQUENCE_RELATIONSHIP);
  }

  /**
   * Hugging Face's name of a parameter.
   *
   * @param paddle the Paddle name
   * @param body the prefix of the encoder's names, {@code bert.} or {@code ernie.}
   * @param layers what layers of the head are called that have another name here, see {@link
   *     FrameworkHead#torchLayers}
   * @throws IllegalArgumentException if there is none
   */
  static String back(String paddle, String body, Map<String, String> layers) {
    String whole = PARAMETERS_BACK.get(paddle);
    if (whole != null) {
      return whole;
    }
    int dot = paddle.lastIndexOf('.');
    String module = paddle.substring(0, Math.max(0, dot));
    String kind = paddle.substring(dot + 1);
    String top = layers.getOrDefault(module, TOP_BACK.get(module));
    if (top != null) {
      return (module.startsWith("ernie.") ? body : "") + top + "." + kind;
    }
    String part =
        layerPart(module)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "Hugging Face has no name for the parameter '" + paddle + "'"));
    String layer = module.substring(LAYERS.length(), module.indexOf('.', LAYERS.length()));
    return body + LAYER_PREFIX + layer + "." + part + "." + kind;
  }
}
