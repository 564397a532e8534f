package ernie4j.training.autograd;

import ernie4j.engine.kernels.Kernels;
import ernie4j.engine.kernels.PackedMatrix;

/**
 * Scratch memory for the products of a backward pass. All layers share it because they run one by
 * one.
 */
final class ProductWorkspace {
  private final PackedMatrix packed;
  private float[] transposed = new float[0];

  ProductWorkspace(Kernels kernels) {
    packed = kernels.newPackedMatrix(1, 1);
  }

  PackedMatrix packed(int rows, int columns) {
    packed.reshape(rows, columns);
    return packed;
  }

  float[] transposed(int length) {
    if (transposed.length < length) {
      transposed = new float[length + length / 8];
    }
    return transposed;
  }
}
