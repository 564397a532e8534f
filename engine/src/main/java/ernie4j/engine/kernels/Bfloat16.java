package ernie4j.engine.kernels;

/** bfloat16 numbers: the upper halves of float32 numbers, kept in {@code short}. */
public final class Bfloat16 {
  private static final int QUIET_NAN = 0x40;

  private Bfloat16() {}

  /** The nearest bfloat16 number, half to even; NaN stays NaN. */
  public static short round(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) ((bits >>> 16) | QUIET_NAN);
    }
    return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
  }

  /** The same number in float32. */
  public static float widen(short value) {
    return Float.intBitsToFloat(value << 16);
  }
}
