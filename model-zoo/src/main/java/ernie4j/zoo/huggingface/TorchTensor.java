package ernie4j.zoo.huggingface;

import ernie4j.zoo.conversion.ElementType;
import ernie4j.zoo.conversion.SourceTensor;
import java.io.IOException;
import java.util.Arrays;

/**
 * A view of a storage: element {@code [i, j]} is number {@code offset + i * strides[0] + j *
 * strides[1]}.
 */
@SuppressWarnings("ArrayRecordComponent") // tensors are compared by what floats() gives
record TorchTensor(TorchStorage storage, long offset, int[] shape, long[] strides)
    implements SourceTensor {

  /**
   * Checks that all elements are in the storage.
   *
   * @throws IllegalArgumentException if not, or if the tensor has more elements than the storage
   */
  TorchTensor {
    int elements = SourceTensor.elements(shape);
    long last = offset;
    for (int axis = 0; axis < shape.length; axis++) {
      long steps = Math.max(0, shape[axis] - 1);
      // Larger than any storage, but no overflow.
      last +=
          steps > 0 && strides[axis] > storage.elements() / steps
              ? storage.elements()
              : strides[axis] * steps;
    }
    if (offset < 0
        || offset > storage.elements()
        || elements > storage.elements()
        || (elements > 0 && last >= storage.elements())) {
      throw new IllegalArgumentException(
          "a tensor of shape %s, strides %s and offset %d does not fit its storage of %d numbers; expanded tensors are not supported"
              .formatted(
                  Arrays.toString(shape), Arrays.toString(strides), offset, storage.elements()));
    }
  }

  @Override
  public ElementType type() {
    return storage.type();
  }

  @Override
  public int[] shape() {
    return shape.clone();
  }

  @Override
  public byte[] codes() {
    throw new IllegalStateException("PyTorch's quantized tensors are not supported");
  }

  @Override
  public float[] floats() throws IOException {
    int elements = SourceTensor.elements(shape);
    if (elements == 0 || isContiguous()) {
      return storage.floats(offset, elements);
    }
    long last = 0;
    for (int axis = 0; axis < shape.length; axis++) {
      last += strides[axis] * (shape[axis] - 1);
    }
    float[] stretch = storage.floats(offset, SourceTensor.elements(Math.toIntExact(last + 1)));
    float[] values = new float[elements];
    int[] index = new int[shape.length];
    for (int i = 0; i < elements; i++) {
      long at = 0;
      for (int axis = 0; axis < shape.length; axis++) {
        at += index[axis] * strides[axis];
      }
      values[i] = stretch[(int) at];
      for (int axis = shape.length - 1; axis >= 0 && ++index[axis] == shape[axis]; axis--) {
        index[axis] = 0;
      }
    }
    return values;
  }

  private boolean isContiguous() {
    long expected = 1;
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      if (shape[axis] != 1 && strides[axis] != expected) {
        return false;
      }
      expected *= shape[axis];
    }
    return true;
  }
}
