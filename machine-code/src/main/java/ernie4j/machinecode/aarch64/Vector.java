package ernie4j.machinecode.aarch64;

/**
 * A 128-bit vector register. The instruction determines its lanes.
 *
 * @param number 0 to 31; a function must restore the lower halves of 8 to 15
 */
public record Vector(int number) {
  /** The number of vector registers. */
  public static final int COUNT = 32;

  public Vector {
    if (number < 0 || number >= COUNT) {
      throw new IllegalArgumentException("there is no vector register " + number);
    }
  }
}
