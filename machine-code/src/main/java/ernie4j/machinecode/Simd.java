package ernie4j.machinecode;

import static ernie4j.machinecode.x86.Address.at;

import ernie4j.machinecode.x86.Address;
import ernie4j.machinecode.x86.Assembler;
import ernie4j.machinecode.x86.Gpr;
import ernie4j.machinecode.x86.Mask;
import ernie4j.machinecode.x86.Vector;

/**
 * Vectors of one width on top of an assembler. It hides the differences between AVX-512 and AVX2
 * other than the width. Partial loads and stores touch no memory beyond their lanes.
 */
final class Simd {
  private static final Mask PARTIAL = Mask.K1;

  private final Assembler code;
  private final int bits;

  Simd(Assembler code, int bits) {
    this.code = code;
    this.bits = bits;
  }

  Vector register(int number) {
    return new Vector(number, bits);
  }

  int registers() {
    return registers(bits);
  }

  /** The number of registers of a processor with vectors of {@code bits} bits; 128 is NEON. */
  static int registers(int bits) {
    return bits == 256 ? 16 : 32;
  }

  int bytes() {
    return bits / 8;
  }

  /**
   * The argument that limits generated code to the first {@code count} lanes of a vector: the bits
   * of a mask (512 bits), the place of a mask in the table of constants (256 bits), or the number
   * of lanes (NEON, 128 bits).
   */
  static long partial(int bits, int count) {
    return switch (bits) {
      case 512 -> (1L << count) - 1;
      case 256 -> Constants.Table.mask(count);
      default -> count;
    };
  }

  /**
   * Prepares the mask of the first {@code count} lanes; it is valid until it is overwritten.
   *
   * @param mask the register for the mask with AVX2; AVX-512 has its own mask registers
   */
  void setPartial(Vector mask, int count, long constants, Gpr scratch) {
    if (bits == 512) {
      code.mov(scratch, partial(bits, count));
      code.kmovw(PARTIAL, scratch);
    } else {
      code.mov(scratch, constants);
      code.vmovups(mask, at(scratch, Constants.Table.mask(count)));
    }
  }

  /**
   * Takes the argument {@link #partial}; it is valid until other code uses a mask register.
   *
   * @param scratch a general register that may be overwritten
   */
  void takePartial(Address argument, Gpr scratch) {
    if (bits == 512) {
      code.mov(scratch, argument);
      code.kmovw(PARTIAL, scratch);
    }
  }

  /**
   * Loads the mask into a vector register with AVX2; AVX-512 has its own mask registers.
   *
   * @param argument the address of {@link #partial}
   * @param constants the address of the table of constants
   */
  void loadMask(Vector mask, Address argument, long constants, Gpr scratch) {
    if (bits != 512) {
      code.mov(scratch, constants);
      code.add(scratch, argument);
      code.vmovups(mask, at(scratch));
    }
  }

  /** An instruction of three registers. */
  interface Operation {
    void apply(Vector to, Vector left, Vector right);
  }

  /** Combines the lanes of a vector by halves; its lowest four then all have the result. */
  void fold(Vector vector, Vector scratch, Operation operation) {
    Vector low = vector.low(256);
    if (vector.bits() == 512) {
      code.vextracti64x4(scratch.low(256), vector, 1);
      operation.apply(low, low, scratch.low(256));
    }
    Vector lowest = vector.low(128);
    Vector other = scratch.low(128);
    code.vextracti128(other, low, 1);
    operation.apply(lowest, lowest, other);
    for (int order : new int[] {0x4E, 0xB1}) { // the other half, the neighbor
      code.vpshufd(other, lowest, order);
      operation.apply(lowest, lowest, other);
    }
  }

  /** Loads the first lanes and sets the others to zero. */
  void loadPartial(Vector to, Address from, Vector mask) {
    if (bits == 512) {
      code.vmovups(to, from, PARTIAL);
    } else {
      code.vmaskmovps(to, mask, from);
    }
  }

  void storePartial(Address to, Vector from, Vector mask) {
    if (bits == 512) {
      code.vmovups(to, from, PARTIAL);
    } else {
      code.vmaskmovps(to, mask, from);
    }
  }
}
