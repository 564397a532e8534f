package ernie4j.engine;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Paddle's structured parameter names, the canonical names of this project.
 *
 * <p>Quantized parameters keep their names and hold int8 codes. The values of the codes are part of
 * an {@link Int8Weight}; a file stores them beside the codes:
 *
 * <ul>
 *   <li>A linear layer X: {@code X.weight} codes {@code [in, out]}, {@code X.weight_scale} {@code
 *       [out]}: the absolute maximum of every column; a code stands for {@code code * scale / 127}.
 *       {@code X.input_scale} {@code [1]}: the absolute maximum that calibration found for the
 *       input; without it, every token is quantized by its own.
 *   <li>An embedding table X: {@code X.weight} codes {@code [rows, hidden]} and either {@code
 *       X.weight_scale} {@code [rows]}, as above but for rows, or {@code X.weight_dictionary}
 *       {@code [n]}, up to 128 ascending magnitudes: a code {@code >= 0} is {@code
 *       dictionary[code]}, a negative one {@code -dictionary[code + 128]}.
 * </ul>
 */
public final class ParameterNames {
  private ParameterNames() {}

  /** The table of word embeddings, {@code [vocabulary, hidden]}. */
  public static final String WORD_EMBEDDINGS = "ernie.embeddings.word_embeddings.weight";

  /** The table of position embeddings, {@code [positions, hidden]}. */
  public static final String POSITION_EMBEDDINGS = "ernie.embeddings.position_embeddings.weight";

  /** The table of token type embeddings, {@code [token types, hidden]}. */
  public static final String TOKEN_TYPE_EMBEDDINGS =
      "ernie.embeddings.token_type_embeddings.weight";

  /** The table of task type embeddings, {@code [task types, hidden]}; ERNIE v1 only. */
  public static final String TASK_TYPE_EMBEDDINGS = "ernie.embeddings.task_type_embeddings.weight";

  /**
   * The layer norm of the embeddings; its parameters have this name with {@code .weight} or {@code
   * .bias}, both {@code [hidden]}.
   */
  public static final String EMBEDDINGS_NORM = "ernie.embeddings.layer_norm";

  /**
   * The dense layer of the pooler; its parameters have this name with {@code .weight} or {@code
   * .bias}.
   */
  public static final String POOLER = "ernie.pooler.dense";

  /**
   * Returns the module that a parameter belongs to.
   *
   * @param parameter the name of a parameter, for example {@code X.weight}
   * @return the name before the last dot; empty if there is none
   */
  public static String module(String parameter) {
    return parameter.substring(0, Math.max(0, parameter.lastIndexOf('.')));
  }

  /**
   * Returns the name of the scales of a quantized parameter {@code X.weight}.
   *
   * @param name the module, X
   * @return {@code X.weight_scale}
   */
  public static String weightScale(String name) {
    return name + ".weight_scale";
  }

  /**
   * Returns the name of the scale of the input of a quantized linear layer.
   *
   * @param name the module, X
   * @return {@code X.input_scale}
   */
  public static String inputScale(String name) {
    return name + ".input_scale";
  }

  /**
   * Returns the name of the magnitudes of a logarithmically quantized embedding table.
   *
   * @param name the module, X
   * @return {@code X.weight_dictionary}
   */
  public static String weightDictionary(String name) {
    return name + ".weight_dictionary";
  }

  /** The tables of the embeddings, in the order in which they are added. */
  public static final List<String> TABLES =
      List.of(WORD_EMBEDDINGS, POSITION_EMBEDDINGS, TOKEN_TYPE_EMBEDDINGS, TASK_TYPE_EMBEDDINGS);

  /**
   * The prefix of the parameters of layers. The number of a layer, a dot and the name of a {@link
   * LayerPart} follow.
   */
  public static final String LAYERS = "ernie.encoder.layers.";

  /**
   * Lists all parameters of an unpruned encoder with pooler.
   *
   * @param config the configuration of the encoder
   * @return the shape of each parameter by its name, in the order of the reference
   */
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
