package ernie4j.training.autograd;

/**
 * What quantization makes of the input and the weight of a linear layer before their product; see
 * {@link TrainableLinear#quantize}. The methods do nothing unless an implementation replaces them.
 */
public interface LinearQuantization {
  /** Leaves a layer as it is. */
  LinearQuantization NONE = new LinearQuantization() {};

  /**
   * The input as the product sees it, in every pass. Its gradient comes back through what this
   * records.
   */
  default Variable input(Tape tape, Variable x) {
    return x;
  }

  /**
   * Writes the weight as the product sees it, before the first pass after {@link
   * TrainableLinear#invalidate}. Its gradient goes straight through to the weight.
   *
   * @param weight {@code [in, out]}
   * @param seen receives as many values
   */
  default void weight(Tape tape, Variable weight, float[] seen) {
    System.arraycopy(weight.value(), 0, seen, 0, weight.size());
  }
}
