package ernie4j.zoo.onnx;

import ernie4j.engine.Tensor;
import ernie4j.zoo.conversion.ElementType;
import ernie4j.zoo.conversion.SourceTensor;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Codes of one byte with their values: {@code (code - zero point) * step}, with one step and zero
 * point for all codes or for each row or column of a matrix.
 *
 * @param codes INT8 or UINT8, a matrix
 * @param steps one, or one for each index of the axis
 * @param zeroPoints as many, or none if all are 0
 * @param axis 0 for rows, 1 for columns
 */
record QuantizedTensor(
    OnnxTensor codes, OnnxTensor steps, @Nullable OnnxTensor zeroPoints, int axis) {

  /** Whether these tensors can belong together. */
  static boolean fits(
      OnnxTensor codes, OnnxTensor steps, @Nullable OnnxTensor zeroPoints, int axis) {
    int[] shape = codes.shape();
    int negative = axis < 0 ? axis + 2 : axis;
    return (codes.is(ElementType.INT8) || codes.is(ElementType.UINT8))
        && shape.length == 2
        && (negative == 0 || negative == 1)
        && steps.is(ElementType.FLOAT32)
        && (steps.elements() == 1 || steps.elements() == shape[negative])
        && (zeroPoints == null
            || (zeroPoints.is(codes.type()) && zeroPoints.elements() == steps.elements()));
  }

  /** Axes count from the end if they are negative. */
  QuantizedTensor {
    axis = axis < 0 ? axis + 2 : axis;
  }

  private boolean isUnsigned() {
    return codes.is(ElementType.UINT8);
  }

  private int zeroPoint(byte @Nullable [] points, int index) {
    int point = points == null ? 0 : points[points.length == 1 ? 0 : index];
    return isUnsigned() ? point & 255 : point;
  }

  private byte @Nullable [] points() throws IOException {
    return zeroPoints == null ? null : zeroPoints.codes();
  }

  /** Whether 0 has the code 0 everywhere, or 128 among unsigned ones. */
  boolean isSymmetric() throws IOException {
    byte[] points = points();
    int middle = isUnsigned() ? 128 : 0;
    for (int i = 0; i < (points == null ? 1 : points.length); i++) {
      if (zeroPoint(points, i) != middle) {
        return false;
      }
    }
    return true;
  }

  /** Whether there is one step for all or one for each index of an axis. */
  boolean hasStepsAlong(int wanted) {
    return axis == wanted || steps.elements() == 1;
  }

  /** The codes of a symmetric tensor as INT8. */
  SourceTensor symmetricCodes() {
    return new SourceTensor() {
      @Override
      public ElementType type() {
        return ElementType.INT8;
      }

      @Override
      public int[] shape() {
        return codes.shape();
      }

      @Override
      public float[] floats() {
        throw new IllegalStateException("codes are not floats");
      }

      @Override
      public byte[] codes() throws IOException {
        byte[] values = codes.codes();
        for (int i = 0; isUnsigned() && i < values.length; i++) {
          values[i] ^= (byte) 128;
        }
        return values;
      }
    };
  }

  /**
   * The scales in this project's sense, 127 times the steps.
   *
   * @param count how many; one step is repeated
   */
  SourceTensor scales(int count) throws IOException {
    float[] all = steps.floats();
    float[] scales = new float[count];
    for (int i = 0; i < count; i++) {
      scales[i] = scale(all[all.length == 1 ? 0 : i]);
    }
    return SourceTensor.of(Tensor.of(scales, count));
  }

  /** The scale that gives a step when it is divided by 127, if a float does. */
  static float scale(float step) {
    float scale = step * 127;
    for (float candidate : new float[] {Math.nextDown(scale), Math.nextUp(scale)}) {
      if (scale / 127 != step && candidate / 127 == step) {
        return candidate;
      }
    }
    return scale;
  }

  /** The numbers that the codes stand for. */
  SourceTensor dequantized() {
    return SourceTensor.of(ElementType.FLOAT32, codes.shape(), this::values);
  }

  private float[] values() throws IOException {
    byte[] all = codes.codes();
    byte[] points = points();
    float[] factors = steps.floats();
    int columns = codes.shape()[1];
    float[] values = new float[all.length];
    for (int i = 0; i < values.length; i++) {
      int index = axis == 0 ? i / columns : i % columns;
      int code = isUnsigned() ? all[i] & 255 : all[i];
      values[i] = (code - zeroPoint(points, index)) * factors[factors.length == 1 ? 0 : index];
    }
    return values;
  }
}
