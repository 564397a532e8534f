package ernie4j.machinecode;

import ernie4j.engine.kernels.Int8Matrix;
import ernie4j.engine.kernels.Kernels;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;

/**
 * Codes of B {@code [rows, columns]} in panels as {@link Int8ProductCode} reads them, outside of
 * the heap and aligned to a cache line. The last panel has only as many strips as needed; codes,
 * starts and steps of the padding are zero.
 */
final class Int8Panels extends Int8Matrix implements Panels {
  private static final int LINE = 64;

  private final Int8Form form;
  private final Blocking blocking;
  private final MemorySegment memory;
  private final float[] scales;
  private final Lazy<Kernels, Int8Matrix> other = new Lazy<>(this::copyFor);

  /**
   * @param scales the absolute maximum of each column
   */
  Int8Panels(Int8Form form, Blocking blocking, int rows, int columns, float[] scales) {
    this(form, blocking, Arena.ofAuto(), rows, columns, scales);
  }

  Int8Panels(
      Int8Form form,
      Blocking blocking,
      SegmentAllocator allocator,
      int rows,
      int columns,
      float[] scales) {
    super(rows, columns, scales);
    this.form = form;
    this.blocking = blocking;
    this.scales = scales.clone();
    int strips = (columns + blocking.lanes() - 1) / blocking.lanes();
    memory = allocator.allocate((long) strips * blocking.lanes() * columnBytes(), LINE);
    for (int j = 0; j < columns; j++) {
      memory.set(ValueLayout.JAVA_FLOAT, stepPlace(j), steps()[j]);
    }
  }

  @Override
  public int groups() {
    return (rows() + form.group() - 1) / form.group();
  }

  /** Start, codes and step of a column. */
  private int columnBytes() {
    return Integer.BYTES + groups() * form.group() + Float.BYTES;
  }

  @Override
  public int fullPanels() {
    return columns() / blocking.width();
  }

  @Override
  public long panelBytes() {
    return (long) blocking.width() * columnBytes();
  }

  @Override
  public MemorySegment from(int panel) {
    return memory.asSlice(panel * panelBytes());
  }

  private long startPlace(int column) {
    return column / blocking.width() * panelBytes()
        + (long) column % blocking.width() * Integer.BYTES;
  }

  private long codePlace(int row, int column) {
    int inPanel = column % blocking.width();
    int stored = blocking.stored(columns(), column);
    return column / blocking.width() * panelBytes()
        + (long) stored * Integer.BYTES
        + ((long) row / form.group() * stored + inPanel) * form.group()
        + row % form.group();
  }

  private long stepPlace(int column) {
    long codes = (long) groups() * form.group() * blocking.stored(columns(), column);
    return startPlace(column) + (long) blocking.stored(columns(), column) * Integer.BYTES + codes;
  }

  /** The same matrix for other kernels. */
  Lazy<Kernels, Int8Matrix> other() {
    return other;
  }

  private Int8Matrix copyFor(Kernels kernels) {
    Int8Matrix copy = kernels.newInt8Matrix(rows(), columns(), scales);
    byte[] line = new byte[columns()];
    for (int row = 0; row < rows(); row++) {
      for (int column = 0; column < columns(); column++) {
        line[column] = memory.get(ValueLayout.JAVA_BYTE, codePlace(row, column));
      }
      kernels.packCodes(1, columns(), line, 0, columns(), copy, row, 0);
    }
    return copy;
  }

  @Override
  protected void copy(int height, int width, byte[] b, int bOffset, int ldb, int row, int column) {
    other.forget();
    for (int j = 0; j < width; j++) {
      long startPlace = startPlace(column + j);
      int start = memory.get(ValueLayout.JAVA_INT, startPlace);
      for (int k = 0; k < height; k++) {
        byte code = b[bOffset + k * ldb + j];
        long place = codePlace(row + k, column + j);
        start += form.correction() * (code - memory.get(ValueLayout.JAVA_BYTE, place));
        memory.set(ValueLayout.JAVA_BYTE, place, code);
      }
      memory.set(ValueLayout.JAVA_INT, startPlace, start);
    }
  }

  @Override
  public void decode(int row, int height, int column, int width, float[][] into) {
    for (int k = 0; k < height; k++) {
      for (int j = 0; j < width; j++) {
        into[k][j] = memory.get(ValueLayout.JAVA_BYTE, codePlace(row + k, column + j));
      }
    }
  }
}
