package ernie4j.machinecode;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;

/**
 * Codes of B {@code [rows, columns]} in panels as {@link Int8ProductCode} reads them, outside of
 * the heap and at the begin of a cache line. The last panel has as many strips as are needed;
 * codes, starts and steps of the padding are zero.
 */
final class Int8Panels {
  private static final int LINE = 64;

  private final Int8Form form;
  private final Blocking blocking;
  private final int rows;
  private final int columns;
  private final MemorySegment memory;

  /**
   * @param steps what a code of each column is worth
   */
  Int8Panels(Int8Form form, Blocking blocking, int rows, int columns, float[] steps) {
    this(form, blocking, Arena.ofAuto(), rows, columns, steps);
  }

  Int8Panels(
      Int8Form form,
      Blocking blocking,
      SegmentAllocator allocator,
      int rows,
      int columns,
      float[] steps) {
    this.form = form;
    this.blocking = blocking;
    this.rows = rows;
    this.columns = columns;
    int strips = (columns + blocking.lanes() - 1) / blocking.lanes();
    memory = allocator.allocate((long) strips * blocking.lanes() * columnBytes(), LINE);
    for (int j = 0; j < columns; j++) {
      memory.set(ValueLayout.JAVA_FLOAT, stepPlace(j), steps[j]);
    }
  }

  int rows() {
    return rows;
  }

  int columns() {
    return columns;
  }

  /** Codes that are multiplied at a time, for each column. */
  int groups() {
    return (rows + form.group() - 1) / form.group();
  }

  /** Start, codes and step of a column. */
  private int columnBytes() {
    return Integer.BYTES + groups() * form.group() + Float.BYTES;
  }

  int fullPanels() {
    return columns / blocking.width();
  }

  long panelBytes() {
    return (long) blocking.width() * columnBytes();
  }

  /** The memory from a panel on. */
  MemorySegment from(int panel) {
    return memory.asSlice(panel * panelBytes());
  }

  /** Columns that the panel of a column stores. */
  private int stored(int column) {
    int first = column - column % blocking.width();
    int lanes = blocking.lanes();
    return Math.min(blocking.width(), (columns - first + lanes - 1) / lanes * lanes);
  }

  private long startPlace(int column) {
    return column / blocking.width() * panelBytes()
        + (long) column % blocking.width() * Integer.BYTES;
  }

  private long codePlace(int row, int column) {
    int inPanel = column % blocking.width();
    int stored = stored(column);
    return column / blocking.width() * panelBytes()
        + (long) stored * Integer.BYTES
        + ((long) row / form.group() * stored + inPanel) * form.group()
        + row % form.group();
  }

  private long stepPlace(int column) {
    long codes = (long) groups() * form.group() * stored(column);
    return startPlace(column) + (long) stored(column) * Integer.BYTES + codes;
  }

  /** Copies codes {@code [height, width]}, the first to {@code (row, column)}. */
  void pack(int height, int width, byte[] b, int offset, int ld, int row, int column) {
    for (int j = 0; j < width; j++) {
      long startPlace = startPlace(column + j);
      int start = memory.get(ValueLayout.JAVA_INT, startPlace);
      for (int k = 0; k < height; k++) {
        byte code = b[offset + k * ld + j];
        long place = codePlace(row + k, column + j);
        start += form.correction() * (code - memory.get(ValueLayout.JAVA_BYTE, place));
        memory.set(ValueLayout.JAVA_BYTE, place, code);
      }
      memory.set(ValueLayout.JAVA_INT, startPlace, start);
    }
  }
}
