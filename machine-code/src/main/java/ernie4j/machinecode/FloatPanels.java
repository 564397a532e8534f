package ernie4j.machinecode;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;

/**
 * B {@code [rows, columns]} in panels as {@link FloatProductCode} reads them, outside of the heap
 * and at the begin of a cache line. The last panel has as many strips as are needed, padded with
 * zeros.
 */
final class FloatPanels {
  private static final int LINE = 64;

  private final Blocking blocking;
  private final SegmentAllocator allocator;
  private int rows;
  private int columns;
  private MemorySegment values = MemorySegment.NULL;

  FloatPanels(Blocking blocking, int rows, int columns) {
    this(blocking, (bytes, alignment) -> Arena.ofAuto().allocate(bytes, alignment), rows, columns);
  }

  FloatPanels(Blocking blocking, SegmentAllocator allocator, int rows, int columns) {
    this.blocking = blocking;
    this.allocator = allocator;
    reshape(rows, columns);
  }

  int rows() {
    return rows;
  }

  int columns() {
    return columns;
  }

  void reshape(int newRows, int newColumns) {
    rows = newRows;
    columns = newColumns;
    int lanes = blocking.lanes();
    long bytes = (columns + lanes - 1L) / lanes * lanes * rows * Float.BYTES;
    if (values.byteSize() < bytes) {
      values = allocator.allocate(bytes, LINE);
    } else if (columns % lanes != 0) {
      clearLastStrip();
    }
  }

  private void clearLastStrip() {
    int lanes = blocking.lanes();
    int first = columns / lanes * lanes;
    for (int k = 0; k < rows; k++) {
      values.asSlice(place(k, first), (long) lanes * Float.BYTES).fill((byte) 0);
    }
  }

  /** Panels that are as wide as they can be. */
  int fullPanels() {
    return columns / blocking.width();
  }

  long panelBytes() {
    return (long) rows * blocking.width() * Float.BYTES;
  }

  /** The memory from a row of a panel on. */
  MemorySegment from(int panel, int row) {
    return values.asSlice(place(row, panel * blocking.width()));
  }

  private long place(int row, int column) {
    int width = blocking.width();
    int lanes = blocking.lanes();
    int panel = column / width;
    int stored = Math.min(width, (columns - panel * width + lanes - 1) / lanes * lanes);
    long index = (long) panel * width * rows + (long) row * stored + column % width;
    return index * Float.BYTES;
  }

  /** Copies {@code b[height, count]} to the rows from {@code row} and columns from {@code column}. */
  void pack(int height, int count, float[] b, int offset, int ld, int row, int column) {
    for (int done = 0; done < count; ) {
      int run = Math.min(count - done, blocking.width() - (column + done) % blocking.width());
      for (int k = 0; k < height; k++) {
        long to = place(row + k, column + done);
        MemorySegment.copy(b, offset + k * ld + done, values, ValueLayout.JAVA_FLOAT, to, run);
      }
      done += run;
    }
  }

  /** Copies the transpose of {@code b[count, rows]} to the columns from {@code column} on. */
  void packTransposed(float[] b, int offset, int ld, int column, int count) {
    for (int j = 0; j < count; j++) {
      long to = place(0, column + j);
      long step = rows == 1 ? 0 : place(1, column + j) - to;
      for (int k = 0; k < rows; k++) {
        values.set(ValueLayout.JAVA_FLOAT, to + k * step, b[offset + j * ld + k]);
      }
    }
  }
}
