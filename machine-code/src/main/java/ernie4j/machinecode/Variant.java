package ernie4j.machinecode;

/**
 * Which function computes a part of a product: one for each size of tile and each epilogue.
 *
 * @param rows the rows of a tile, at least 1
 * @param strips the vectors in a row of a tile, at least 1
 * @param start the initial values of the sums
 * @param gelu whether the function ends with GELU
 * @param partial whether the last strip has fewer columns than a vector has lanes
 */
record Variant(int rows, int strips, Start start, boolean gelu, boolean partial) {
  /** The initial values of the sums; C means the values that C already holds. */
  enum Start {
    ZERO,
    BIAS,
    C
  }

  private static final int STARTS = Start.values().length;

  /** The variant for tiles of {@code rows} rows and {@code columns} columns. */
  static Variant of(Blocking blocking, int rows, int columns, Start start, boolean gelu) {
    int lanes = blocking.lanes();
    int strips = (columns + lanes - 1) / lanes;
    return new Variant(rows, strips, start, gelu, columns % lanes != 0);
  }

  /** A number for each variant, starting at 0. */
  @SuppressWarnings("EnumOrdinal") // used only within this process
  int index(Blocking blocking) {
    int size = (rows - 1) * blocking.strips() + strips - 1;
    return ((size * STARTS + start.ordinal()) * 2 + (gelu ? 1 : 0)) * 2 + (partial ? 1 : 0);
  }

  /** The variant with a number. */
  static Variant of(int index, Blocking blocking) {
    int size = index / (4 * STARTS);
    return new Variant(
        size / blocking.strips() + 1,
        size % blocking.strips() + 1,
        Start.values()[index / 4 % STARTS],
        (index & 2) != 0,
        (index & 1) != 0);
  }

  /** The number of variants. */
  static int count(Blocking blocking) {
    return blocking.rows() * blocking.strips() * STARTS * 4;
  }
}
