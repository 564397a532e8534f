package ernie4j.training.autograd;

/**
 * Quantization of the input and the weight of a linear layer before their product; see {@link
 * TrainableLinear#quantize}. The methods do nothing unless an implementation overrides them.
 */
public interface LinearQuantization {
  /** No quantization. */
  LinearQuantization NONE = new LinearQuantization() {};

  /**
   * Quantizes the input of the product, in every pass. The gradient of the input passes through the
   * operations that this records.
   *
   * @param tape the tape to record on
   * @param x the input of the layer, {@code [tokens, in]}
   * @return the input that the product uses, of the same shape
   */
  default Variable input(Tape tape, Variable x) {
    return x;
  }

  /**
   * Quantizes the weight of the product, before the first pass after {@link
   * TrainableLinear#invalidate}. The gradient of the product's weight becomes that of the real
   * weight unchanged.
   *
   * @param tape gives access to the threads
   * @param weight the real weight, {@code [in, out]}
   * @param seen receives the weight that the product uses, in the same order
   */
  default void weight(Tape tape, Variable weight, float[] seen) {
    System.arraycopy(weight.value(), 0, seen, 0, weight.size());
  }
}
