package ernie4j.zoo.conversion;

import ernie4j.engine.Tensor;
import java.io.IOException;
import java.util.Arrays;

/**
 * A tensor of another framework's file. Its numbers are read on demand, so what no encoder needs is
 * never in memory; they are available as long as the file is open.
 */
public interface SourceTensor {
  /** The type of the numbers in the file. */
  ElementType type();

  /** A copy of the shape; empty for a single number. */
  int[] shape();

  /**
   * All numbers as floats, row by row; see {@link ElementType#decode} for the rounding.
   *
   * @throws IOException if the file is damaged or cannot be read
   */
  float[] floats() throws IOException;

  /**
   * All numbers of an INT8 tensor, row by row.
   *
   * @throws IllegalStateException if the type is another
   * @throws IOException if the file is damaged or cannot be read
   */
  byte[] codes() throws IOException;

  /** A tensor that is in memory. */
  static SourceTensor of(Tensor tensor) {
    return of(ElementType.FLOAT32, tensor.shape(), tensor::toArray);
  }

  /** Something that can be read. */
  @FunctionalInterface
  interface Reading {
    float[] read() throws IOException;
  }

  /** A tensor without codes whose floats come from a function. */
  static SourceTensor of(ElementType type, int[] shape, Reading floats) {
    return new SourceTensor() {
      @Override
      public ElementType type() {
        return type;
      }

      @Override
      public int[] shape() {
        return shape.clone();
      }

      @Override
      public float[] floats() throws IOException {
        return floats.read();
      }

      @Override
      public byte[] codes() {
        throw new IllegalStateException("expected INT8 codes, got " + type);
      }
    };
  }

  /** The transpose of a matrix: torch keeps linear layers as [out, in]. */
  default SourceTensor transposed() {
    int[] shape = shape();
    if (shape.length != 2) {
      throw new IllegalStateException("expected a matrix, got " + Arrays.toString(shape));
    }
    return of(
        type(),
        new int[] {shape[1], shape[0]},
        () -> {
          float[] values = floats();
          float[] result = new float[values.length];
          for (int i = 0; i < shape[0]; i++) {
            for (int j = 0; j < shape[1]; j++) {
              result[j * shape[0] + i] = values[i * shape[1] + j];
            }
          }
          return result;
        });
  }

  /**
   * The number of elements of a shape.
   *
   * @throws IllegalArgumentException if a dimension is negative or there are more than 2^31-1
   */
  static int elements(int... shape) {
    long count = 1;
    for (int dimension : shape) {
      count *= dimension;
      if (dimension < 0 || count > Integer.MAX_VALUE - 8) {
        throw new IllegalArgumentException(
            "the shape %s is negative or has more elements than an array can hold"
                .formatted(Arrays.toString(shape)));
      }
    }
    return (int) count;
  }
}
