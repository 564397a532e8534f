package ernie4j.training.autograd;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A matrix {@code [rows, columns]} and, after {@link Tape#backward}, the gradient of the loss with
 * respect to it. Values start at index 0 of their array and rows stand close together; the arrays
 * of results belong to the tape, are reused in the next step and may be longer than the matrix.
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

  /** A trainable matrix whose gradient accumulates until {@link #clearGradient}. */
  public static Variable parameter(int rows, int columns, float[] value) {
    return new Variable(rows, columns, value, true, true, new float[rows * columns]);
  }

  /** A matrix of given numbers that receives no gradient. */
  public static Variable constant(int rows, int columns, float[] value) {
    return new Variable(rows, columns, value, false, false, null);
  }

  static Variable result(int rows, int columns, float[] value, boolean needsGradient) {
    return new Variable(rows, columns, value, needsGradient, false, null);
  }

  public int rows() {
    return rows;
  }

  public int columns() {
    return columns;
  }

  /** The number of values, rows x columns. */
  public int size() {
    return rows * columns;
  }

  /** The values, row by row from index 0. */
  public float[] value() {
    return value;
  }

  /** The value of a 1 x 1 matrix, for example a loss. */
  public float scalar() {
    if (size() != 1) {
      throw new IllegalStateException(
          "Variable: expected a single value, got a matrix [%d, %d]".formatted(rows, columns));
    }
    return value[0];
  }

  /** Whether the loss is differentiated with respect to this. */
  public boolean needsGradient() {
    return needsGradient;
  }

  /** Whether some gradient has arrived. */
  public boolean hasGradient() {
    return gradient != null;
  }

  /**
   * The gradient, row by row from index 0.
   *
   * @throws IllegalStateException if no gradient has arrived
   */
  public float[] gradient() {
    if (gradient == null) {
      throw new IllegalStateException("Variable: no gradient; call Tape.backward first");
    }
    return gradient;
  }

  /** Sets a parameter's gradient to zero. */
  public void clearGradient() {
    if (parameter) {
      Arrays.fill(gradient(), 0f);
    }
  }

  /** Makes an array this variable's gradient; it must not be used by another variable any more. */
  void adoptGradient(float[] values) {
    gradient = values;
  }
}
