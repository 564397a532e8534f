package ernie4j.bench.peer;

/**
 * What both sides of a comparison of training steps must agree on.
 *
 * @param dropout the one probability of all dropouts
 * @param learningRate constant
 * @param weightDecay of everything but biases and norms
 * @param maxGradientNorm gradients are scaled down to this global norm
 * @param threads how many threads compute
 */
public record StepOptions(
    float dropout, float learningRate, float weightDecay, float maxGradientNorm, int threads) {

  /** The reference's fine-tuning: dropout 0.1, learning rate 5e-5, decay 0.01, clipping at 1. */
  public static StepOptions fineTuning(int threads) {
    return new StepOptions(0.1f, 5e-5f, 0.01f, 1f, threads);
  }

  /** The same on another number of threads. */
  public StepOptions withThreads(int count) {
    return new StepOptions(dropout, learningRate, weightDecay, maxGradientNorm, count);
  }

  /** The same without dropout, so that two engines compute the same losses. */
  public StepOptions withoutDropout() {
    return new StepOptions(0f, learningRate, weightDecay, maxGradientNorm, threads);
  }
}
