package ernie4j.machinecode;

import static ernie4j.machinecode.aarch64.Address.at;

import ernie4j.machinecode.aarch64.Vector;

/**
 * Products whose step takes 32 bits of a row of A, one float or four codes: a vector of A holds
 * four steps.
 */
abstract class NeonElementCode extends NeonProductCode {
  private static final int STEPS = 4;

  NeonElementCode(Variant variant, long constants) {
    super(variant, constants);
  }

  /** {@code sum +=} the products of a vector of B with one step of A. */
  abstract void multiplyAdd(Vector sum, Vector b, Vector a, int step);

  @Override
  final int most() {
    return STEPS;
  }

  @Override
  final void steps(int count) {
    for (int row = 0; row < variant.rows(); row++) {
      if (count == STEPS) {
        code.ldrQPost(a(row), row(row), BYTES);
      } else {
        code.ldrSPost(a(row), row(row), BYTES / STEPS);
      }
    }
    for (int step = 0; step < count; step++) {
      for (int strip = 0; strip < variant.strips(); strip++) {
        code.ldrQ(b(step, strip), at(B, (step * variant.strips() + strip) * BYTES));
      }
      for (int row = 0; row < variant.rows(); row++) {
        for (int strip = 0; strip < variant.strips(); strip++) {
          multiplyAdd(sum(row, strip), b(step, strip), a(row), step);
        }
      }
    }
    code.add(B, B, count * variant.strips() * BYTES);
  }

  @Override
  final Vector sum(int row, int strip) {
    return new Vector(row * variant.strips() + strip);
  }

  @Override
  final int sums() {
    return variant.rows() * variant.strips();
  }

  private Vector a(int row) {
    return free(row);
  }

  /** The steps use different registers, as far as there are enough. */
  private Vector b(int step, int strip) {
    int sets = (Vector.COUNT - sums() - variant.rows()) / variant.strips();
    return free(variant.rows() + step % sets * variant.strips() + strip);
  }
}
