package ernie4j.machinecode;

/**
 * How a product is split into calls. No garbage collection can start during a call, so it should
 * end within some 100 us. The rates measured on one core are 59 multiply-adds per nanosecond in
 * float32, 118 in bfloat16 and 230 in int8.
 *
 * <p>Rows are distributed evenly over tiles, so that nine rows become 5 + 4 rather than 8 + 1. This
 * creates tiles of two heights, each with its own function. Both read a few panels from the cache
 * before the next ones follow.
 */
final class Work {
  /** The most multiply-adds in a call, if possible. */
  static final long FLOAT32 = 4_000_000;

  static final long BFLOAT16 = 8_000_000;

  static final long INT8 = 16_000_000;

  /** The most values that a call converts, if possible. */
  static final int CONVERTED = 200_000;

  /** Bytes of B that stay in the second-level cache while rows are processed. */
  private static final int PANEL_BYTES = 384 << 10;

  private Work() {}

  /** Tiles of rows of the same height. */
  interface Part {
    /** Computes {@code tiles} tiles of {@code rows} rows from {@code row} on. */
    void run(int row, int rows, int tiles);
  }

  /** The number of panels in a call. */
  static int panels(long limit, int m, int depth, int width, long panelBytes) {
    long byWork = limit / ((long) m * depth * width);
    long byCache = PANEL_BYTES / panelBytes;
    return (int) Math.max(1, Math.min(byWork, byCache));
  }

  /**
   * The number of products that a float32 sum adds in one call.
   *
   * @param perStep multiply-adds of a tile for each product
   */
  static int depth(int all, long perStep) {
    return (int) Math.max(1, Math.min(all, FLOAT32 / perStep));
  }

  /**
   * Iterates over m rows.
   *
   * @param most the largest height of a tile
   * @param perRow the number of multiply-adds of a row in this call
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
