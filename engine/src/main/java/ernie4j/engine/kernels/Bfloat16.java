package ernie4j.engine.kernels;

/** bfloat16 numbers: the upper halves of float32 numbers, kept in {@code short}. */
public final class Bfloat16 {
  private static final int QUIET_NAN = 0x40;

  private Bfloat16() {}

  /**
   * Rounds to the nearest bfloat16 number, half to even. NaN stays NaN.
   *
   * @param value the float32 number
   * @return the upper 16 bits of the rounded number
   */
  public static short round(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) ((bits >>> 16) | QUIET_NAN);
    }
    return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
  }

  /**
   * Converts to float32, exactly.
   *
   * @param value the bits of a bfloat16 number
   * @return its value
   */
  public static float widen(short value) {
    return Float.intBitsToFloat(value << 16);
  }
}
