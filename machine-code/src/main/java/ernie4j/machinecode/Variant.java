package ernie4j.machinecode;

/**
 * The function for a part of a product: one for each tile size and each epilogue.
 *
 * @param rows the number of rows of a tile, at least 1
 * @param strips the number of vectors in a row of a tile, at least 1
 * @param start the initial values of the sums
 * @param gelu whether the function ends with GELU
 * @param partial whether the last strip has fewer columns than a vector has lanes
 */
record Variant(int rows, int strips, Start start, boolean gelu, boolean partial) {
  /** The initial values of the sums; C means its existing values. */
  enum Start {
    ZERO,
    BIAS,
    C
  }

  private static final int STARTS = Start.values().length;

  /** The number of the variant, counted from 0. */
  @SuppressWarnings("EnumOrdinal") // a number of this process only
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

  /** The number of values of {@link #index}. */
  static int count(Blocking blocking) {
    return blocking.rows() * blocking.strips() * STARTS * 4;
  }
}
