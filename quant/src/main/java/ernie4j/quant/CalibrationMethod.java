package ernie4j.quant;

/**
 * How post-training quantization finds the scale s of an activation from the values x of its
 * calibration batches. All magnitudes above s become code 127 or -127: a smaller scale clips more
 * and resolves the rest better.
 */
public enum CalibrationMethod {
  /** {@code s = max |x|} over all batches: nothing is clipped. */
  ABS_MAX {
    @Override
    public ActivationObserver newObserver() {
      return new MaximumObserver(false);
    }
  },

  /**
   * {@code s = mean over the batches of max |x|}: a single extreme batch does not determine the
   * scale.
   */
  AVERAGE_OF_MAXIMA {
    @Override
    public ActivationObserver newObserver() {
      return new MaximumObserver(true);
    }
  },

  /**
   * The scale whose quantized distribution of {@code |x|} is nearest to the real one by
   * Kullback-Leibler divergence (Migacz, "8-bit inference with TensorRT", 2017); see {@link
   * Divergence}.
   */
  KL_DIVERGENCE {
    @Override
    public ActivationObserver newObserver() {
      return new HistogramObserver(Divergence::of);
    }
  },

  /**
   * The scale with the least mean squared error {@code mean (x - code s / 127)^2}; see {@link
   * SquaredError}.
   */
  MEAN_SQUARED_ERROR {
    @Override
    public ActivationObserver newObserver() {
      return new HistogramObserver(SquaredError::of);
    }
  };

  /** {@return a new observer that has seen nothing} */
  public abstract ActivationObserver newObserver();
}
