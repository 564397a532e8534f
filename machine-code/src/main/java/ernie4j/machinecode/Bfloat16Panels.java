package ernie4j.machinecode;

import ernie4j.engine.kernels.Bfloat16;
import ernie4j.engine.kernels.Kernels;
import ernie4j.engine.kernels.PackedMatrix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;

/**
 * B {@code [rows, columns]} in panels as {@link Bfloat16ProductCode} reads them, outside of the
 * heap and aligned to a cache line. The last panel has only as many strips as needed; an odd last
 * row and the columns after the last one are padded with zeros.
 */
final class Bfloat16Panels extends PackedMatrix implements Panels {
  private static final int LINE = 64;

  /** The numbers of a column that one step multiplies. */
  private static final int GROUP = 2;

  private final Blocking blocking;
  private final SegmentAllocator allocator;
  private final Lazy<Kernels, PackedMatrix> other = new Lazy<>(this::copyFor);
  private MemorySegment values = MemorySegment.NULL;

  Bfloat16Panels(Blocking blocking, int rows, int columns) {
    this(blocking, (bytes, alignment) -> Arena.ofAuto().allocate(bytes, alignment), rows, columns);
  }

  Bfloat16Panels(Blocking blocking, SegmentAllocator allocator, int rows, int columns) {
    this.blocking = blocking;
    this.allocator = allocator;
    reshape(rows, columns);
  }

  @Override
  protected void resize() {
    other.forget();
    int lanes = blocking.lanes();
    long bytes = (columns() + lanes - 1L) / lanes * lanes * groups() * GROUP * Short.BYTES;
    if (values.byteSize() < bytes) {
      values = allocator.allocate(bytes, LINE);
    } else {
      values.fill((byte) 0);
    }
  }

  @Override
  public int groups() {
    return (rows() + GROUP - 1) / GROUP;
  }

  @Override
  public int fullPanels() {
    return columns() / blocking.width();
  }

  @Override
  public long panelBytes() {
    return (long) groups() * blocking.width() * GROUP * Short.BYTES;
  }

  @Override
  public MemorySegment from(int panel) {
    return values.asSlice(panel * panelBytes());
  }

  private long place(int row, int column) {
    int width = blocking.width();
    int panel = column / width;
    int stored = blocking.stored(columns(), column);
    long index = ((long) (row / GROUP) * stored + column % width) * GROUP + row % GROUP;
    return panel * panelBytes() + index * Short.BYTES;
  }

  private void set(int row, int column, float value) {
    values.set(ValueLayout.JAVA_SHORT, place(row, column), Bfloat16.round(value));
  }

  /** The same matrix for other kernels. */
  Lazy<Kernels, PackedMatrix> other() {
    return other;
  }

  private PackedMatrix copyFor(Kernels kernels) {
    PackedMatrix copy = kernels.newBfloat16Matrix(rows(), columns());
    float[] line = new float[columns()];
    for (int row = 0; row < rows(); row++) {
      for (int column = 0; column < columns(); column++) {
        short bits = values.get(ValueLayout.JAVA_SHORT, place(row, column));
        line[column] = Bfloat16.widen(bits);
      }
      kernels.packBlock(1, columns(), line, 0, columns(), copy, row, 0);
    }
    return copy;
  }

  @Override
  protected void copy(int height, int width, float[] b, int bOffset, int ldb, int row, int column) {
    other.forget();
    for (int k = 0; k < height; k++) {
      for (int j = 0; j < width; j++) {
        set(row + k, column + j, b[bOffset + k * ldb + j]);
      }
    }
  }

  @Override
  protected void copyTransposed(float[] b, int bOffset, int ldb, int column, int count) {
    other.forget();
    for (int j = 0; j < count; j++) {
      for (int k = 0; k < rows(); k++) {
        set(k, column + j, b[bOffset + j * ldb + k]);
      }
    }
  }
}
