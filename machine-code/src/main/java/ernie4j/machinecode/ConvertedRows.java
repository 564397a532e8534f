package ernie4j.machinecode;

import java.lang.foreign.MemorySegment;

/**
 * Rows of A in the format of the multiplication. Each starts at a cache line; the line before it
 * may hold data that belongs to it.
 *
 * @param stride bytes between rows
 */
record ConvertedRows(MemorySegment memory, long stride) {
  private static final int LINE = ThreadMemory.LINE;

  /** Reserves memory for some rows in the scratch memory of this thread. */
  static ConvertedRows in(ThreadMemory scratch, int rows, long rowBytes) {
    long stride = LINE + (rowBytes + LINE - 1) / LINE * LINE;
    return new ConvertedRows(scratch.get(rows * stride), stride);
  }

  MemorySegment row(int row) {
    return memory.asSlice(row * stride + LINE);
  }

  /**
   * Converts the first rows with a function.
   *
   * @param a {@code [rows, columns]} of floats
   * @param argument passed to the function
   */
  void convert(
      MemorySegment function,
      int rows,
      int columns,
      MemorySegment a,
      int lda,
      Blocking blocking,
      long argument) {
    int lanes = blocking.lanes();
    int each = Math.max(1, Work.CONVERTED / columns);
    for (int row = 0; row < rows; row += each) {
      int count = Math.min(each, rows - row);
      NativeCall.call(
          function,
          Operands.part(a, (long) row * lda, count, columns, lda),
          row(row),
          MemorySegment.NULL,
          MemorySegment.NULL,
          Operands.bytes(lda),
          stride,
          count,
          columns / lanes,
          argument,
          Simd.partial(blocking.bits(), columns % lanes));
    }
  }
}
