package ernie4j.bench.peer;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import ernie4j.engine.EncoderConfig;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The training step in PyTorch through DJL, with the libraries as Maven delivers them: autograd,
 * the norm of all gradients, and DJL's native AdamW, into which the clipping factor goes as the
 * gradient's scale.
 */
public final class PyTorchTrainingStep implements TrainingStepUnderTest {
  private static final float BETA1 = 0.9f;
  private static final float BETA2 = 0.999f;
  private static final float EPSILON = 1e-8f;

  private final NDManager manager;
  private final Map<String, Slot> slots = new LinkedHashMap<>();
  private final PyTorchJointErnie model;
  private final Options options;
  private int steps;

  /**
   * What both sides of a comparison must agree on.
   *
   * @param dropout the one probability of all dropouts
   * @param weightDecay of everything but biases and norms
   * @param maxGradientNorm gradients are scaled down to this global norm
   */
  public record Options(
      float dropout, float learningRate, float weightDecay, float maxGradientNorm) {}

  /** A parameter with AdamW's state; a linear weight is [out, in]. */
  private record Slot(
      NDArray value, NDArray mean, NDArray square, boolean decays, boolean transposed) {}

  /**
   * Loads parameters under their Paddle names, with pooler and both classifiers.
   *
   * @param threads how many threads PyTorch may use; the first instance of a process decides
   */
  public PyTorchTrainingStep(
      EncoderConfig config, ParameterStore parameters, Options options, int threads) {
    this.options = options;
    manager = engine(threads).newBaseManager();
    for (Map.Entry<String, Tensor> entry : parameters.asMap().entrySet()) {
      slots.put(entry.getKey(), slot(entry.getKey(), entry.getValue()));
    }
    Map<String, NDArray> values = new LinkedHashMap<>();
    slots.forEach((name, slot) -> values.put(name, slot.value));
    model = new PyTorchJointErnie(config, values, options.dropout);
  }

  private static Engine engine(int threads) {
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
    System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(threads));
    System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
    return Engine.getEngine("PyTorch");
  }

  private Slot slot(String name, Tensor tensor) {
    boolean transposed = tensor.rank() == 2 && !name.contains("embeddings");
    long[] shape = Arrays.stream(tensor.shape()).asLongStream().toArray();
    NDArray value = manager.create(tensor.toArray(), new Shape(shape));
    if (transposed) {
      NDArray stored = value;
      value = stored.transpose().duplicate();
      stored.close();
    }
    value.setRequiresGradient(true);
    return new Slot(
        value,
        manager.zeros(value.getShape()),
        manager.zeros(value.getShape()),
        !name.contains("bias") && !name.contains("norm"),
        transposed);
  }

  @Override
  public float step(int[][] ids, int[] intents, int[][] slotLabels) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      float loss;
      try (GradientCollector collector = manager.getEngine().newGradientCollector()) {
        NDArray result =
            model.loss(
                matrix(ids),
                manager.create(
                    Arrays.stream(intents).asLongStream().toArray(), new Shape(ids.length, 1)),
                matrix(slotLabels),
                countLabels(slotLabels));
        collector.backward(result);
        loss = result.getFloat();
      }
      update();
      return loss;
    }
  }

  private NDArray matrix(int[][] rows) {
    long[] flat =
        Arrays.stream(rows).flatMapToInt(Arrays::stream).asLongStream().toArray();
    return manager.create(flat, new Shape(rows.length, rows[0].length));
  }

  private static int countLabels(int[][] labels) {
    return (int) Arrays.stream(labels).flatMapToInt(Arrays::stream).filter(l -> l != 0).count();
  }

  private void update() {
    steps++;
    double correction1 = 1 - Math.pow(BETA1, steps);
    double rootCorrection2 = Math.sqrt(1 - Math.pow(BETA2, steps));
    // lr m^ / (sqrt(v^) + eps) = lr sqrt(c2) / c1 * m / (sqrt(v) + eps sqrt(c2))
    float rate = (float) (options.learningRate * rootCorrection2 / correction1);
    float epsilon = (float) (EPSILON * rootCorrection2);
    float scale = Math.min(1f, options.maxGradientNorm / gradientNorm());
    for (Slot slot : slots.values()) {
      slot.value
          .getNDArrayInternal()
          .adamUpdate(
              new NDList(slot.value, slot.value.getGradient(), slot.mean, slot.square),
              new NDList(slot.value),
              options.learningRate,
              rate,
              slot.decays ? options.weightDecay : 0f,
              scale,
              -1f,
              BETA1,
              BETA2,
              epsilon,
              false,
              true);
    }
  }

  private float gradientNorm() {
    NDList norms = new NDList(slots.size());
    slots.values().forEach(slot -> norms.add(slot.value.getGradient().norm()));
    return NDArrays.stack(norms).norm().getFloat();
  }

  /** A copy of the parameters as they are now, with Paddle's names and layout. */
  public ParameterStore parameters() {
    ParameterStore store = new ParameterStore();
    slots.forEach(
        (name, slot) -> {
          try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray value = slot.transposed ? slot.value.transpose() : slot.value;
            int[] shape = Arrays.stream(value.getShape().getShape()).mapToInt(i -> (int) i).toArray();
            store.put(name, Tensor.of(value.toFloatArray(), shape));
          }
        });
    return store;
  }

  @Override
  public void close() {
    manager.close();
  }
}
