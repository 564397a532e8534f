package ernie4j.quant;

/**
 * Turns the input of an int8 linear layer into codes with a fixed scale: {@code code =
 * clamp(roundHalfEven(x * 127 / scale), -128, 127)} in float32, which is the {@code
 * quantize_linear} of exported Paddle models. A code stands for {@code code * scale / 127}.
 *
 * @param scale the magnitude that maps to code 127, found by an observer; positive and finite
 */
public record ActivationQuantizer(float scale) {

  /**
   * Checks the scale.
   *
   * @throws IllegalArgumentException if it is not a positive number
   */
  public ActivationQuantizer {
    if (!(scale > 0) || Float.isInfinite(scale)) {
      throw new IllegalArgumentException(
          "ActivationQuantizer: the scale must be a positive number, got " + scale);
    }
  }

  /**
   * Quantizes one value.
   *
   * @param x the value
   * @return its code, from -128 to 127; 0 for NaN
   */
  public byte code(float x) {
    double code = Math.rint(x * 127 / scale);
    return (byte) Math.min(Math.max(code, -128), 127);
  }

  /**
   * Quantizes values: the codes of {@code x[from, from + count)} go to {@code codes[to ...]}.
   *
   * @param x the array with the values
   * @param from index of the first value
   * @param count the number of values
   * @param codes receives the codes
   * @param to index in {@code codes} of the first code
   */
  public void quantize(float[] x, int from, int count, byte[] codes, int to) {
    for (int i = 0; i < count; i++) {
      codes[to + i] = code(x[from + i]);
    }
  }
}
