package ernie4j.machinecode;

import ernie4j.engine.kernels.Kernels;
import ernie4j.engine.kernels.PackedMatrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;

/**
 * B {@code [rows, columns]} in panels as {@link FloatProductCode} reads them, outside of the heap
 * and aligned to a cache line. The last panel has only as many strips as needed, padded with zeros.
 */
final class FloatPanels extends PackedMatrix {
  private static final int LINE = 64;

  private final Blocking blocking;
  private final SegmentAllocator allocator;
  private final Lazy<Kernels, PackedMatrix> other = new Lazy<>(this::copyFor);
  private MemorySegment values = MemorySegment.NULL;

  FloatPanels(Blocking blocking, int rows, int columns) {
    this(blocking, (bytes, alignment) -> Arena.ofAuto().allocate(bytes, alignment), rows, columns);
  }

  FloatPanels(Blocking blocking, SegmentAllocator allocator, int rows, int columns) {
    this.blocking = blocking;
    this.allocator = allocator;
    reshape(rows, columns);
  }

  @Override
  protected void resize() {
    other.forget();
    int lanes = blocking.lanes();
    long bytes = (columns() + lanes - 1L) / lanes * lanes * rows() * Float.BYTES;
    if (values.byteSize() < bytes) {
      values = allocator.allocate(bytes, LINE);
    } else if (columns() % lanes != 0) {
      clearLastStrip();
    }
  }

  private void clearLastStrip() {
    int lanes = blocking.lanes();
    int first = columns() / lanes * lanes;
    for (int k = 0; k < rows(); k++) {
      values.asSlice(place(k, first), (long) lanes * Float.BYTES).fill((byte) 0);
    }
  }

  /** The number of panels with full width. */
  int fullPanels() {
    return columns() / blocking.width();
  }

  long panelBytes() {
    return (long) rows() * blocking.width() * Float.BYTES;
  }

  /** The memory that starts at a row of a panel. */
  MemorySegment from(int panel, int row) {
    return values.asSlice(place(row, panel * blocking.width()));
  }

  private long place(int row, int column) {
    int width = blocking.width();
    int panel = column / width;
    int stored = blocking.stored(columns(), column);
    long index = (long) panel * width * rows() + (long) row * stored + column % width;
    return index * Float.BYTES;
  }

  /** The same matrix for other kernels. */
  Lazy<Kernels, PackedMatrix> other() {
    return other;
  }

  private PackedMatrix copyFor(Kernels kernels) {
    PackedMatrix copy = kernels.newPackedMatrix(rows(), columns());
    float[] line = new float[columns()];
    for (int row = 0; row < rows(); row++) {
      for (int column = 0; column < columns(); column += blocking.width()) {
        int run = Math.min(blocking.width(), columns() - column);
        long from = place(row, column);
        MemorySegment.copy(values, ValueLayout.JAVA_FLOAT, from, line, column, run);
      }
      kernels.packBlock(1, columns(), line, 0, columns(), copy, row, 0);
    }
    return copy;
  }

  @Override
  protected void copy(int height, int width, float[] b, int bOffset, int ldb, int row, int column) {
    other.forget();
    for (int done = 0; done < width; ) {
      int run = Math.min(width - done, blocking.width() - (column + done) % blocking.width());
      for (int k = 0; k < height; k++) {
        long to = place(row + k, column + done);
        MemorySegment.copy(b, bOffset + k * ldb + done, values, ValueLayout.JAVA_FLOAT, to, run);
      }
      done += run;
    }
  }

  /** Packs a few columns at a time: one stream to read for each, and a whole line to write. */
  @Override
  protected void copyTransposed(float[] b, int bOffset, int ldb, int column, int count) {
    other.forget();
    float[] line = new float[blocking.lanes()];
    int lanes = blocking.lanes();
    for (int done = 0; done < count; ) {
      int run = Math.min(count - done, lanes - (column + done) % lanes);
      long to = place(0, column + done);
      long step = place(1, column + done) - to;
      for (int k = 0; k < rows(); k++) {
        int from = bOffset + done * ldb + k;
        for (int j = 0; j < run; j++) {
          line[j] = b[from + j * ldb];
        }
        MemorySegment.copy(line, 0, values, ValueLayout.JAVA_FLOAT, to + k * step, run);
      }
      done += run;
    }
  }
}
