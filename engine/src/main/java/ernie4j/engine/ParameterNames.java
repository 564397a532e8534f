package ernie4j.engine;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Paddle's structured parameter names, the canonical names of this project.
 *
 * <p>Quantized parameters keep their names and hold int8 codes. What these are worth is part of an
 * {@link Int8Weight}, and in a file it stands beside them:
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

  /** What a parameter belongs to: its name without {@code .weight} or {@code .bias}. */
  public static String module(String parameter) {
    return parameter.substring(0, Math.max(0, parameter.lastIndexOf('.')));
  }

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

  /** The tables of the embeddings, in the order in which they are added. */
  public static final List<String> TABLES =
      List.of(WORD_EMBEDDINGS, POSITION_EMBEDDINGS, TOKEN_TYPE_EMBEDDINGS, TASK_TYPE_EMBEDDINGS);

  /** Behind it stand the number of a layer, a dot and the name of a {@link LayerPart}. */
  public static final String LAYERS = "ernie.encoder.layers.";

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
    shapes.put(EMBEDDINGS_NORM + ".weight", new int[] {hidden});
    shapes.put(EMBEDDINGS_NORM + ".bias", new int[] {hidden});
    LayerShape layer = LayerShape.unpruned(config);
    for (int i = 0; i < config.layers(); i++) {
      for (LayerPart part : LayerPart.values()) {
        shapes.put(part.weight(i), layer.weight(part));
        shapes.put(part.bias(i), layer.bias(part));
      }
    }
    shapes.put(POOLER + ".weight", new int[] {hidden, hidden});
    shapes.put(POOLER + ".bias", new int[] {hidden});
    return shapes;
  }
}
