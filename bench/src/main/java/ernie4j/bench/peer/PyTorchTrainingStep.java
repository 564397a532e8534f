package ernie4j.bench.peer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import ernie4j.bench.input.BenchmarkModel;
import ernie4j.bench.input.JointBatch;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
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
  private final StepOptions options;
  private int steps;

  /** A parameter with AdamW's state; a linear weight is [out, in]. */
  private record Slot(
      NDArray value, NDArray mean, NDArray square, boolean decays, boolean transposed) {}

  /**
   * A step over copies of a model's parameters, which include pooler and classifiers. The first
   * instance of a process decides on the number of threads.
   */
  public PyTorchTrainingStep(BenchmarkModel start, StepOptions options) {
    this.options = options;
    manager = PyTorchRuntime.newManager(options.threads());
    Map<String, NDArray> values = new LinkedHashMap<>();
    start
        .parameters()
        .asMap()
        .forEach(
            (name, tensor) -> {
              Slot slot = slot(name, tensor);
              slots.put(name, slot);
              values.put(name, slot.value);
            });
    model = new PyTorchJointErnie(start.config(), values, options.dropout());
  }

  private Slot slot(String name, Tensor tensor) {
    NDArray value = PyTorchRuntime.parameter(manager, name, tensor);
    value.setRequiresGradient(true);
    return new Slot(
        value,
        manager.zeros(value.getShape()),
        manager.zeros(value.getShape()),
        !name.contains("bias") && !name.contains("norm"),
        PyTorchRuntime.isTransposed(name, tensor));
  }

  @Override
  public float step(JointBatch batch) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      float loss;
      try (GradientCollector collector = manager.getEngine().newGradientCollector()) {
        NDArray result =
            model.loss(
                matrix(batch.ids()),
                manager.create(
                    PyTorchRuntime.toLongs(batch.intentArray()), new Shape(batch.size(), 1)),
                matrix(batch.slots()),
                (int) Arrays.stream(batch.slotArray()).filter(label -> label != 0).count());
        collector.backward(result);
        loss = result.getFloat();
      }
      update();
      return loss;
    }
  }

  private NDArray matrix(List<int[]> rows) {
    int[] flat = rows.stream().flatMapToInt(Arrays::stream).toArray();
    return manager.create(PyTorchRuntime.toLongs(flat), new Shape(rows.size(), rows.get(0).length));
  }

  private void update() {
    steps++;
    double correction1 = 1 - Math.pow(BETA1, steps);
    double rootCorrection2 = Math.sqrt(1 - Math.pow(BETA2, steps));
    // lr m^ / (sqrt(v^) + eps) = lr sqrt(c2) / c1 * m / (sqrt(v) + eps sqrt(c2))
    float rate = (float) (options.learningRate() * rootCorrection2 / correction1);
    float epsilon = (float) (EPSILON * rootCorrection2);
    float scale = Math.min(1f, options.maxGradientNorm() / gradientNorm());
    for (Slot slot : slots.values()) {
      slot.value
          .getNDArrayInternal()
          .adamUpdate(
              new NDList(slot.value, slot.value.getGradient(), slot.mean, slot.square),
              new NDList(slot.value),
              options.learningRate(),
              rate,
              slot.decays ? options.weightDecay() : 0f,
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

  @Override
  public ParameterStore parameters() {
    ParameterStore store = new ParameterStore();
    slots.forEach(
        (name, slot) -> {
          try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDArray value = slot.transposed ? slot.value.transpose() : slot.value;
            int[] shape =
                Arrays.stream(value.getShape().getShape()).mapToInt(i -> (int) i).toArray();
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
