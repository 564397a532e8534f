package ernie4j.machinecode;

import static ernie4j.machinecode.x86.Address.at;
import static ernie4j.machinecode.x86.Gpr.R10;
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
 * A function that normalizes rows of a given length, with a residual added first if there is one.
 * It has the passes and the additions of the plain kernels: sixteen lanes, added by halves, then
 * the values after the last whole group of sixteen.
 *
 * <pre>
 * y = x + residual;  mean = sum(y) / n
 * y = y - mean;  correction = sum(y) / n
 * y = y - correction;  inverse = 1 / sqrt(sum(y * y) / n + epsilon), the root in float64
 * y = y * inverse * gamma + beta
 * </pre>
 *
 * <p>Its arguments are the addresses of x, of the residual, of gamma, of beta and of y, then the
 * bytes between rows of x and the residual, those between rows of y, the number of rows, and the
 * bits of epsilon.
 */
final class LayerNormCode {
  private static final int GROUP = 16;

  private static final Gpr X = RDI;
  private static final Gpr RESIDUAL = RSI;
  private static final Gpr GAMMA = RDX;
  private static final Gpr BETA = RCX;
  private static final Gpr Y = R8;
  private static final Gpr INDEX = R9;
  private static final Gpr ROWS_LEFT = R10;

  private static final Address X_STRIDE = at(RSP, 8);
  private static final Address Y_STRIDE = at(RSP, 16);
  private static final Address ROWS = at(RSP, 24);
  private static final Address EPSILON = at(RSP, 32);

  private final Assembler code = new Assembler();
  private final Simd simd;
  private final int columns;
  private final int whole;
  private final boolean residual;
  private final long constants;
  private final Vector value;
  private final Vector other;
  private final Vector last;
  private final Vector number;
  private final Vector divisor;
  private final Vector epsilon;

  LayerNormCode(int bits, int columns, boolean residual, long constants) {
    simd = new Simd(code, bits);
    this.columns = columns;
    this.residual = residual;
    this.constants = constants;
    whole = columns - columns % GROUP;
    // The first two are sums.
    value = simd.register(2);
    other = simd.register(3);
    last = simd.register(4);
    number = simd.register(5);
    divisor = simd.register(6).low(128);
    epsilon = simd.register(7).low(128);
  }

  byte[] assemble() {
    Label row = new Label();
    code.mov(RAX, Float.floatToRawIntBits(columns));
    code.vmovd(divisor, RAX);
    code.vbroadcastss(divisor, divisor);
    code.mov(RAX, EPSILON);
    code.vmovd(epsilon, RAX);
    code.vbroadcastss(epsilon, epsilon);
    code.mov(RAX, constants);
    code.mov(ROWS_LEFT, ROWS);

    code.bind(row);
    sum(this::addResidual);
    mean();
    sum(this::subtractNumber);
    mean();
    sum(this::squareOfDifference);
    inverseDeviation();
    forEachGroup(this::scale);
    forEachOther(this::scale);

    code.add(X, X_STRIDE);
    code.add(RESIDUAL, X_STRIDE);
    code.add(Y, Y_STRIDE);
    code.sub(ROWS_LEFT, 1);
    code.jump(Condition.NOT_EQUAL, row);
    code.vzeroupper();
    code.ret();
    return code.code();
  }

  // ---- what is done with the values at a place

  /** Writes x + residual to y. */
  private void addResidual(Place place, Vector sum) {
    Vector v = place.of(value);
    place.load(v, X);
    if (residual) {
      Vector r = place.of(other);
      place.load(r, RESIDUAL);
      code.vaddps(v, v, r);
    }
    place.store(v);
    code.vaddps(sum, sum, v);
  }

  /** Subtracts a number from y. */
  private void subtractNumber(Place place, Vector sum) {
    code.vaddps(sum, sum, difference(place));
  }

  private void squareOfDifference(Place place, Vector sum) {
    Vector v = difference(place);
    code.vfmadd231ps(sum, v, v);
  }

  private Vector difference(Place place) {
    Vector v = place.of(value);
    place.load(v, Y);
    code.vsubps(v, v, place.of(number));
    place.store(v);
    return v;
  }

  private void scale(Place place, Vector sum) {
    Vector v = place.of(value);
    Vector factor = place.of(other);
    Vector summand = place.of(last);
    place.load(v, Y);
    code.vmulps(v, v, place.of(number));
    place.load(factor, GAMMA);
    place.load(summand, BETA);
    code.vfmadd213ps(v, factor, summand);
    place.store(v);
  }

  // ---- numbers of a row, in all lanes of a vector

  /** The mean, from the sum that {@link #sum} leaves. */
  private void mean() {
    Vector total = total();
    code.vdivps(total, total, divisor);
    code.vbroadcastss(number, total);
  }

  /** One divided by the standard deviation, from the sum of the squares. */
  private void inverseDeviation() {
    Vector total = total();
    Vector one = value.low(128);
    code.vdivps(total, total, divisor);
    code.vaddps(total, total, epsilon);
    code.vcvtps2pd(total, total);
    code.vsqrtpd(total, total);
    code.vmovups(one, at(RAX, Constants.ONE.offset()));
    code.vcvtps2pd(one, one);
    code.vdivpd(one, one, total);
    code.vcvtpd2ps(one, one);
    code.vbroadcastss(number, one);
  }

  private Vector total() {
    return simd.register(0).low(128);
  }

  /** Adds up a row: {@link #total} is the sum in each of its lanes. */
  private void sum(Step step) {
    Vector first = simd.register(0);
    for (int part = 0; part < parts(); part++) {
      Vector sum = simd.register(part);
      code.vpxor(sum, sum, sum);
    }
    forEachGroup(step);
    if (parts() == 2) {
      code.vaddps(first, first, simd.register(1));
    }
    simd.fold(first, value, code::vaddps);
    forEachOther(step);
  }

  /** The vectors of a group. */
  private int parts() {
    return GROUP * Float.BYTES / simd.bytes();
  }

  private interface Step {
    void apply(Place place, Vector sum);
  }

  private void forEachGroup(Step step) {
    if (whole == 0) {
      return;
    }
    Label loop = new Label();
    code.mov(INDEX, 0);
    code.align(16);
    code.bind(loop);
    for (int part = 0; part < parts(); part++) {
      step.apply(new Place(true, part * simd.bytes()), simd.register(part));
    }
    code.add(INDEX, GROUP * Float.BYTES);
    code.cmp(INDEX, whole * Float.BYTES);
    code.jump(Condition.NOT_EQUAL, loop);
  }

  private void forEachOther(Step step) {
    for (int column = whole; column < columns; column++) {
      step.apply(new Place(false, column * Float.BYTES), total());
    }
  }

  /** A vector of values in the loop of {@link #forEachGroup}, or a single value, in all lanes. */
  private final class Place {
    private final boolean vector;
    private final int offset;

    Place(boolean vector, int offset) {
      this.vector = vector;
      this.offset = offset;
    }

    /** The part of a register that holds the values. */
    Vector of(Vector register) {
      return vector ? register : register.low(128);
    }

    void load(Vector to, Gpr base) {
      if (vector) {
        code.vmovups(to, new Address(base, INDEX, 1, offset));
      } else {
        code.vbroadcastss(to, at(base, offset));
      }
    }

    void store(Vector from) {
      if (vector) {
        code.vmovups(new Address(Y, INDEX, 1, offset), from);
      } else {
        code.vmovd(at(Y, offset), from);
      }
    }
  }
}
