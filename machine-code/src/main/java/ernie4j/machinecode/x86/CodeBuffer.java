package ernie4j.machinecode.x86;

import ernie4j.machinecode.assembler.InstructionBuffer;
import ernie4j.machinecode.assembler.Label;
import org.jspecify.annotations.Nullable;

/**
 * Encodes operands: REX, VEX (always the long form, because one form is enough) and EVEX. {@link
 * Assembler} gives the forms their names.
 */
class CodeBuffer extends InstructionBuffer {
  /** The opcode map that a byte sequence selects, as numbered in VEX and EVEX. */
  static final int MAP_0F = 1;

  static final int MAP_0F38 = 2;
  static final int MAP_0F3A = 3;

  /** The mandatory prefix, as numbered in VEX and EVEX. */
  static final int NO_PREFIX = 0;

  static final int PREFIX_66 = 1;
  static final int PREFIX_F3 = 2;

  /** Appends the distance to a label, counted from the end of the distance. */
  final void distanceTo(Label label) {
    int32(0);
    goesTo(label);
  }

  @Override
  protected final void connect(int end, int target) {
    replace(end - Integer.BYTES, target - end);
  }

  /** REX.W and an opcode with two registers, {@code register} in the middle of ModRM. */
  final void wide(int opcode, Gpr register, Gpr rm) {
    rex(register.number(), 0, rm.number());
    bytes(opcode, direct(register.number(), rm.number()));
  }

  /** REX.W and an opcode with a register and memory. */
  final void wide(int opcode, Gpr register, Address memory) {
    rex(register.number(), index(memory), memory.base().number());
    bytes(opcode);
    memory(register.number(), memory, 1);
  }

  final void rex(int register, int index, int base) {
    bytes(0x48 | ((register >> 3) << 2) | ((index >> 3) << 1) | (base >> 3));
  }

  static int direct(int register, int rm) {
    return 0xC0 | ((register & 7) << 3) | (rm & 7);
  }

  /** A bit of a number, inverted, as VEX and EVEX encode it. */
  static int inverted(int number, int bit) {
    return (~number >> bit) & 1;
  }

  private static int index(Address memory) {
    Gpr index = memory.index();
    return index == null ? 0 : index.number();
  }

  /**
   * ModRM, SIB and displacement.
   *
   * @param unit the unit of a one-byte displacement: 1, or with EVEX the size of the operand
   */
  private void memory(int register, Address memory, int unit) {
    int middle = (register & 7) << 3;
    int base = memory.base().number() & 7;
    int displacement = memory.displacement();
    boolean sib = memory.index() != null || base == 4;
    boolean small = displacement % unit == 0 && (byte) (displacement / unit) == displacement / unit;
    int mode = displacement == 0 && base != 5 ? 0 : (small ? 1 : 2);
    bytes((mode << 6) | middle | (sib ? 4 : base));
    if (sib) {
      int index = memory.index() == null ? 4 : index(memory) & 7;
      bytes((Integer.numberOfTrailingZeros(memory.scale()) << 6) | (index << 3) | base);
    }
    if (mode == 1) {
      bytes(displacement / unit);
    } else if (mode == 2) {
      int32(displacement);
    }
  }

  /** An instruction on vectors: its prefix, map, W bit and opcode. */
  record Form(int prefix, int map, int w, int opcode) {
    Form(int prefix, int map, int opcode) {
      this(prefix, map, 0, opcode);
    }
  }

  /**
   * {@code form register, second, rm}.
   *
   * @param second the register in VEX.vvvv, 0 if the form has none
   */
  final void vector(Form form, Vector register, int second, int rm) {
    if (register.evex()) {
      evex(form, register, second, inverted(rm, 4), inverted(rm, 3), null, false);
    } else {
      vex(form, register, second, 1, inverted(rm, 3));
    }
    bytes(form.opcode, direct(register.number(), rm));
  }

  /** {@code form register, second, memory}; memory is as wide as the register. */
  final void vector(Form form, Vector register, int second, Address memory) {
    vector(form, register, second, memory, register.bytes(), null, false);
  }

  /**
   * {@code form register, second, memory}.
   *
   * @param width the bytes of the operand in memory
   * @param mask the lanes that are accessed; null for all
   * @param zeroing whether the other lanes of a loaded register become zero
   */
  final void vector(
      Form form,
      Vector register,
      int second,
      Address memory,
      int width,
      @Nullable Mask mask,
      boolean zeroing) {
    int x = inverted(index(memory), 3);
    int b = inverted(memory.base().number(), 3);
    if (register.evex()) {
      evex(form, register, second, x, b, mask, zeroing);
    } else if (mask != null) {
      throw new IllegalArgumentException("only registers of 512 bit are used with masks here");
    } else {
      vex(form, register, second, x, b);
    }
    bytes(form.opcode);
    memory(register.number(), memory, register.evex() ? width : 1);
  }

  private void vex(Form form, Vector register, int second, int x, int b) {
    bytes(
        0xC4,
        (inverted(register.number(), 3) << 7) | (x << 6) | (b << 5) | form.map,
        (form.w << 7) | ((~second & 15) << 3) | (register.bits() == 256 ? 4 : 0) | form.prefix);
  }

  private void evex(
      Form form, Vector register, int second, int x, int b, @Nullable Mask mask, boolean zeroing) {
    int number = register.number();
    bytes(
        0x62,
        (inverted(number, 3) << 7) | (x << 6) | (b << 5) | (inverted(number, 4) << 4) | form.map,
        (form.w << 7) | ((~second & 15) << 3) | 4 | form.prefix,
        (zeroing ? 0x80 : 0)
            | (2 << 5)
            | (inverted(second, 4) << 3)
            | (mask == null ? 0 : mask.number()));
  }
}
