package ernie4j.engine;

import java.util.Arrays;
import java.util.function.Function;

/**
 * The sizes of one encoder layer.
 *
 * @param hidden the width of the hidden states
 * @param attention the columns of all heads together
 * @param intermediate the neurons of the feed-forward part
 */
public record LayerShape(int hidden, int attention, int intermediate) {

  /**
   * Returns the sizes of a layer of an unpruned model.
   *
   * @param config the configuration of the encoder
   * @return the sizes that all its layers have
   */
  public static LayerShape unpruned(EncoderConfig config) {
    return new LayerShape(config.hiddenSize(), config.hiddenSize(), config.intermediateSize());
  }

  /**
   * Reads the sizes of a layer from its parameters: width pruning leaves fewer heads and fewer
   * neurons. Every parameter of the layer is checked.
   *
   * @param config the configuration of the encoder
   * @param layer index of the layer, from 0
   * @param shapes the shape of a parameter by its name; throws if there is none
   * @return the sizes of the layer
   * @throws IllegalArgumentException if the queries are not whole heads, or another parameter does
   *     not have the shape that follows from the configuration, the queries and the neurons
   */
  public static LayerShape of(EncoderConfig config, int layer, Function<String, int[]> shapes) {
    int hidden = config.hiddenSize();
    LayerShape shape =
        new LayerShape(
            hidden,
            columns(LayerPart.QUERY.weight(layer), hidden, config.headSize(), shapes),
            columns(LayerPart.EXPAND.weight(layer), hidden, 1, shapes));
    for (LayerPart part : LayerPart.values()) {
      require(part.weight(layer), shape.weight(part), shapes);
      require(part.bias(layer), shape.bias(part), shapes);
    }
    return shape;
  }

  private static int columns(String name, int rows, int multiple, Function<String, int[]> shapes) {
    int[] got = shapes.apply(name);
    if (got.length != 2 || got[0] != rows || got[1] < 1 || got[1] % multiple != 0) {
      String columns = multiple == 1 ? "columns" : "a multiple of the head size " + multiple;
      throw new IllegalArgumentException(
          String.format(
              "Parameter '%s': expected shape [%d, %s], got %s",
              name, rows, columns, Arrays.toString(got)));
    }
    return got[1];
  }

  private static void require(String name, int[] expected, Function<String, int[]> shapes) {
    int[] got = shapes.apply(name);
    if (!Arrays.equals(got, expected)) {
      throw new IllegalArgumentException(
          String.format(
              "Parameter '%s': expected shape %s, got %s",
              name, Arrays.toString(expected), Arrays.toString(got)));
    }
  }

  /**
   * Returns one of the sizes.
   *
   * @param axis which size
   * @return the size
   */
  public int size(LayerPart.Axis axis) {
    return switch (axis) {
      case HIDDEN -> hidden;
      case ATTENTION -> attention;
      case INTERMEDIATE -> intermediate;
    };
  }

  /**
   * Returns the shape of the weight of a part.
   *
   * @param part the part
   * @return {@code [in, out]} for a linear part, {@code [hidden]} for a norm; a new array
   */
  public int[] weight(LayerPart part) {
    return part.isLinear() ? new int[] {size(part.in()), size(part.out())} : bias(part);
  }

  /**
   * Returns the shape of the bias of a part.
   *
   * @param part the part
   * @return {@code [out]}; a new array
   */
  public int[] bias(LayerPart part) {
    return new int[] {size(part.out())};
  }
}
