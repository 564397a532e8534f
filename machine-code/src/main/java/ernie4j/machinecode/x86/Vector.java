package ernie4j.machinecode.x86;

/**
 * A vector register. 512-bit registers are encoded with EVEX, which is part of AVX-512; narrower
 * ones with VEX, which AVX supports, too, and which has only 16 registers.
 *
 * @param number 0 to 31 with 512 bits, otherwise 0 to 15
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

  /** Whether instructions with this register are encoded with EVEX. */
  boolean evex() {
    return bits == 512;
  }

  int bytes() {
    return bits / 8;
  }

  /** The lowest bits of this register. */
  public Vector low(int lowBits) {
    return new Vector(number, lowBits);
  }
}
