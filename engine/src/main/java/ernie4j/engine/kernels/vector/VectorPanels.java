package ernie4j.engine.kernels.vector;

import jdk.incubator.vector.VectorShape;

/**
 * The widths of panels and tiles for the vectors of this machine. Determined without loading the
 * vector classes themselves, which would take a large part of the start-up time.
 *
 * <p>Machines with 32 vector registers (AVX-512, NEON, SVE) take tiles of four vectors, those with
 * 16 (AVX2) of three. The remainder of a matrix is one panel of fewer vectors.
 */
final class VectorPanels {
  private VectorPanels() {}

  /** Bits of the preferred vectors, those of {@code FloatVector.SPECIES_PREFERRED}. */
  static final int BITS = VectorShape.preferredShape().vectorBitSize();

  /** Floats of a vector. */
  static final int LANES = BITS / Float.SIZE;

  private static final boolean MANY_REGISTERS =
      BITS == 512 || System.getProperty("os.arch", "").equals("aarch64");

  /** Vectors of a full panel. */
  static final int VECTORS = MANY_REGISTERS ? 4 : 3;

  /** Columns of a full panel. */
  static final int WIDTH = VECTORS * LANES;

  // The most rows of a tile of so many vectors; the sums leave room for B and one value of A.
  private static final int[] ROWS =
      MANY_REGISTERS ? new int[] {0, 8, 8, 4, 4} : new int[] {0, 8, 6, 4, 0};

  /** The columns that a panel at {@code column} of a matrix stores: whole vectors. */
  static int stored(int column, int columns) {
    return Math.min(WIDTH, (columns - column + LANES - 1) / LANES * LANES);
  }

  /** The most rows of a tile that is so many vectors wide. */
  static int mostRows(int vectors) {
    return ROWS[vectors];
  }

  /** How many tiles of about the same height share the rows of a panel. */
  static int tiles(int width, int rows) {
    int most = ROWS[width / LANES];
    return (rows + most - 1) / most;
  }
}
