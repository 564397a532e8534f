package ernie4j.engine.file;

/** Decodes 16-bit floats; Java has {@code Float.float16ToFloat} only since 20. */
public final class HalfFloats {
  private HalfFloats() {}

  /**
   * Converts IEEE 754 binary16 to binary32, exactly.
   *
   * @param bits the bits of the number
   * @return its value
   */
  public static float float16(short bits) {
    int exponent = (bits >> 10) & 0x1f;
    int fraction = bits & 0x3ff;
    float magnitude =
        switch (exponent) {
          case 0 -> fraction * 0x1p-24f;
          case 0x1f -> Float.intBitsToFloat(0x7f800000 | (fraction << 13));
          default -> Float.intBitsToFloat(((exponent + 112) << 23) | (fraction << 13));
        };
    return bits < 0 ? -magnitude : magnitude;
  }
}
