package ernie4j.machinecode;

/**
 * The tile of C that stays in registers.
 *
 * <p>Measured on one Zen 4 core, in GMAC/s for 16x312x1248 and 128x768x768: with 512 bits, tiles of
 * 8x3, 7x3, 6x4, 5x4, 4x4 and 12x2 reach 58.2 to 58.8 in float32 (the peak is 59) and 220 to 223 in
 * int8 (237), so they differ by less than the noise. Of the tiles with three strips, 8x3 reads B
 * least often, and B may have to come from distant memory; more rows would only help products that
 * have them. Unrolling two or four steps of the loop makes no difference, either. With 256 bits,
 * 6x2 leaves the four registers that GELU and int8 need: 56 to 58 and 84.
 *
 * <p>With 128 bits, which is NEON, 8x2 leaves the registers for a vector of each row of A and the
 * vectors of B, so that four steps of 16 multiply-adds each need 16 loads. This has not been
 * measured on a real processor.
 *
 * @param bits width of a vector
 * @param rows the largest number of rows
 * @param strips the largest number of vectors in a row
 */
record Blocking(int bits, int rows, int strips) {
  /** Registers that GELU needs besides the sums; NEON needs one more. */
  private static final int GELU = 4;

  /** The number of rows that three registers can address. */
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
   * The largest amount of work in a call, if a core with 512 bits does {@code most} in time: a core
   * with 128 bits does a quarter. With 256 bits the limit is the same as with 512 bits, because
   * float32 was measured to be as fast.
   */
  long work(long most) {
    return bits == 128 ? most / 4 : most;
  }

  /** The number of 32-bit values in a vector. */
  int lanes() {
    return bits / Float.SIZE;
  }

  /**
   * The number of columns that the panel of {@code column} stores in a matrix with {@code columns}
   * columns: the last panel has only as many vectors as needed.
   */
  int stored(int columns, int column) {
    int first = column - column % width();
    return Math.min(width(), (columns - first + lanes() - 1) / lanes() * lanes());
  }

  /** The number of columns in a full panel. */
  int width() {
    return strips * lanes();
  }
}
