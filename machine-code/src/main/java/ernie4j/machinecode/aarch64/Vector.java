package ernie4j.machinecode.aarch64;

/**
 * A vector register of 128 bit. What its lanes are is said by the instruction.
 *
 * @param number 0 to 31; a function must restore the lower halves of 8 to 15
 */
public record Vector(int number) {
  /** How many there are. */
  public static final int COUNT = 32;

  public Vector {
    if (number < 0 || number >= COUNT) {
      throw new IllegalArgumentException("there is no vector register " + number);
    }
  }
}
