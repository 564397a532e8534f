package ernie4j.machinecode;

import static ernie4j.machinecode.aarch64.Address.at;
import static ernie4j.machinecode.aarch64.Gpr.SP;
import static ernie4j.machinecode.aarch64.Gpr.X0;
import static ernie4j.machinecode.aarch64.Gpr.X1;
import static ernie4j.machinecode.aarch64.Gpr.X10;
import static ernie4j.machinecode.aarch64.Gpr.X11;
import static ernie4j.machinecode.aarch64.Gpr.X12;
import static ernie4j.machinecode.aarch64.Gpr.X13;
import static ernie4j.machinecode.aarch64.Gpr.X14;
import static ernie4j.machinecode.aarch64.Gpr.X15;
import static ernie4j.machinecode.aarch64.Gpr.X6;
import static ernie4j.machinecode.aarch64.Gpr.X7;
import static ernie4j.machinecode.aarch64.Gpr.X8;
import static ernie4j.machinecode.aarch64.Gpr.X9;

import ernie4j.machinecode.aarch64.Assembler;
import ernie4j.machinecode.aarch64.Condition;
import ernie4j.machinecode.aarch64.Gpr;
import ernie4j.machinecode.aarch64.Vector;
import ernie4j.machinecode.assembler.Label;

/**
 * {@link QuantizeCode} for AArch64, with the same arguments. Codes are signed, and the conversions
 * from int32 to bytes saturate, so values beyond the scale need not be clamped.
 */
final class NeonQuantizeCode {
  private static final Gpr X_ROW = X0;
  private static final Gpr CODES_ROW = X1;
  private static final Gpr X_STRIDE = X6;
  private static final Gpr CODES_STRIDE = X7;
  private static final Gpr ROWS_LEFT = X8;
  private static final Gpr VECTORS = X9;
  private static final Gpr PARTIAL = X10;
  private static final Gpr X = X11;
  private static final Gpr CODES = X12;
  private static final Gpr COUNT = X13;
  private static final Gpr CONSTANTS = X14;
  private static final Gpr SCRATCH = X15;

  /** Floats with these bits or larger ones are infinity or NaN. */
  private static final int INFINITY = 0x7f800000;

  private static final int BYTES = 16;

  private final Vector value = new Vector(0);
  private final Vector maximum = new Vector(1);
  private final Vector scale = new Vector(2);
  private final Vector step = new Vector(3);
  private final Vector given = new Vector(4);
  private final Vector largest = new Vector(5);
  private final Vector leastDivisor = new Vector(6);

  private final Assembler code = new Assembler();
  private final NeonPartial lastLanes = new NeonPartial(code, PARTIAL, SCRATCH);
  private final boolean ownScale;
  private final boolean partial;
  private final long constants;

  /**
   * @param ownScale whether every row has its own scale
   * @param partial whether a row ends with a part of a vector
   */
  NeonQuantizeCode(boolean ownScale, boolean partial, long constants) {
    this.ownScale = ownScale;
    this.partial = partial;
    this.constants = constants;
  }

  byte[] assemble() {
    Label row = new Label();
    code.ldr(ROWS_LEFT, at(SP));
    code.ldr(VECTORS, at(SP, 8));
    code.ldr(SCRATCH, at(SP, 16));
    code.ldr(PARTIAL, at(SP, 24));
    code.dup(given, SCRATCH);
    code.mov(CONSTANTS, constants);
    code.ldrQ(largest, at(CONSTANTS, Constants.LARGEST_CODE.offset()));
    code.ldrQ(leastDivisor, at(CONSTANTS, Constants.LEAST_DIVISOR.offset()));

    code.bind(row);
    absoluteMaximum();
    scaleAndStep();
    codes();
    code.add(X_ROW, X_ROW, X_STRIDE);
    code.add(CODES_ROW, CODES_ROW, CODES_STRIDE);
    code.subs(ROWS_LEFT, ROWS_LEFT, 1);
    code.b(Condition.NOT_EQUAL, row);
    code.ret();
    return code.code();
  }

  /**
   * Finds the largest bits of a magnitude. Non-negative floats have the order of their bits, and
   * values that are not finite come last.
   */
  private void absoluteMaximum() {
    code.zero(maximum);
    forEachVector(
        () -> {
          code.fabs(value, value);
          code.smax(maximum, maximum, value);
        });
    code.smaxv(maximum, maximum);
  }

  private void scaleAndStep() {
    Label finite = new Label();
    if (ownScale) {
      code.dup(scale, maximum, 0);
    } else {
      code.mov(scale, given);
    }
    code.fdiv(step, scale, largest);
    code.fmax(scale, scale, leastDivisor);
    code.fmovS(COUNT, maximum);
    code.mov(SCRATCH, INFINITY);
    code.cmp(COUNT, SCRATCH);
    code.b(Condition.LOWER, finite);
    code.ldrQ(step, at(CONSTANTS, Constants.NAN.offset()));
    code.bind(finite);
    code.strS(step, at(CODES_ROW, -Float.BYTES));
  }

  private void codes() {
    code.mov(CODES, CODES_ROW);
    forEachVector(
        () -> {
          code.fmul(value, value, largest);
          code.fdiv(value, value, scale);
          code.fcvtns(value, value);
          code.sqxtnS(value, value);
          code.sqxtnH(value, value);
          code.strSPost(value, CODES, BYTES / Float.BYTES);
        });
  }

  /** A loop over the vectors of a row, which are already loaded; the last one may be partial. */
  private void forEachVector(Runnable body) {
    Label loop = new Label();
    Label rest = new Label();
    code.mov(X, X_ROW);
    code.mov(COUNT, VECTORS);
    code.cbz(COUNT, rest);
    code.align(16);
    code.bind(loop);
    code.ldrQPost(value, X, BYTES);
    body.run();
    code.subs(COUNT, COUNT, 1);
    code.b(Condition.NOT_EQUAL, loop);
    code.bind(rest);
    if (partial) {
      lastLanes.load(value, X, 0);
      body.run();
    }
  }
}
