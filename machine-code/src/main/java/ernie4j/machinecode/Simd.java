package ernie4j.machinecode;

import static ernie4j.machinecode.x86.Address.at;

import ernie4j.machinecode.x86.Address;
import ernie4j.machinecode.x86.Assembler;
import ernie4j.machinecode.x86.Gpr;
import ernie4j.machinecode.x86.Mask;
import ernie4j.machinecode.x86.Vector;

/**
 * Vectors of one width over an assembler: where AVX-512 and AVX2 differ in more than the width.
 * Both touch no memory beyond the lanes that are asked for.
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

  /** Those of a processor with vectors of so many bits; 128 is NEON. */
  static int registers(int bits) {
    return bits == 256 ? 16 : 32;
  }

  int bytes() {
    return bits / 8;
  }

  /**
   * What tells generated code that only the first {@code count} lanes of a vector are meant: bits
   * of a mask, where a mask stands in the table of constants, or with NEON, of 128 bit, their
   * number.
   */
  static long partial(int bits, int count) {
    return switch (bits) {
      case 512 -> (1L << count) - 1;
      case 256 -> Constants.Table.mask(count);
      default -> count;
    };
  }

  /**
   * Makes the mask of the first {@code count} lanes ready, for as long as nobody overwrites it.
   *
   * @param mask where it stands with AVX2; with AVX-512 it has a register of its own
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
   * Takes the argument {@link #partial}, for as long as no other code uses a mask register.
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
   * Loads the mask, with AVX2, into a vector register; with AVX-512 it has one of its own.
   *
   * @param argument where {@link #partial} stands
   * @param constants the address of the table of constants
   */
  void loadMask(Vector mask, Address argument, long constants, Gpr scratch) {
    if (bits != 512) {
      code.mov(scratch, constants);
      code.add(scratch, argument);
      code.vmovups(mask, at(scratch));
    }
  }

  /** Loads the first lanes, zero into the others. */
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
