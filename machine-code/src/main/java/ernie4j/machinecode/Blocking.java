package ernie4j.machinecode;

/**
 * The tile of C that stays in registers.
 *
 * <p>Measured on one Zen 4 core, in GMAC/s for 16x312x1248 and 128x768x768: with 512 bit, tiles of
 * 8x3, 7x3, 6x4, 5x4, 4x4 and 12x2 reach 58.2 to 58.8 in float32 (the peak is 59) and 220 to 223 in
 * int8 (237), so they differ by less than the noise. Of those with three strips, 8x3 reads B least
 * often, and B may have to come from memory; more rows would only help products that have them.
 * Unrolling the loop two or four times makes no difference either. With 256 bit, 6x2 leaves the
 * four registers that GELU and int8 need: 56 to 58 and 84.
 *
 * @param bits width of a vector in bits
 * @param rows largest number of rows
 * @param strips largest number of vectors in a row
 */
record Blocking(int bits, int rows, int strips) {
  /** Registers that GELU needs besides the sums. */
  private static final int GELU = 4;

  /** How many rows three address registers reach. */
  private static final int MOST_ROWS = 12;

  Blocking {
    int registers = Simd.registers(bits);
    if (rows > MOST_ROWS || rows * strips + Math.max(strips + 2, GELU) > registers) {
      throw new IllegalArgumentException(
          "a tile of %d rows by %d vectors does not fit into %d registers"
              .formatted(rows, strips, registers));
    }
  }

  static Blocking of(int bits) {
    return bits == 512 ? new Blocking(512, 8, 3) : new Blocking(256, 6, 2);
  }

  /** The number of 32-bit values in a vector. */
  int lanes() {
    return bits / Float.SIZE;
  }

  /**
   * How many columns the panel of a column stores if the matrix has this many columns: the last
   * panel has only as many vectors as needed.
   */
  int stored(int columns, int column) {
    int first = column - column % width();
    return Math.min(width(), (columns - first + lanes() - 1) / lanes() * lanes());
  }

  /** The number of columns of a full panel. */
  int width() {
    return strips * lanes();
  }
}
