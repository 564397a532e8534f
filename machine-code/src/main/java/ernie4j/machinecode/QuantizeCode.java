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

import ernie4j.machinecode.assembler.Label;
import ernie4j.machinecode.x86.Address;
import ernie4j.machinecode.x86.Assembler;
import ernie4j.machinecode.x86.Condition;
import ernie4j.machinecode.x86.Gpr;
import ernie4j.machinecode.x86.Vector;

/**
 * A function that quantizes rows: {@code round(x * 127 / scale)}, half to even, within [-128, 127].
 * Before the first code it writes the step {@code scale / 127}, which is NaN if a value of the row
 * is not finite. It multiplies and divides like the plain kernels, because multiplying by 127 /
 * scale would give other bits.
 *
 * <p>Its arguments are the addresses of X and of the codes, then the bytes between their rows, the
 * number of rows, the number of whole vectors of a row, the bits of the scale (0 to use the
 * absolute maximum of each row) and {@link Simd#partial}.
 */
final class QuantizeCode {
  private static final Gpr X_ROW = RDI;
  private static final Gpr CODES_ROW = RSI;
  private static final Gpr X_STRIDE = R8;
  private static final Gpr CODES_STRIDE = R9;
  private static final Gpr X = R10;
  private static final Gpr CODES = R11;
  private static final Gpr COUNT = RCX;
  private static final Gpr ROWS_LEFT = RDX;

  private static final Address X_STRIDE_BYTES = at(RSP, 8);
  private static final Address CODES_STRIDE_BYTES = at(RSP, 16);
  private static final Address ROWS = at(RSP, 24);
  private static final Address VECTORS = at(RSP, 32);
  private static final Address SCALE = at(RSP, 40);
  private static final Address PARTIAL = at(RSP, 48);

  /** Floats with these bits or larger ones are infinity or NaN. */
  private static final int INFINITY = 0x7f800000;

  private final Assembler code = new Assembler();
  private final Simd simd;
  private final Int8Form form;
  private final boolean ownScale;
  private final boolean partial;
  private final long constants;
  private final Vector value;
  private final Vector maximum;
  private final Vector scale;
  private final Vector step;
  private final Vector mask;
  private final Vector given;
  private final Vector magnitude;
  private final Vector largest;
  private final Vector least;
  private final Vector offset;

  /**
   * @param ownScale whether every row has its own scale
   * @param partial whether a row ends with a part of a vector
   */
  QuantizeCode(Int8Form form, boolean ownScale, boolean partial, long constants) {
    this.form = form;
    this.ownScale = ownScale;
    this.partial = partial;
    this.constants = constants;
    simd = new Simd(code, form.bits());
    value = simd.register(0);
    maximum = simd.register(1);
    scale = simd.register(2);
    step = simd.register(3);
    mask = simd.register(4);
    given = simd.register(5);
    magnitude = simd.register(6);
    largest = simd.register(7);
    least = simd.register(8);
    offset = simd.register(9);
  }

  byte[] assemble() {
    Label row = new Label();
    if (partial) {
      simd.takePartial(PARTIAL, RAX);
      simd.loadMask(mask, PARTIAL, constants, RAX);
    }
    code.mov(RAX, SCALE);
    code.vmovd(given, RAX);
    code.vbroadcastss(given, given.low(128));
    code.mov(RAX, constants);
    code.vmovups(magnitude, constant(Constants.MAGNITUDE));
    code.vmovups(largest, constant(Constants.LARGEST_CODE));
    code.vmovups(least, constant(Constants.LEAST_CODE));
    code.vmovups(offset, constant(Constants.UNSIGNED_OFFSET));
    code.mov(X_STRIDE, X_STRIDE_BYTES);
    code.mov(CODES_STRIDE, CODES_STRIDE_BYTES);
    code.mov(ROWS_LEFT, ROWS);

    code.bind(row);
    absoluteMaximum();
    scaleAndStep();
    codes();
    code.add(X_ROW, X_STRIDE);
    code.add(CODES_ROW, CODES_STRIDE);
    code.sub(ROWS_LEFT, 1);
    code.jump(Condition.NOT_EQUAL, row);
    code.vzeroupper();
    code.ret();
    return code.code();
  }

  /**
   * Finds the largest bits of a magnitude. Non-negative floats have the order of their bits, and
   * values that are not finite come last.
   */
  private void absoluteMaximum() {
    code.vpxor(maximum, maximum, maximum);
    code.mov(X, X_ROW);
    forEachVector(
        () -> {
          code.vpand(value, magnitude, at(X));
          code.vpmaxsd(maximum, maximum, value);
        },
        () -> {
          code.vpand(value, value, magnitude);
          code.vpmaxsd(maximum, maximum, value);
        });
    simd.fold(maximum, value, code::vpmaxsd);
  }

  private void scaleAndStep() {
    Label finite = new Label();
    code.mov(RAX, constants);
    if (ownScale) {
      code.vbroadcastss(scale, maximum.low(128));
    } else {
      code.vmovaps(scale, given);
    }
    code.vdivps(step, scale, largest);
    code.vmaxps(scale, scale, constant(Constants.LEAST_DIVISOR));
    code.vmovd(COUNT, maximum);
    code.cmp(COUNT, INFINITY);
    code.jump(Condition.BELOW, finite);
    code.vmovups(step, constant(Constants.NAN));
    code.bind(finite);
    code.vmovd(at(CODES_ROW, -Float.BYTES), step);
  }

  private void codes() {
    code.mov(X, X_ROW);
    code.mov(CODES, CODES_ROW);
    forEachVector(
        () -> {
          code.vmulps(value, largest, at(X));
          codesOfVector();
          code.add(CODES, simd.bytes() / Float.BYTES * form.aBytes());
        },
        () -> {
          code.vmulps(value, value, largest);
          codesOfVector();
        });
  }

  private void codesOfVector() {
    code.vdivps(value, value, scale);
    code.vminps(value, value, largest);
    code.vmaxps(value, value, least);
    code.vcvtps2dq(value, value);
    Vector low = value.low(128);
    switch (form) {
      case AVX512_VNNI -> {
        code.vpaddd(value, value, offset);
        code.vpmovdb(at(CODES), value);
      }
      case AVX_VNNI -> {
        code.vpaddd(value, value, offset);
        toInt16(low);
        code.vpackuswb(low, low, low);
        code.vmovq(at(CODES), low);
      }
      case AVX2 -> {
        toInt16(low);
        code.vmovups(at(CODES), low);
      }
      default -> throw form.notOfX86();
    }
  }

  /** Converts eight codes of 32 bits to 16 bits. */
  private void toInt16(Vector low) {
    Vector high = maximum.low(128);
    code.vextracti128(high, value, 1);
    code.vpackssdw(low, low, high);
  }

  /**
   * A loop over a row.
   *
   * @param whole processes the vector at X
   * @param last processes the partial vector at the end, which is already loaded
   */
  private void forEachVector(Runnable whole, Runnable last) {
    Label loop = new Label();
    Label rest = new Label();
    code.mov(COUNT, VECTORS);
    code.cmp(COUNT, 0);
    code.jump(Condition.EQUAL, rest);
    code.align(16);
    code.bind(loop);
    whole.run();
    code.add(X, simd.bytes());
    code.sub(COUNT, 1);
    code.jump(Condition.NOT_EQUAL, loop);
    code.bind(rest);
    if (partial) {
      simd.loadPartial(value, at(X), mask);
      last.run();
    }
  }

  private static Address constant(Constants constant) {
    return at(RAX, constant.offset());
  }
}
