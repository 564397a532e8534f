package ernie4j.machinecode;

/**
 * How a product is cut into calls. While a call runs, no collection can start, so it should end
 * within some 100 us: at the rates measured on one core, 59 multiply-adds a nanosecond in float32,
 * 118 in bfloat16 and 230 in int8.
 *
 * <p>Rows are shared out evenly among tiles, so that nine rows are 5 + 4 and not 8 + 1; this makes
 * tiles of two heights, each with a function of its own. Both read a few panels from the cache
 * before the next ones come.
 */
final class Work {
  /** Multiply-adds of a call, at most where that is possible. */
  static final long FLOAT32 = 4_000_000;

  static final long BFLOAT16 = 8_000_000;

  static final long INT8 = 16_000_000;

  /** Values that a call converts, at most where that is possible. */
  static final int CONVERTED = 200_000;

  /** Bytes of B that stay in the second-level cache while rows go over them. */
  private static final int PANEL_BYTES = 384 << 10;

  private Work() {}

  /** Tiles of rows with the same height. */
  interface Part {
    /** Computes {@code tiles} tiles of {@code rows} rows from {@code row} on. */
    void run(int row, int rows, int tiles);
  }

  /** How many panels a call covers. */
  static int panels(long limit, int m, int depth, int width, long panelBytes) {
    long byWork = limit / ((long) m * depth * width);
    long byCache = PANEL_BYTES / panelBytes;
    return (int) Math.max(1, Math.min(byWork, byCache));
  }

  /**
   * How many products a sum in float32 adds in one call.
   *
   * @param limit multiply-adds of a call at most
   * @param perStep multiply-adds of a tile for each of them
   */
  static int depth(long limit, int all, long perStep) {
    return (int) Math.max(1, Math.min(all, limit / perStep));
  }

  /**
   * Goes over m rows.
   *
   * @param most the height of a tile at most
   * @param perRow multiply-adds that a row needs in this call
   */
  static void rows(long limit, int m, int most, long perRow, Part part) {
    int tiles = (m + most - 1) / most;
    int low = m / tiles;
    int high = m % tiles;
    int row = tiles(limit, 0, low + 1, high, perRow, part);
    tiles(limit, row, low, tiles - high, perRow, part);
  }

  private static int tiles(long limit, int from, int rows, int tiles, long perRow, Part part) {
    int row = from;
    int each = (int) Math.max(1, limit / (rows * perRow));
    for (int done = 0; done < tiles; done += each) {
      int count = Math.min(each, tiles - done);
      part.run(row, rows, count);
      row += rows * count;
    }
    return row;
  }
}
