package ernie4j.machinecode;

import static ernie4j.machinecode.x86.Address.at;

import ernie4j.machinecode.x86.Address;
import ernie4j.machinecode.x86.Assembler;
import ernie4j.machinecode.x86.Gpr;
import ernie4j.machinecode.x86.Vector;

/** {@code e^x} for x from -inf to 0, with the same operations as the plain kernels. */
final class ExpCode {
  private final Assembler code;
  private final Gpr constants;

  /**
   * @param constants the register with the address of the table of constants
   */
  ExpCode(Assembler code, Gpr constants) {
    this.code = code;
    this.constants = constants;
  }

  /**
   * Replaces {@code x} by e^x.
   *
   * @param t overwritten, like n and p
   */
  void apply(Vector x, Vector t, Vector n, Vector p) {
    code.vmovups(t, constant(Constants.EXP_ZERO));
    code.vmaxps(x, t, x); // operands in this order keep NaN
    code.vmovups(t, constant(Constants.LOG2_E));
    code.vfmadd213ps(t, x, constant(Constants.ROUND));
    code.vsubps(n, t, constant(Constants.ROUND));
    code.vfmadd231ps(x, n, constant(Constants.MINUS_LN2_HIGH));
    code.vfmadd231ps(x, n, constant(Constants.MINUS_LN2_LOW));
    code.vmovups(p, constant(Constants.EXP_0));
    code.vfmadd213ps(p, x, constant(Constants.EXP_1));
    code.vfmadd213ps(p, x, constant(Constants.EXP_2));
    code.vfmadd213ps(p, x, constant(Constants.EXP_3));
    code.vfmadd213ps(p, x, constant(Constants.EXP_4));
    code.vfmadd213ps(p, x, constant(Constants.EXP_5));
    code.vmulps(n, x, x);
    code.vfmadd213ps(p, n, x);
    code.vaddps(p, p, constant(Constants.ONE));
    code.vpslld(t, t, 23); // the whole number becomes the exponent
    code.vpaddd(t, t, constant(Constants.ONE));
    code.vmulps(x, p, t);
  }

  private Address constant(Constants constant) {
    return at(constants, constant.offset());
  }
}
