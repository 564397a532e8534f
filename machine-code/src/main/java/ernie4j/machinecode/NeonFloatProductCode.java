package ernie4j.machinecode;

import ernie4j.machinecode.aarch64.Vector;

/** {@link FloatProductCode} for AArch64. */
final class NeonFloatProductCode extends NeonElementCode {
  NeonFloatProductCode(Variant variant, long constants) {
    super(variant, constants);
  }

  @Override
  void start() {
    switch (variant.start()) {
      case C -> startFromC();
      case BIAS -> {
        for (int strip = 0; strip < variant.strips(); strip++) {
          loadBias(sum(0, strip), strip);
        }
        for (int row = 1; row < variant.rows(); row++) {
          for (int strip = 0; strip < variant.strips(); strip++) {
            code.mov(sum(row, strip), sum(0, strip));
          }
        }
      }
      case ZERO -> {
        for (int i = 0; i < sums(); i++) {
          code.zero(new Vector(i));
        }
      }
    }
  }

  @Override
  void multiplyAdd(Vector sum, Vector b, Vector a, int step) {
    code.fmla(sum, b, a, step);
  }

  @Override
  void finish() {
    // A sum is already a result.
  }
}
