package ernie4j.machinecode;

import static ernie4j.machinecode.aarch64.Address.at;

import ernie4j.machinecode.aarch64.Vector;

/**
 * {@link Int8ProductCode} for AArch64 with SMMLA: an instruction multiplies eight codes of two rows
 * by eight codes of two columns. Rows of A are zipped in pairs as they are loaded, because a tile
 * may begin at any row; so A has the same layout as for SDOT. An odd last row is paired with
 * itself, and the duplicate results are not stored.
 */
final class NeonMatrixProductCode extends NeonProductCode {
  /** The number of steps in a vector of a row of A. */
  private static final int STEPS = 2;

  private final NeonInt8Epilogue epilogue = new NeonInt8Epilogue(this);

  NeonMatrixProductCode(Variant variant, long constants) {
    super(variant, constants);
  }

  @Override
  void start() {
    epilogue.start();
  }

  @Override
  int most() {
    return STEPS;
  }

  @Override
  void steps(int count) {
    for (int row = 0; row < variant.rows(); row++) {
      if (count == STEPS) {
        code.ldrQPost(a(row), row(row), BYTES);
      } else {
        code.ldrDPost(a(row), row(row), BYTES / STEPS);
      }
    }
    for (int pair = 0; pair < pairs(); pair++) {
      Vector partner = a(Math.min(2 * pair + 1, variant.rows() - 1));
      code.zip1D(firstStep(pair), a(2 * pair), partner);
      if (count == STEPS) {
        code.zip2D(secondStep(pair), a(2 * pair), partner);
      }
    }
    for (int step = 0; step < count; step++) {
      for (int i = 0; i < columnPairs(); i++) {
        code.ldrQ(b(i), at(B, (step * columnPairs() + i) * BYTES));
      }
      for (int pair = 0; pair < pairs(); pair++) {
        for (int i = 0; i < columnPairs(); i++) {
          code.smmla(products(pair, i), step == 0 ? firstStep(pair) : secondStep(pair), b(i));
        }
      }
    }
    code.add(B, B, count * columnPairs() * BYTES);
  }

  @Override
  void finish() {
    separateRows();
    epilogue.finish();
  }

  /** Rearranges registers of two columns of two rows to registers of four columns of one row. */
  private void separateRows() {
    Vector upper = free(0);
    for (int pair = 0; pair < pairs(); pair++) {
      for (int i = 0; i < columnPairs(); i += 2) {
        Vector left = products(pair, i);
        Vector right = products(pair, i + 1);
        code.zip1D(upper, left, right);
        code.zip2D(right, left, right);
        code.mov(left, upper);
      }
    }
  }

  private int pairs() {
    return (variant.rows() + 1) / 2;
  }

  private int columnPairs() {
    return 2 * variant.strips();
  }

  private Vector products(int pair, int columnPair) {
    return new Vector(pair * columnPairs() + columnPair);
  }

  @Override
  Vector sum(int row, int strip) {
    return products(row / 2, 2 * strip + row % 2);
  }

  @Override
  int sums() {
    return pairs() * columnPairs();
  }

  private Vector a(int row) {
    return free(row);
  }

  private Vector firstStep(int pair) {
    return free(variant.rows() + pair);
  }

  /** Uses the register of its row of A. */
  private Vector secondStep(int pair) {
    return a(2 * pair);
  }

  private Vector b(int columnPair) {
    return free(variant.rows() + pairs() + columnPair);
  }
}
