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
    for (int done = 0; done < width; ) {
      int run = Math.min(width - done, blocking.width() - (column + done) % blocking.width());
      copyToPanel(height, run, b, bOffset + done, ldb, row, column + done);
      done += run;
    }
  }

  /**
   * Copies columns of one panel. Works on arrays, because before it is compiled, which is when
   * models are loaded, an access to memory outside of the heap takes hundreds of instructions.
   */
  private void copyToPanel(
      int height, int width, byte[] b, int bOffset, int ldb, int row, int column) {
    int group = form.group();
    int inPanel = column % blocking.width();
    int stored = blocking.stored(columns(), column);
    int firstRow = row - row % group;
    int depth = (row + height - firstRow + group - 1) / group;
    byte[] codes = new byte[depth * stored * group];
    int[] starts = new int[width];
    long codesPlace = codePlace(firstRow, column - inPanel);
    long startsPlace = startPlace(column);
    MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, codesPlace, codes, 0, codes.length);
    MemorySegment.copy(memory, ValueLayout.JAVA_INT, startsPlace, starts, 0, width);
    for (int k = 0; k < height; k++) {
      int inBlock = row + k - firstRow;
      int to = (inBlock / group * stored + inPanel) * group + inBlock % group;
      int from = bOffset + k * ldb;
      for (int j = 0; j < width; j++, to += group) {
        byte code = b[from + j];
        starts[j] += form.correction() * (code - codes[to]);
        codes[to] = code;
      }
    }
    MemorySegment.copy(codes, 0, memory, ValueLayout.JAVA_BYTE, codesPlace, codes.length);
    MemorySegment.copy(starts, 0, memory, ValueLayout.JAVA_INT, startsPlace, width);
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
