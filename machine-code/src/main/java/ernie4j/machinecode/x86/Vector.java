package ernie4j.machinecode.x86;

/**
 * A vector register. Those of 512 bit are encoded with EVEX, which AVX-512 knows; narrower ones
 * with VEX, which AVX knows, too, and which has no registers from 16 on.
 *
 * @param number 0 to 31 with 512 bit, 0 to 15 else
 * @param bits 128, 256 or 512
 */
public record Vector(int number, int bits) {
  public Vector {
    if (bits != 128 && bits != 256 && bits != 512) {
      throw new IllegalArgumentException("a vector register has 128, 256 or 512 bit, not " + bits);
    }
    if (number < 0 || number >= (bits == 512 ? 32 : 16)) {
      throw new IllegalArgumentException("there is no register " + number + " of " + bits + " bit");
    }
  }

  /** Whether instructions with it are encoded with EVEX. */
  boolean evex() {
    return bits == 512;
  }

  int bytes() {
    return bits / 8;
  }

  /** The lowest bits of the same register. */
  public Vector low(int lowBits) {
    return new Vector(number, lowBits);
  }
}
