package ernie4j.training.pruning;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How much the loss of a fine-tuned model depends on each attention head and each neuron of its
 * feed-forward layers, to first order (Michel et al., 2019; Hou et al., 2020):
 *
 * <ul>
 *   <li>head a: {@code sum over batches of |dL/dm_a|}, where {@code m_a = 1} is a factor of the
 *       head's output;
 *   <li>neuron j: {@code sum over batches of |w1_j . dL/dw1_j + b1_j dL/db1_j| + |w2_j . dL/dw2_j|}
 *       with its column w1 of linear1, its bias b1 and its row w2 of linear2.
 * </ul>
 *
 * @param heads one array per layer, with one value per head; shared, not copied
 * @param neurons one array per layer, with one value per neuron; shared, not copied
 */
public record Importance(List<double[]> heads, List<double[]> neurons) {
  /** Keeps unmodifiable copies of the lists. */
  public Importance {
    heads = List.copyOf(heads);
    neurons = List.copyOf(neurons);
  }

  /**
   * Orders the heads of a layer by importance.
   *
   * @param layer the layer, counted from 0
   * @return indices of heads, the most important first; equal ones in their original order
   */
  public int[] headOrder(int layer) {
    return falling(heads.get(layer));
  }

  /**
   * Orders the neurons of a layer by importance.
   *
   * @param layer the layer, counted from 0
   * @return indices of neurons, the most important first; equal ones in their original order
   */
  public int[] neuronOrder(int layer) {
    return falling(neurons.get(layer));
  }

  private static int[] falling(double[] values) {
    Comparator<Integer> rising = Comparator.comparingDouble(i -> values[i]);
    return IntStream.range(0, values.length)
        .boxed()
        .sorted(rising.reversed())
        .mapToInt(Integer::intValue)
        .toArray();
  }
}
