package ernie4j.bench.peer;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ernie4j.engine.Tensor;
import java.util.Arrays;

/**
 * PyTorch through DJL, with the libraries as Maven delivers them. The first use in a process
 * decides on the number of threads.
 */
final class PyTorchRuntime {
  private PyTorchRuntime() {}

  static NDManager newManager(int threads) {
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
    System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(threads));
    System.setProperty("ai.djl.pytorch.num_interop_threads", "1");
    return Engine.getEngine("PyTorch").newBaseManager();
  }

  /** Whether PyTorch keeps a parameter as [out, in] that is [in, out] here. */
  static boolean isTransposed(String name, Tensor tensor) {
    return tensor.rank() == 2 && !name.contains("embeddings");
  }

  /** A parameter in PyTorch's layout. */
  static NDArray parameter(NDManager manager, String name, Tensor tensor) {
    NDArray value = manager.create(tensor.toArray(), new Shape(toLongs(tensor.shape())));
    if (!isTransposed(name, tensor)) {
      return value;
    }
    NDArray transposed = value.transpose().duplicate();
    value.close();
    return transposed;
  }

  static long[] toLongs(int[] values) {
    return Arrays.stream(values).asLongStream().toArray();
  }
}
