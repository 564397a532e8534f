package ernie4j.machinecode;

import java.lang.foreign.MemorySegment;

/**
 * Arrays as operands of generated code. Callers have already checked their arguments, with helpful
 * messages. But generated code checks nothing, so every operand is a slice of its array, and every
 * call gets a slice of that. Slicing throws an {@link IndexOutOfBoundsException} if it is out of
 * bounds.
 */
final class Operands {
  private Operands() {}

  /** A matrix {@code [rows, columns]} in an array, from its first value to its last one. */
  static MemorySegment matrix(float[] values, int offset, int rows, int columns, int ld) {
    if (rows < 1 || columns < 1 || ld < columns) {
      throw new IndexOutOfBoundsException(
          "a matrix [%d, %d] with leading dimension %d".formatted(rows, columns, ld));
    }
    return MemorySegment.ofArray(values).asSlice(bytes(offset), bytes((rows - 1L) * ld + columns));
  }

  /** The first values of an array. */
  static MemorySegment values(float[] values, int count) {
    return MemorySegment.ofArray(values).asSlice(0, bytes(count));
  }

  /** The part of an operand that is a matrix {@code [rows, columns]}, starting at a value. */
  static MemorySegment part(MemorySegment operand, long from, int rows, int columns, int ld) {
    return operand.asSlice(bytes(from), bytes((rows - 1L) * ld + columns));
  }

  static long bytes(long values) {
    return values * Float.BYTES;
  }
}
