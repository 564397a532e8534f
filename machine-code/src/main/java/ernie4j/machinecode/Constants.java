package ernie4j.machinecode;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.EnumSet;

/**
 * The constants of generated code. Each fills a vector of 512 bits, so that it can be an operand.
 * The values for GELU are those of the plain kernels.
 */
enum Constants {
  GELU_LOW(-8f),
  HALF(0.5f),
  SQRT_HALF(0.70710677f),
  ERF_LOW(-4f),
  ERF_HIGH(4f),
  ERF_P_0(-2.7261424e-10f),
  ERF_P_1(2.7706815e-8f),
  ERF_P_2(-2.101024e-6f),
  ERF_P_3(-5.6925062e-5f),
  ERF_P_4(-7.3499064e-4f),
  ERF_P_5(-2.9546e-3f),
  ERF_P_6(-1.6096033e-2f),
  ERF_Q_0(-1.45660715e-5f),
  ERF_Q_1(-2.1337405e-4f),
  ERF_Q_2(-1.682827e-3f),
  ERF_Q_3(-7.3733293e-3f),
  ERF_Q_4(-1.4264739e-2f),
  // e^x for x from -inf to 0, as the plain kernels compute it.
  EXP_ZERO(-88f),
  LOG2_E(1.442695f),
  ROUND(12582912f),
  MINUS_LN2_HIGH(-355f / 512f),
  MINUS_LN2_LOW(2.1219444e-4f),
  EXP_0(1.9875691e-4f),
  EXP_1(1.3981999e-3f),
  EXP_2(8.333452e-3f),
  EXP_3(4.1665796e-2f),
  EXP_4(1.6666666e-1f),
  EXP_5(0.5f),
  /** The number, and its bits, which are the exponent 0. */
  ONE(1f),
  MINUS_INFINITY(Float.NEGATIVE_INFINITY),
  /** The largest and the smallest code; 127 is also the divisor of scales. */
  LARGEST_CODE(127f),
  LEAST_CODE(-128f),
  /** Zero divided by it is zero, unlike zero divided by zero. */
  LEAST_DIVISOR(Float.MIN_VALUE),
  NAN(Float.NaN),
  MAGNITUDE(Float.intBitsToFloat(0x7fffffff)),
  /** The integer that is added to signed codes to make them unsigned. */
  UNSIGNED_OFFSET(Float.intBitsToFloat(128));

  /** Coefficients of the polynomials whose quotient is erf, the highest power first. */
  static final EnumSet<Constants> ERF_NUMERATOR = EnumSet.range(ERF_P_0, ERF_P_6);

  static final EnumSet<Constants> ERF_DENOMINATOR = EnumSet.range(ERF_Q_0, ERF_Q_4);

  private static final int BYTES = 64;

  private final float value;

  Constants(float value) {
    this.value = value;
  }

  /** The distance from {@link Table#address}. */
  @SuppressWarnings("EnumOrdinal") // the table has this order
  int offset() {
    return ordinal() * BYTES;
  }

  /** The constants in memory, followed by masks for the first lanes of a vector of 256 bits. */
  static final class Table {
    private static final int MASKS = values().length * BYTES;
    private static final int LANES = 8;

    private final MemorySegment memory =
        Arena.ofAuto().allocate(MASKS + 2L * LANES * Float.BYTES, BYTES);

    Table() {
      for (Constants constant : values()) {
        for (int i = 0; i < BYTES; i += Float.BYTES) {
          memory.set(ValueLayout.JAVA_FLOAT, constant.offset() + i, constant.value);
        }
      }
      for (int i = 0; i < LANES; i++) {
        memory.set(ValueLayout.JAVA_INT, MASKS + (long) i * Integer.BYTES, -1);
      }
    }

    long address() {
      return memory.address();
    }

    /**
     * The address of a mask of {@code count} lanes of 32 bits with all bits set, followed by zeros.
     */
    static int mask(int count) {
      return MASKS + (LANES - count) * Integer.BYTES;
    }
  }
}
