package ernie4j.training.autograd;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A matrix {@code [rows, columns]} and, after {@link Tape#backward}, the gradient of the loss with
 * respect to it. Values start at index 0 of their array, without gaps between rows. The arrays of
 * results belong to the tape, are reused in the next step and may be longer than the matrix.
 */
public final class Variable {
  private final int rows;
  private final int columns;
  private final float[] value;
  private final boolean needsGradient;
  private final boolean parameter;
  private float @Nullable [] gradient;

  private Variable(
      int rows,
      int columns,
      float[] value,
      boolean needsGradient,
      boolean parameter,
      float @Nullable [] gradient) {
    this.rows = rows;
    this.columns = columns;
    this.value = value;
    this.needsGradient = needsGradient;
    this.parameter = parameter;
    this.gradient = gradient;
  }

  /**
   * Creates a trainable matrix, whose gradient accumulates until {@link #clearGradient}.
   *
   * @param rows the number of rows
   * @param columns the number of columns
   * @param value at least rows x columns values, row by row; shared, not copied
   * @return a parameter whose gradient is zero
   */
  public static Variable parameter(int rows, int columns, float[] value) {
    return new Variable(rows, columns, value, true, true, new float[rows * columns]);
  }

  /**
   * Creates a matrix that receives no gradient.
   *
   * @param rows the number of rows
   * @param columns the number of columns
   * @param value at least rows x columns values, row by row; shared, not copied
   * @return a constant
   */
  public static Variable constant(int rows, int columns, float[] value) {
    return new Variable(rows, columns, value, false, false, null);
  }

  static Variable result(int rows, int columns, float[] value, boolean needsGradient) {
    return new Variable(rows, columns, value, needsGradient, false, null);
  }

  /** {@return the number of rows} */
  public int rows() {
    return rows;
  }

  /** {@return the number of columns} */
  public int columns() {
    return columns;
  }

  /** {@return the number of values, rows x columns} */
  public int size() {
    return rows * columns;
  }

  /**
   * {@return the values, row by row from index 0; shared, not copied, and perhaps longer than
   * {@link #size}}
   */
  public float[] value() {
    return value;
  }

  /**
   * The value of a matrix with a single element, for example a loss.
   *
   * @return the value
   * @throws IllegalStateException if the matrix is not [1, 1]
   */
  public float scalar() {
    if (size() != 1) {
      throw new IllegalStateException(
          "Variable: expected a single value, got a matrix [%d, %d]".formatted(rows, columns));
    }
    return value[0];
  }

  /** {@return whether gradients are computed with respect to this matrix} */
  public boolean needsGradient() {
    return needsGradient;
  }

  /** {@return whether a gradient has arrived} */
  public boolean hasGradient() {
    return gradient != null;
  }

  /**
   * The gradient of the loss with respect to this matrix.
   *
   * @return as many values as {@link #size}, row by row from index 0; shared, not copied, and
   *     perhaps longer
   * @throws IllegalStateException if no gradient has arrived
   */
  public float[] gradient() {
    if (gradient == null) {
      throw new IllegalStateException("Variable: no gradient; call Tape.backward first");
    }
    return gradient;
  }

  /** Sets the gradient of a parameter to zero. */
  public void clearGradient() {
    if (parameter) {
      Arrays.fill(gradient(), 0f);
    }
  }

  /** Makes an array the gradient of this variable. No other variable may use it any more. */
  void adoptGradient(float[] values) {
    gradient = values;
  }
}
