package ernie4j.machinecode;

/**
 * The tile of C that stays in registers.
 *
 * <p>Measured on one Zen 4 core, in GMAC/s for 16x312x1248 and 128x768x768: with 512 bit, tiles of
 * 8x3, 7x3, 6x4, 5x4, 4x4 and 12x2 reach 58.2 to 58.8 in float32 (the peak is 59) and 220 to 223 in
 * int8 (237), so they differ by less than the noise. 8x3 reads B least often of those with three
 * strips, and B is what may have to come from far; more rows would only help products that have
 * them. Writing two or four steps of the loop out changes nothing, either. With 256 bit, 6x2 leaves
 * the four registers that GELU and int8 need: 56 to 58 and 84.
 *
 * <p>With 128 bit, which is NEON, 8x2 leaves the registers for a vector of each row of A and the
 * vectors of B, so that four steps of 16 multiply-adds each need 16 loads. No processor has
 * measured it.
 *
 * @param bits width of a vector
 * @param rows rows at most
 * @param strips vectors of a row at most
 */
record Blocking(int bits, int rows, int strips) {
  /** Registers that GELU needs beside the sums, with NEON one more. */
  private static final int GELU = 4;

  /** Rows whose addresses three registers reach. */
  private static final int MOST_ROWS = 12;

  Blocking {
    int registers = Simd.registers(bits);
    int others = bits == 128 ? rows + rows / 2 + 2 * strips : strips + 2;
    if (rows > MOST_ROWS || rows * strips + Math.max(others, GELU) > registers) {
      throw new IllegalArgumentException(
          "a tile of %d rows by %d vectors does not fit into %d registers"
              .formatted(rows, strips, registers));
    }
  }

  static Blocking of(int bits) {
    return switch (bits) {
      case 512 -> new Blocking(512, 8, 3);
      case 256 -> new Blocking(256, 6, 2);
      default -> new Blocking(128, 8, 2);
    };
  }

  /**
   * How much a call does at most, if a core with 512 bit does {@code most} in time: one with 128
   * does a quarter. With 256 bit it is as much, for in float32 they were measured to be as fast.
   */
  long work(long most) {
    return bits == 128 ? most / 4 : most;
  }

  /** Values of 32 bit in a vector. */
  int lanes() {
    return bits / Float.SIZE;
  }

  /**
   * Columns that the panel of a column stores, if there are so many columns: the last panel has as
   * many vectors as are needed.
   */
  int stored(int columns, int column) {
    int first = column - column % width();
    return Math.min(width(), (columns - first + lanes() - 1) / lanes() * lanes());
  }

  /** Columns of a full panel. */
  int width() {
    return strips * lanes();
  }
}
