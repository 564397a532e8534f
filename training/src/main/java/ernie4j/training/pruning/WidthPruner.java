package ernie4j.training.pruning;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.LayerPart;
import ernie4j.engine.ParameterSource;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * Sorts the heads and neurons of an encoder by importance, and cuts sub-models from it. Parameters
 * that are not part of the encoder's layers, such as those of heads for tasks, stay as they are.
 *
 * <p>The configuration of a pruned model is that of the full one. Only the shapes of the parameters
 * show that some are cut.
 */
public final class WidthPruner {
  private WidthPruner() {}

  /**
   * Sorts heads and neurons by descending importance. Up to rounding, the model computes the same
   * function. Per layer, this moves blocks of columns of query, key and value and the same blocks
   * of rows of the output projection, and columns of linear1 and rows of linear2.
   *
   * @param config the shape of the encoder
   * @param full the parameters of an unpruned model; not changed, and shared as far as they stay
   *     the same
   * @param importance the importance of heads and neurons of the same model
   * @return a new store
   * @throws IllegalArgumentException if the model is pruned, does not match {@code config} or
   *     contains numbers that are not finite, or if the importance is that of another model
   */
  public static ParameterStore reorder(
      EncoderConfig config, ParameterSource full, Importance importance) {
    FullModel.require(config, full);
    requireFit("heads", importance.heads(), config.layers(), config.attentionHeads());
    requireFit("neurons", importance.neurons(), config.layers(), config.intermediateSize());
    ParameterStore store = share(full);
    for (int i = 0; i < config.layers(); i++) {
      order(store, i, LayerPart.Axis.ATTENTION, importance.headOrder(i), config.headSize());
      order(store, i, LayerPart.Axis.INTERMEDIATE, importance.neuronOrder(i), 1);
    }
    return store;
  }

  /**
   * Cuts the sub-model of a width w: the first int(A w) heads and the first int(F w) neurons of
   * every layer. Every width is cut from the full model (in the original, the second one is cut
   * from the result of the first).
   *
   * @param config the shape of the encoder
   * @param full the parameters of an unpruned model; not changed, and shared as far as they keep
   *     their size
   * @param width w, in (0, 1]; it must keep whole heads
   * @return a new store
   * @throws IllegalArgumentException if the width is out of range, cuts a head in two or leaves
   *     none (the message names the possible widths), or if the model is pruned, does not match
   *     {@code config} or contains numbers that are not finite
   */
  public static ParameterStore prune(EncoderConfig config, ParameterSource full, double width) {
    SubModelShape shape = SubModelShape.of(config, width);
    FullModel.require(config, full);
    ParameterStore store = share(full);
    shape
        .slices(config)
        .forEach((name, size) -> store.replace(name, leading(full.get(name), size[0], size[1])));
    return store;
  }

  private static ParameterStore share(ParameterSource source) {
    ParameterStore store = new ParameterStore();
    source.asMap().forEach(store::put);
    return store;
  }

  private static void requireFit(String what, List<double[]> values, int layers, int count) {
    boolean fits =
        values.size() == layers
            && values.stream().allMatch(v -> v.length == count)
            && values.stream().flatMapToDouble(Arrays::stream).allMatch(Double::isFinite);
    if (!fits) {
      throw new IllegalArgumentException(
          "Width pruning: importance of %s: expected %d finite numbers for each of %d layers, got %s; measure it on this model"
              .formatted(what, count, layers, values.stream().map(Arrays::toString).toList()));
    }
  }

  /** Reorders an axis of a layer in all parameters that have it. */
  private static void order(
      ParameterStore store, int layer, LayerPart.Axis axis, int[] order, int block) {
    for (LayerPart part : LayerPart.linear()) {
      if (part.out() == axis) {
        orderColumns(store, part.weight(layer), order, block);
        orderColumns(store, part.bias(layer), order, block);
      }
      if (part.in() == axis) {
        orderRows(store, part.weight(layer), order, block);
      }
    }
  }

  /** Reorders blocks of {@code block} columns of a matrix, or of values of a vector. */
  private static void orderColumns(ParameterStore store, String name, int[] order, int block) {
    Tensor from = store.get(name);
    Tensor to = Tensor.zeros(from.shape());
    int columns = order.length * block;
    for (int row = 0; row < from.size(); row += columns) {
      for (int i = 0; i < order.length; i++) {
        System.arraycopy(
            from.data(), from.offset() + row + order[i] * block, to.data(), row + i * block, block);
      }
    }
    store.replace(name, to);
  }

  /** Reorders blocks of {@code block} rows. */
  private static void orderRows(ParameterStore store, String name, int[] order, int block) {
    Tensor from = store.get(name);
    Tensor to = Tensor.zeros(from.shape());
    int values = block * from.dimension(1);
    for (int i = 0; i < order.length; i++) {
      System.arraycopy(
          from.data(), from.offset() + order[i] * values, to.data(), i * values, values);
    }
    store.replace(name, to);
  }

  private static Tensor leading(Tensor full, int rows, int columns) {
    Tensor part = full.rank() == 1 ? Tensor.zeros(columns) : Tensor.zeros(rows, columns);
    int ld = full.dimension(full.rank() - 1);
    for (int i = 0; i < rows; i++) {
      System.arraycopy(full.data(), full.offset() + i * ld, part.data(), i * columns, columns);
    }
    return part;
  }
}
