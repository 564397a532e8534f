package ernie4j.training.optimizer;

import ernie4j.engine.Parallel;
import ernie4j.training.autograd.Variable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter): {@code p -= lr decay p}, then {@code p
 * -= lr m^ / (sqrt(v^) + epsilon)} with bias-corrected moments. By default, biases and norms do not
 * decay.
 */
public final class AdamW {
  private final Map<String, Slot> slots = new LinkedHashMap<>();
  private final Options options;
  private final Parallel parallel;
  private long steps;

  /**
   * The hyper-parameters.
   *
   * @param beta1 decay of the running mean of the gradient
   * @param beta2 decay of the running mean of its square
   * @param epsilon added to the square root of the latter
   * @param weightDecay the share that a step with learning rate 1 would take from a parameter that
   *     decays
   * @param maxGradientNorm gradients are scaled down to this global norm; infinity for no clipping
   */
  public record Options(
      double beta1, double beta2, double epsilon, double weightDecay, double maxGradientNorm) {
    /**
     * The options of the reference: 0.9, 0.999, 1e-8 and clipping at 1.
     *
     * @param weightDecay the share that a step with learning rate 1 would take from a parameter
     *     that decays
     * @return options with this decay
     */
    public static Options withWeightDecay(double weightDecay) {
      return new Options(0.9, 0.999, 1e-8, weightDecay, 1.0);
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Slot(
      Variable parameter, boolean decays, double factor, float[] mean, float[] square) {}

  /**
   * An optimizer with one learning rate for all parameters, in which biases and norms do not decay.
   *
   * @param parameters the parameters to change, by name
   * @param options the hyper-parameters
   * @param parallel the threads to compute on; stays open
   */
  public AdamW(Map<String, Variable> parameters, Options options, Parallel parallel) {
    this(parameters, options, name -> 1, AdamW::decays, parallel);
  }

  /**
   * An optimizer that multiplies the learning rate of every parameter, which the decay also uses,
   * by a factor of its own.
   *
   * @param parameters the parameters to change, by name
   * @param options the hyper-parameters
   * @param learningRateFactor returns the factor of a parameter by its name
   * @param decays tells which parameters decay, by name
   * @param parallel the threads to compute on; stays open
   */
  public AdamW(
      Map<String, Variable> parameters,
      Options options,
      ToDoubleFunction<String> learningRateFactor,
      Predicate<String> decays,
      Parallel parallel) {
    this.options = options;
    this.parallel = parallel;
    parameters.forEach(
        (name, p) -> {
          double factor = learningRateFactor.applyAsDouble(name);
          slots.put(
              name,
              new Slot(p, decays.test(name), factor, new float[p.size()], new float[p.size()]));
        });
  }

  /**
   * Whether a parameter decays by default: neither biases nor parts of norms do.
   *
   * @param name the name of the parameter
   * @return whether the name contains neither {@code bias} nor {@code norm}
   */
  public static boolean decays(String name) {
    return !name.contains("bias") && !name.contains("norm");
  }

  /**
   * Updates every parameter from its gradient. If the norm of the gradients is not finite, nothing
   * is changed, so that one bad step does not spoil the parameters.
   *
   * @param learningRate the learning rate of this step
   * @return the global norm of the gradients before clipping
   */
  public double step(double learningRate) {
    double norm =
        GradientClipping.globalNorm(
            slots.values().stream().map(Slot::parameter).toList(), parallel);
    if (!Double.isFinite(norm)) {
      return norm;
    }
    float clip = (float) GradientClipping.factor(norm, options.maxGradientNorm);
    steps++;
    // Bias corrections folded into two factors: lr m^ / (sqrt(v^) + eps) = a m / (sqrt(v) b + eps).
    double correction = 1 - Math.pow(options.beta1, (double) steps);
    float rootScale = (float) (1 / Math.sqrt(1 - Math.pow(options.beta2, (double) steps)));
    for (Slot slot : slots.values()) {
      double rate = learningRate * slot.factor;
      float stepSize = (float) (rate / correction);
      float keep = (float) (1 - (slot.decays ? rate * options.weightDecay : 0));
      float[] value = slot.parameter.value();
      float[] gradient = slot.parameter.gradient();
      parallel.run(
          slot.parameter.size(),
          1024,
          (part, from, to) ->
              update(
                  value,
                  gradient,
                  slot.mean,
                  slot.square,
                  clip,
                  keep,
                  stepSize,
                  rootScale,
                  from,
                  to));
    }
    return norm;
  }

  private void update(
      float[] value,
      float[] gradient,
      float[] mean,
      float[] square,
      float clip,
      float keep,
      float stepSize,
      float rootScale,
      int from,
      int to) {
    float b1 = (float) options.beta1;
    float b2 = (float) options.beta2;
    float c1 = (float) (1 - options.beta1);
    float c2 = (float) (1 - options.beta2);
    float epsilon = (float) options.epsilon;
    for (int i = from; i < to; i++) {
      float g = gradient[i] * clip;
      float m = b1 * mean[i] + c1 * g;
      float v = b2 * square[i] + c2 * g * g;
      mean[i] = m;
      square[i] = v;
      value[i] = value[i] * keep - stepSize * m / ((float) Math.sqrt(v) * rootScale + epsilon);
    }
  }

  /** {@return the number of steps taken} */
  public long steps() {
    return steps;
  }

  /**
   * Finds the running moments of a parameter's gradient.
   *
   * @param name the name of the parameter
   * @return the moments; shared, not copied
   */
  public Moments moments(String name) {
    Slot slot = Objects.requireNonNull(slots.get(name), name);
    return new Moments(slot.mean, slot.square);
  }

  /**
   * Restores the step count of a checkpoint. The moments are restored in place.
   *
   * @param count the number of steps taken before
   */
  public void restoreSteps(long count) {
    steps = count;
  }

  /**
   * The state of the optimizer for one parameter.
   *
   * @param mean running mean of the gradient, one value for each of the parameter
   * @param square running mean of its square, one value for each of the parameter
   */
  @SuppressWarnings("ArrayRecordComponent") // a view of live state, never compared
  public record Moments(float[] mean, float[] square) {}
}
