package ernie4j.bench.peer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import ernie4j.bench.input.BenchmarkModel;
import ernie4j.engine.RaggedBatch;
import java.util.HashMap;
import java.util.Map;

/** The encoder in PyTorch through DJL, without gradients, for batches of one length. */
public final class PyTorchEncoder implements EncoderUnderTest {
  private final NDManager manager;
  private final PyTorchJointErnie model;

  /** Loads copies of a model's parameters. */
  public PyTorchEncoder(BenchmarkModel model, int threads) {
    manager = PyTorchRuntime.newManager(threads);
    Map<String, NDArray> values = new HashMap<>();
    model
        .parameters()
        .asMap()
        .forEach(
            (name, tensor) -> values.put(name, PyTorchRuntime.parameter(manager, name, tensor)));
    this.model = new PyTorchJointErnie(model.config(), values, 0f);
  }

  @Override
  public float[] forward(RaggedBatch batch) {
    long[] ids = new long[batch.tokens()];
    for (int t = 0; t < ids.length; t++) {
      ids[t] = batch.id(t);
    }
    Shape shape = new Shape(batch.sequences(), EqualLengths.of(batch));
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      return model.encode(manager.create(ids, shape), null).toFloatArray();
    }
  }

  @Override
  public void close() {
    manager.close();
  }
}
