package ernie4j.machinecode;

import static ernie4j.machinecode.aarch64.Address.at;

import ernie4j.machinecode.aarch64.Assembler;
import ernie4j.machinecode.aarch64.Gpr;
import ernie4j.machinecode.aarch64.Vector;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;

/**
 * {@code x/2 (1 + erf(x / sqrt 2))} of registers, with the same operations as the plain kernels.
 */
final class NeonGeluCode {
  /** The registers that one value needs besides its own. */
  static final int SCRATCH = 5;

  private final Assembler code;
  private final Gpr constants;

  /**
   * @param constants the register with the address of the table of constants
   */
  NeonGeluCode(Assembler code, Gpr constants) {
    this.code = code;
    this.constants = constants;
  }

  /**
   * Computes GELU of all values in place.
   *
   * @param free the first of the registers that may be overwritten; if there are enough, adjacent
   *     values use different ones, so that they do not wait for each other
   */
  void apply(List<Vector> values, int free) {
    int sets = (Vector.COUNT - free) / SCRATCH;
    for (int i = 0; i < values.size(); i++) {
      int first = free + i % sets * SCRATCH;
      apply(
          values.get(i),
          new Vector(first),
          new Vector(first + 1),
          new Vector(first + 2),
          new Vector(first + 3),
          new Vector(first + 4));
    }
  }

  private void apply(Vector value, Vector x, Vector y, Vector p, Vector q, Vector t) {
    load(t, Constants.SQRT_HALF);
    code.fmul(x, value, t);
    load(t, Constants.ERF_LOW);
    code.fmax(x, x, t);
    load(t, Constants.ERF_HIGH);
    code.fmin(x, x, t);
    code.fmul(y, x, x);
    polynomial(p, t, y, Constants.ERF_NUMERATOR);
    polynomial(q, t, y, Constants.ERF_DENOMINATOR);
    code.fmul(p, p, x);
    code.fdiv(p, p, q); // erf(x / sqrt 2)
    load(t, Constants.GELU_LOW);
    code.fmax(value, value, t);
    load(t, Constants.HALF);
    code.fmul(value, value, t);
    code.fmla(value, value, p);
  }

  /**
   * A polynomial in y by Horner's rule, with the highest power first. A sum replaces the
   * coefficient it is added to, so sums and coefficients alternate between two registers; the
   * degree is even.
   */
  private void polynomial(Vector sum, Vector other, Vector y, EnumSet<Constants> coefficients) {
    Iterator<Constants> powers = coefficients.iterator();
    load(sum, powers.next());
    while (powers.hasNext()) {
      load(other, powers.next());
      code.fmla(other, sum, y);
      load(sum, powers.next());
      code.fmla(sum, other, y);
    }
  }

  private void load(Vector to, Constants constant) {
    code.ldrQ(to, at(constants, constant.offset()));
  }
}
