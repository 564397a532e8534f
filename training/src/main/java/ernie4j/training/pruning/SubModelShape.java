package ernie4j.training.pruning;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.LayerPart;
import ernie4j.engine.LayerShape;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The sizes of the sub-model of one width w: the leading heads and neurons of every layer.
 *
 * @param width w, in (0, 1]
 * @param heads int(A w) of A attention heads
 * @param attentionColumns int(H w) of H columns of query, key and value: whole heads
 * @param neurons int(F w) of F columns of the feed-forward layer
 */
record SubModelShape(double width, int heads, int attentionColumns, int neurons) {
  /** Widths such as 7/10 are not exact in binary; their products may be slightly too small. */
  private static final double ROUNDING = 1e-9;

  /**
   * The sub-model of a width.
   *
   * @throws IllegalArgumentException if the width is not in (0, 1], leaves no head or no neuron, or
   *     cuts a head in two
   */
  static SubModelShape of(EncoderConfig config, double width) {
    if (!(width > 0 && width <= 1)) {
      throw new IllegalArgumentException(
          "Width pruning: expected a width in (0, 1], got %s".formatted(width));
    }
    int heads = part(config.attentionHeads(), width);
    int columns = part(config.hiddenSize(), width);
    int neurons = part(config.intermediateSize(), width);
    if (heads < 1 || neurons < 1 || columns != heads * config.headSize()) {
      throw new IllegalArgumentException(
          "Width pruning: width %s would keep %d of %d heads, %d of %d attention columns and %d of %d neurons, but heads of %d columns must stay whole and at least one head and one neuron must stay; use one of the widths %s"
              .formatted(
                  width,
                  heads,
                  config.attentionHeads(),
                  columns,
                  config.hiddenSize(),
                  neurons,
                  config.intermediateSize(),
                  config.headSize(),
                  widths(config)));
    }
    return new SubModelShape(width, heads, columns, neurons);
  }

  private static int part(int size, double width) {
    return (int) (size * width + ROUNDING);
  }

  /** The widths that keep 1, 2, ... heads, rounded up to four decimals so that they do. */
  private static String widths(EncoderConfig config) {
    int heads = config.attentionHeads();
    return IntStream.rangeClosed(1, heads)
        .mapToObj(kept -> Double.toString(Math.ceil(kept * 1e4 / heads) / 1e4))
        .collect(Collectors.joining(", "));
  }

  /**
   * The parameters that are smaller than in the full model, with their {@code [rows, columns]}; a
   * bias counts as one row. Each is the leading part of the full parameter.
   */
  Map<String, int[]> slices(EncoderConfig config) {
    Map<String, int[]> slices = new LinkedHashMap<>();
    LayerShape kept = new LayerShape(config.hiddenSize(), attentionColumns, neurons);
    for (int i = 0; i < config.layers(); i++) {
      for (LayerPart part : LayerPart.linear()) {
        slices.put(part.weight(i), kept.weight(part));
        if (part.out() != LayerPart.Axis.HIDDEN) {
          slices.put(part.bias(i), new int[] {1, kept.size(part.out())});
        }
      }
    }
    return slices;
  }
}
