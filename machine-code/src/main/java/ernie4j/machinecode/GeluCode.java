package ernie4j.machinecode;

import static ernie4j.machinecode.x86.Address.at;

import ernie4j.machinecode.x86.Address;
import ernie4j.machinecode.x86.Assembler;
import ernie4j.machinecode.x86.Gpr;
import ernie4j.machinecode.x86.Vector;
import java.util.EnumSet;
import java.util.Iterator;

/**
 * {@code x/2 (1 + erf(x / sqrt 2))} of a register, with the same operations as the plain kernels.
 * If the bound is the first operand of an instruction, NaN passes through.
 */
final class GeluCode {
  private static final int SCRATCH = 4;

  private final Assembler code;
  private final Gpr constants;

  /**
   * @param constants the register with the address of the table of constants
   */
  GeluCode(Assembler code, Gpr constants) {
    this.code = code;
    this.constants = constants;
  }

  /**
   * Computes GELU of the registers {@code [0, count)} in place; all other registers are
   * overwritten. If there are enough of them, adjacent values use different ones, so that they do
   * not wait for each other.
   */
  void apply(Simd simd, int count) {
    int sets = (simd.registers() - count) / SCRATCH;
    for (int i = 0; i < count; i++) {
      int first = count + i % sets * SCRATCH;
      apply(
          simd.register(i),
          simd.register(first),
          simd.register(first + 1),
          simd.register(first + 2),
          simd.register(first + 3));
    }
  }

  private void apply(Vector value, Vector x, Vector y, Vector p, Vector q) {
    code.vmulps(x, value, constant(Constants.SQRT_HALF));
    code.vmaxps(x, x, constant(Constants.ERF_LOW));
    code.vminps(x, x, constant(Constants.ERF_HIGH));
    code.vmulps(y, x, x);
    polynomial(p, y, Constants.ERF_NUMERATOR);
    polynomial(q, y, Constants.ERF_DENOMINATOR);
    code.vmulps(p, p, x);
    code.vdivps(p, p, q); // erf(x / sqrt 2)
    code.vmovups(x, constant(Constants.GELU_LOW));
    code.vmaxps(value, x, value);
    code.vmulps(value, value, constant(Constants.HALF));
    code.vfmadd213ps(p, value, value);
    code.vmovaps(value, p);
  }

  /** A polynomial in y by Horner's rule, with the highest power first. */
  private void polynomial(Vector sum, Vector y, EnumSet<Constants> coefficients) {
    Iterator<Constants> powers = coefficients.iterator();
    code.vmovups(sum, constant(powers.next()));
    while (powers.hasNext()) {
      code.vfmadd213ps(sum, y, constant(powers.next()));
    }
  }

  private Address constant(Constants constant) {
    return at(constants, constant.offset());
  }
}
