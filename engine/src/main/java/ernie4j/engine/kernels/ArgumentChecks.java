package ernie4j.engine.kernels;

/** What {@link CheckedKernels} asks of every array, and how it says what is wrong. */
final class ArgumentChecks {
  private ArgumentChecks() {}

  static void elementwise(
      String operation, int n, String name, float[] x, int xOffset, float[] y, int yOffset) {
    range(operation, name, n, x, xOffset);
    range(operation, "output", n, y, yOffset);
    if (x != y || xOffset != yOffset) {
      noOverlap(operation, name, x, xOffset, n, "output", y, yOffset, n);
    }
  }

  static void sameOrDisjoint(
      String operation,
      String name,
      float[] x,
      int xOffset,
      int ldx,
      float[] y,
      int yOffset,
      int ldy,
      int rows,
      int columns) {
    if (x == y && xOffset == yOffset && ldx == ldy) {
      return;
    }
    noOverlap(
        operation,
        name,
        x,
        xOffset,
        span(rows, columns, ldx),
        "y",
        y,
        yOffset,
        span(rows, columns, ldy));
  }

  /** How many values a matrix spans from its first to its last element. */
  static int span(int rows, int columns, int ld) {
    return (rows - 1) * ld + columns;
  }

  static void matrix(
      String operation, String name, int rows, int columns, float[] values, int offset, int ld) {
    matrix(operation, name, rows, columns, values.length, offset, ld);
  }

  static void matrix(
      String operation, String name, int rows, int columns, int length, int offset, int ld) {
    atLeastOne(operation, "rows", rows);
    atLeastOne(operation, "columns", columns);
    if (ld < columns) {
      throw error(
          operation, name + " with a leading dimension of at least " + columns, String.valueOf(ld));
    }
    long end = offset + (rows - 1L) * ld + columns;
    if (offset < 0 || end > length) {
      throw error(
          operation,
          "%s [%d, %d] within its array of %d values".formatted(name, rows, columns, length),
          "values [%d, %d)".formatted(offset, end));
    }
  }

  static void range(String operation, String name, int n, float[] values, int offset) {
    atLeastOne(operation, "length", n);
    if (offset < 0 || n > values.length - offset) {
      throw error(
          operation,
          "%s within its array of %d values".formatted(name, values.length),
          "values [%d, %d)".formatted(offset, offset + (long) n));
    }
  }

  /** Checks {@code [first, first + count)}, a count of at least 1, against what a matrix has. */
  static void within(String operation, String name, int first, int count, int size) {
    if (first < 0 || count > size - first) {
      throw error(
          operation,
          "%s within [0, %d)".formatted(name, size),
          "[%d, %d)".formatted(first, first + (long) count));
    }
  }

  static void atLeastOne(String operation, String name, int value) {
    if (value < 1) {
      throw error(operation, name + " of at least 1", String.valueOf(value));
    }
  }

  static void noOverlap(
      String operation,
      String xName,
      float[] x,
      int xOffset,
      int xLength,
      String yName,
      float[] y,
      int yOffset,
      int yLength) {
    if (x == y && xOffset < yOffset + yLength && yOffset < xOffset + xLength) {
      throw error(
          operation,
          "%s and %s that do not overlap".formatted(xName, yName),
          "[%d, %d) and [%d, %d) of one array"
              .formatted(xOffset, xOffset + xLength, yOffset, yOffset + yLength));
    }
  }

  static IllegalArgumentException error(String operation, String expected, String got) {
    return new IllegalArgumentException(
        "%s: expected %s, got %s".formatted(operation, expected, got));
  }
}
