package ernie4j.machinecode;

/**
 * Divides a product into calls. While a call runs, no garbage collection can start, so a call
 * should end within about 100 us, at the rates measured on one core: 59 multiply-adds per
 * nanosecond in float32, 118 in bfloat16 and 230 in int8.
 *
 * <p>Rows are divided evenly among tiles, so that nine rows become 5 + 4 and not 8 + 1; this gives
 * tiles of two heights, each with its own function. Both heights read a few panels from the cache
 * before the next panels are loaded.
 */
final class Work {
  /** The largest number of multiply-adds in a call, as far as possible. */
  static final long FLOAT32 = 4_000_000;

  static final long BFLOAT16 = 8_000_000;

  static final long INT8 = 16_000_000;

  /** The largest number of values that a call converts, as far as possible. */
  static final int CONVERTED = 200_000;

  /** The bytes of B that stay in the second-level cache while all rows use them. */
  private static final int PANEL_BYTES = 384 << 10;

  private Work() {}

  /** Tiles of rows with the same height. */
  interface Part {
    /** Computes {@code tiles} tiles of {@code rows} rows, starting at {@code row}. */
    void run(int row, int rows, int tiles);
  }

  /** The number of panels in a call. */
  static int panels(long limit, int m, int depth, int width, long panelBytes) {
    long byWork = limit / ((long) m * depth * width);
    long byCache = PANEL_BYTES / panelBytes;
    return (int) Math.max(1, Math.min(byWork, byCache));
  }

  /**
   * The number of products that a sum in float32 adds in one call.
   *
   * @param limit the largest number of multiply-adds in a call
   * @param perStep the multiply-adds of a tile for each of these products
   */
  static int depth(long limit, int all, long perStep) {
    return (int) Math.max(1, Math.min(all, limit / perStep));
  }

  /**
   * Divides m rows into tiles and calls.
   *
   * @param most the largest height of a tile
   * @param perRow the multiply-adds that a row needs in this call
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
