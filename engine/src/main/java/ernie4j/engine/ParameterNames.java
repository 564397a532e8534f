package ernie4j.engine;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Paddle's structured parameter names, the canonical names of this project.
 *
 * <p>Quantized parameters keep their names and hold int8 codes; what these are worth is beside
 * them:
 *
 * <ul>
 *   <li>A linear layer X: {@code X.weight} codes {@code [in, out]}, {@code X.weight_scale} {@code
 *       [out]}: the absolute maximum of every column; a code is worth {@code code * scale / 127}.
 *       {@code X.input_scale} {@code [1]}: the absolute maximum that calibration found for the
 *       input; without it, every token is quantized by its own.
 *   <li>An embedding table X: {@code X.weight} codes {@code [rows, hidden]} and either {@code
 *       X.weight_scale} {@code [rows]}, as above but for rows, or {@code X.weight_dictionary}
 *       {@code [n]}, n up to 128 ascending magnitudes: a code from 0 on is {@code
 *       dictionary[code]}, a negative one {@code -dictionary[code + 128]}.
 * </ul>
 */
public final class ParameterNames {
  private ParameterNames() {}

  public static final String WORD_EMBEDDINGS = "ernie.embeddings.word_embeddings.weight";
  public static final String POSITION_EMBEDDINGS = "ernie.embeddings.position_embeddings.weight";
  public static final String TOKEN_TYPE_EMBEDDINGS =
      "ernie.embeddings.token_type_embeddings.weight";
  public static final String TASK_TYPE_EMBEDDINGS = "ernie.embeddings.task_type_embeddings.weight";

  /** Add {@code .weight} or {@code .bias}. */
  public static final String EMBEDDINGS_NORM = "ernie.embeddings.layer_norm";

  public static final String POOLER = "ernie.pooler.dense";

  /** What the codes of a quantized parameter {@code X.weight} are worth: {@code X.weight_scale}. */
  public static String weightScale(String name) {
    return name + ".weight_scale";
  }

  /** The scale of the input of a quantized linear layer. */
  public static String inputScale(String name) {
    return name + ".input_scale";
  }

  /** The magnitudes of a logarithmically quantized embedding table. */
  public static String weightDictionary(String name) {
    return name + ".weight_dictionary";
  }

  /** For example {@code layer(0, "linear1")} is {@code ernie.encoder.layers.0.linear1}. */
  public static String layer(int layer, String part) {
    return "ernie.encoder.layers." + layer + "." + part;
  }

  /** The shapes of all parameters of an unpruned encoder with pooler, in the reference's order. */
  public static Map<String, int[]> shapes(EncoderConfig config) {
    Map<String, int[]> shapes = new LinkedHashMap<>();
    int hidden = config.hiddenSize();
    shapes.put(WORD_EMBEDDINGS, new int[] {config.vocabularySize(), hidden});
    shapes.put(POSITION_EMBEDDINGS, new int[] {config.maxPositions(), hidden});
    shapes.put(TOKEN_TYPE_EMBEDDINGS, new int[] {config.tokenTypes(), hidden});
    if (config.taskTypes() > 0) {
      shapes.put(TASK_TYPE_EMBEDDINGS, new int[] {config.taskTypes(), hidden});
    }
    norm(shapes, EMBEDDINGS_NORM, hidden);
    for (int i = 0; i < config.layers(); i++) {
      for (String part : new String[] {"q_proj", "k_proj", "v_proj", "out_proj"}) {
        linear(shapes, layer(i, "self_attn." + part), hidden, hidden);
      }
      linear(shapes, layer(i, "linear1"), hidden, config.intermediateSize());
      linear(shapes, layer(i, "linear2"), config.intermediateSize(), hidden);
      norm(shapes, layer(i, "norm1"), hidden);
      norm(shapes, layer(i, "norm2"), hidden);
    }
    linear(shapes, POOLER, hidden, hidden);
    return shapes;
  }

  private static void linear(Map<String, int[]> shapes, String name, int in, int out) {
    shapes.put(name + ".weight", new int[] {in, out});
    shapes.put(name + ".bias", new int[] {out});
  }

  private static void norm(Map<String, int[]> shapes, String name, int size) {
    shapes.put(name + ".weight", new int[] {size});
    shapes.put(name + ".bias", new int[] {size});
  }
}
