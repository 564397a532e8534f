package ernie4j.machinecode;

import static ernie4j.machinecode.x86.Address.at;
import static ernie4j.machinecode.x86.Gpr.RAX;
import static ernie4j.machinecode.x86.Gpr.RCX;
import static ernie4j.machinecode.x86.Gpr.RDI;
import static ernie4j.machinecode.x86.Gpr.RDX;
import static ernie4j.machinecode.x86.Gpr.RSI;
import static ernie4j.machinecode.x86.Gpr.RSP;

import ernie4j.machinecode.x86.Assembler;
import ernie4j.machinecode.x86.Condition;
import ernie4j.machinecode.x86.Label;
import ernie4j.machinecode.x86.Vector;

/**
 * A function that multiplies the rows of X by a number and writes them without gaps.
 *
 * <p>Its arguments are the addresses of X and of the result, then the bytes between the rows of X,
 * the number of rows, and the bits of the number.
 */
final class ScaleCode {
  private final Assembler code = new Assembler();
  private final Simd simd;
  private final int columns;
  private final long constants;

  /**
   * @param columns the number of columns of a row
   */
  ScaleCode(int bits, int columns, long constants) {
    simd = new Simd(code, bits);
    this.columns = columns;
    this.constants = constants;
  }

  byte[] assemble() {
    Label row = new Label();
    Vector value = simd.register(0);
    Vector factor = simd.register(1);
    Vector mask = simd.register(2);
    int lanes = simd.bytes() / Float.BYTES;
    simd.setPartial(mask, columns % lanes, constants, RAX);
    code.mov(RAX, at(RSP, 24));
    code.vmovd(factor, RAX);
    code.vbroadcastss(factor, factor.low(128));
    code.mov(RDX, at(RSP, 8));
    code.mov(RCX, at(RSP, 16));
    code.bind(row);
    for (int column = 0; column < columns; column += lanes) {
      int offset = column * Float.BYTES;
      if (column + lanes <= columns) {
        code.vmulps(value, factor, at(RDI, offset));
        code.vmovups(at(RSI, offset), value);
      } else {
        simd.loadPartial(value, at(RDI, offset), mask);
        code.vmulps(value, value, factor);
        simd.storePartial(at(RSI, offset), value, mask);
      }
    }
    code.add(RDI, RDX);
    code.add(RSI, columns * Float.BYTES);
    code.sub(RCX, 1);
    code.jump(Condition.NOT_EQUAL, row);
    code.vzeroupper();
    code.ret();
    return code.code();
  }
}
