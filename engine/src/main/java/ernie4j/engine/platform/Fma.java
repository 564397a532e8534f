package ernie4j.engine.platform;

/**
 * Fused multiply-add of floats: {@link Math#fma(float, float, float)} where the platform has it, as
 * every JVM does and Android from 13 on; elsewhere the same bits, computed in doubles.
 */
public final class Fma {
  /**
   * Whether Math.fma exists; a constant for the compiler, which then emits only the instruction.
   */
  public static final boolean BUILT_IN = isBuiltIn();

  private Fma() {}

  /** {@code a b + c}, rounded once. */
  public static float fma(float a, float b, float c) {
    return BUILT_IN ? Math.fma(a, b, c) : exact(a, b, c);
  }

  private static boolean isBuiltIn() {
    try {
      return Math.fma(1f, 1f, 1f) == 2f;
    } catch (NoSuchMethodError e) {
      return false;
    }
  }

  /**
   * The product of two floats is exact as a double; only the sum is rounded. Rounding it to odd
   * keeps what the second rounding, to a float, must know about the lost digits.
   */
  static float exact(float a, float b, float c) {
    double product = (double) a * b;
    double sum = product + c;
    // The rounding error of the sum (Knuth's TwoSum); NaN if the sum is infinite or NaN.
    double fromC = sum - product;
    double lost = (product - (sum - fromC)) + (c - fromC);
    if (lost < 0 || lost > 0) {
      long bits = Double.doubleToRawLongBits(sum);
      if ((bits & 1) == 0) {
        boolean away = lost > 0 == sum > 0;
        sum = Double.longBitsToDouble(bits + (away ? 1 : -1));
      }
    }
    return (float) sum;
  }
}
