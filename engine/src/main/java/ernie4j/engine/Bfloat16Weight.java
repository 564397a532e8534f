package ernie4j.engine;

import ernie4j.engine.kernels.Bfloat16;
import java.util.Arrays;
import java.util.Objects;

/**
 * A parameter in bfloat16: the upper halves of float32 numbers, so eight significant bits in half
 * the memory, with the range of float32. The array is shared, not copied.
 */
public final class Bfloat16Weight implements Weight {
  private final short[] values;
  private final int[] shape;

  /**
   * Makes a weight over an array.
   *
   * @param values the bfloat16 bits, row-major; shared, not copied
   * @param shape the shape of the parameter
   * @throws IllegalArgumentException if the shape does not fit the values
   */
  public Bfloat16Weight(short[] values, int... shape) {
    if (Tensor.elementCount(shape) != values.length) {
      throw new IllegalArgumentException(
          String.format(
              "expected %d values for shape %s, got %d",
              Tensor.elementCount(shape), Arrays.toString(shape), values.length));
    }
    this.values = values;
    this.shape = shape.clone();
  }

  /**
   * Rounds a tensor to the nearest bfloat16 numbers, half to even. NaN stays NaN.
   *
   * @param tensor the float32 values; not changed
   * @return the rounded weight, of the same shape
   */
  public static Bfloat16Weight of(Tensor tensor) {
    short[] values = new short[tensor.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = Bfloat16.round(tensor.get(i));
    }
    return new Bfloat16Weight(values, tensor.shape());
  }

  @Override
  public WeightType type() {
    return WeightType.BFLOAT16;
  }

  @Override
  public int[] shape() {
    return shape.clone();
  }

  @Override
  public Bfloat16Weight inMemory() {
    return this;
  }

  /** {@return the shared bfloat16 bits, row-major} */
  public short[] values() {
    return values;
  }

  @Override
  public void read(int offset, int count, float[] into, int to) {
    Objects.checkFromIndexSize(offset, count, values.length);
    Objects.checkFromIndexSize(to, count, into.length);
    for (int i = 0; i < count; i++) {
      into[to + i] = Bfloat16.widen(values[offset + i]);
    }
  }

  /** {@return the shape, for example {@code [312, 1248]}} */
  @Override
  public String toString() {
    return Arrays.toString(shape);
  }
}
