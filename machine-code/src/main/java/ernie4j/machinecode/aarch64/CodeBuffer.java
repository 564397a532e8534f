package ernie4j.machinecode.aarch64;

import ernie4j.machinecode.assembler.InstructionBuffer;
import ernie4j.machinecode.assembler.Label;

/** Encodes operands in 32-bit instructions. {@link Assembler} gives the forms their names. */
class CodeBuffer extends InstructionBuffer {
  private static final int WORD = Integer.BYTES;

  /** The bit of a load or store whose offset is a non-negative multiple of the operand's size. */
  private static final int SCALED = 1 << 24;

  /** The bit of a load or store that adds to its base afterwards. */
  private static final int POST_INDEX = 1 << 10;

  /** Registers in the three usual places. */
  final void three(int opcode, int to, int left, int right) {
    int32(opcode | right << 16 | left << 5 | to);
  }

  final void three(int opcode, Gpr to, Gpr left, Gpr right) {
    three(opcode, to.number(), left.number(), right.number());
  }

  final void three(int opcode, Vector to, Vector left, Vector right) {
    three(opcode, to.number(), left.number(), right.number());
  }

  final void two(int opcode, Vector to, Vector from) {
    three(opcode, to.number(), from.number(), 0);
  }

  /** {@code right} is one of the four lanes of 32 bits of its register. */
  final void byElement(int opcode, Vector to, Vector left, Vector right, int lane) {
    within("lane", lane, 0, 3);
    three(opcode | (lane & 1) << 21 | (lane >> 1) << 11, to, left, right);
  }

  /** Adds or subtracts a number. */
  final void immediate(int opcode, int to, Gpr from, int value) {
    within("number", value, 0, 4095);
    int32(opcode | value << 10 | from.numberOrStack() << 5 | to);
  }

  /**
   * Loads or stores a register.
   *
   * @param opcode the opcode of the form with a scaled offset
   * @param size the size of the operand in bytes
   */
  final void memory(int opcode, int size, int register, Address address) {
    int offset = address.offset();
    int base = address.base().numberOrStack() << 5;
    if (offset >= 0 && offset % size == 0 && offset / size < 4096) {
      int32(opcode | (offset / size) << 10 | base | register);
    } else {
      int32((opcode & ~SCALED) | nineBits(offset) << 12 | base | register);
    }
  }

  /** Loads or stores a register at the base, and adds to the base. */
  final void memoryPost(int opcode, int register, Gpr base, int step) {
    int32(
        (opcode & ~SCALED)
            | POST_INDEX
            | nineBits(step) << 12
            | base.numberOrStack() << 5
            | register);
  }

  private static int nineBits(int offset) {
    within("offset", offset, -256, 255);
    return offset & 0x1FF;
  }

  /** Loads or stores two registers of 64 bits. */
  final void pair(int opcode, int first, int second, Address address) {
    int offset = address.offset();
    within("offset", offset / Long.BYTES, -64, 63);
    if (offset % Long.BYTES != 0) {
      throw new IllegalArgumentException("the offset of a pair is a multiple of 8, not " + offset);
    }
    int base = address.base().numberOrStack() << 5;
    int32(opcode | ((offset / Long.BYTES) & 0x7F) << 15 | second << 10 | base | first);
  }

  static void within(String what, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "the %s must be from %d to %d, not %d".formatted(what, least, most, value));
    }
  }

  final void jump(int opcode, Label target) {
    int32(opcode);
    goesTo(target);
  }

  /** Distances count instructions: 26 bits in jumps, 14 in tests of a bit, 19 in all others. */
  @Override
  protected final void connect(int end, int target) {
    int place = end - WORD;
    int distance = (target - place) / WORD;
    int jump = int32At(place);
    if ((jump & 0x7C000000) == 0x14000000) {
      replace(place, jump | field(distance, 26));
    } else if ((jump & 0x7E000000) == 0x36000000) {
      replace(place, jump | field(distance, 14) << 5);
    } else {
      replace(place, jump | field(distance, 19) << 5);
    }
  }

  private static int field(int distance, int bits) {
    within("distance", distance, -1 << (bits - 1), (1 << (bits - 1)) - 1);
    return distance & ((1 << bits) - 1);
  }
}
