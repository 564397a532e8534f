package ernie4j.machinecode;

import static ernie4j.machinecode.aarch64.Address.at;

import ernie4j.machinecode.aarch64.Vector;

/**
 * The code before and after the sums of both forms of {@link Int8ProductCode} for AArch64. Codes of
 * A are signed, like those of B, so sums start from zero, and the starts in a panel are skipped.
 *
 * @param product the function
 */
record NeonInt8Epilogue(NeonProductCode product) {
  void start() {
    for (int i = 0; i < product.sums(); i++) {
      product.code.zero(new Vector(i));
    }
    skipStrips();
  }

  /** {@code total * (row step * column step) + bias}. */
  void finish() {
    Variant variant = product.variant;
    Vector columnSteps = product.free(0);
    Vector bias = product.free(1);
    product.pointToRows();
    for (int strip = 0; strip < variant.strips(); strip++) {
      product.loadBias(bias, strip);
      product.code.ldrQ(columnSteps, at(NeonProductCode.B, strip * NeonProductCode.BYTES));
      for (int row = 0; row < variant.rows(); row++) {
        Vector step = product.free(2 + row % 4);
        Vector result = product.free(6 + row % 4);
        Vector sum = product.sum(row, strip);
        product.code.ldrS(step, at(NeonProductCode.row(row), -Float.BYTES));
        product.code.fmul(step, columnSteps, step, 0);
        product.code.scvtf(sum, sum);
        product.code.mov(result, bias);
        product.code.fmla(result, sum, step);
        product.code.mov(sum, result);
      }
    }
    skipStrips();
  }

  /** Advances B by one 32-bit number for each column of the tile. */
  private void skipStrips() {
    int bytes = product.variant.strips() * NeonProductCode.BYTES;
    product.code.add(NeonProductCode.B, NeonProductCode.B, bytes);
  }
}
