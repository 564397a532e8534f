package ernie4j.machinecode;

import static ernie4j.machinecode.x86.Address.at;
import static ernie4j.machinecode.x86.Gpr.R10;
import static ernie4j.machinecode.x86.Gpr.R11;
import static ernie4j.machinecode.x86.Gpr.R8;
import static ernie4j.machinecode.x86.Gpr.R9;
import static ernie4j.machinecode.x86.Gpr.RAX;
import static ernie4j.machinecode.x86.Gpr.RCX;
import static ernie4j.machinecode.x86.Gpr.RDI;
import static ernie4j.machinecode.x86.Gpr.RDX;
import static ernie4j.machinecode.x86.Gpr.RSI;
import static ernie4j.machinecode.x86.Gpr.RSP;

import ernie4j.machinecode.x86.Address;
import ernie4j.machinecode.x86.Assembler;
import ernie4j.machinecode.x86.Condition;
import ernie4j.machinecode.x86.Gpr;
import ernie4j.machinecode.x86.Label;
import ernie4j.machinecode.x86.Vector;

/**
 * A function that rounds rows to bfloat16. It writes whole vectors, with zeros after the last
 * value.
 *
 * <p>Its arguments are the addresses of X and of the result, then the bytes between their rows, the
 * number of rows, the number of whole vectors of a row, an unused one, and {@link Simd#partial}.
 */
final class Bfloat16RoundCode {
  private static final Gpr X_ROW = RDI;
  private static final Gpr TO_ROW = RSI;
  private static final Gpr X_STRIDE = R8;
  private static final Gpr TO_STRIDE = R9;
  private static final Gpr X = R10;
  private static final Gpr TO = R11;
  private static final Gpr COUNT = RCX;
  private static final Gpr ROWS_LEFT = RDX;

  private static final Address X_STRIDE_BYTES = at(RSP, 8);
  private static final Address TO_STRIDE_BYTES = at(RSP, 16);
  private static final Address ROWS = at(RSP, 24);
  private static final Address VECTORS = at(RSP, 32);
  private static final Address PARTIAL = at(RSP, 48);

  private final Assembler code = new Assembler();
  private final Simd simd = new Simd(code, 512);
  private final Vector value = simd.register(0);
  private final boolean partial;

  /**
   * @param partial whether a row ends with a part of a vector
   */
  Bfloat16RoundCode(boolean partial) {
    this.partial = partial;
  }

  byte[] assemble() {
    Label row = new Label();
    Label whole = new Label();
    Label rest = new Label();
    if (partial) {
      simd.takePartial(PARTIAL, RAX);
    }
    code.mov(X_STRIDE, X_STRIDE_BYTES);
    code.mov(TO_STRIDE, TO_STRIDE_BYTES);
    code.mov(ROWS_LEFT, ROWS);

    code.bind(row);
    code.mov(X, X_ROW);
    code.mov(TO, TO_ROW);
    code.mov(COUNT, VECTORS);
    code.cmp(COUNT, 0);
    code.jump(Condition.EQUAL, rest);
    code.align(16);
    code.bind(whole);
    code.vmovups(value, at(X));
    store();
    code.add(X, simd.bytes());
    code.add(TO, simd.bytes() / 2);
    code.sub(COUNT, 1);
    code.jump(Condition.NOT_EQUAL, whole);
    code.bind(rest);
    if (partial) {
      simd.loadPartial(value, at(X), value);
      store();
    }
    code.add(X_ROW, X_STRIDE);
    code.add(TO_ROW, TO_STRIDE);
    code.sub(ROWS_LEFT, 1);
    code.jump(Condition.NOT_EQUAL, row);
    code.vzeroupper();
    code.ret();
    return code.code();
  }

  private void store() {
    code.vcvtneps2bf16(value.low(256), value);
    code.vmovups(at(TO), value.low(256));
  }
}
