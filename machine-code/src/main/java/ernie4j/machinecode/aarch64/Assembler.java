package ernie4j.machinecode.aarch64;

import ernie4j.machinecode.assembler.Label;

/**
 * Appends AArch64 instructions, with one method for each form. Operands have ARM's order, with the
 * target first. Vector registers have four lanes of 32 bits unless noted otherwise; the suffixes Q,
 * D and S of a name mean 128, 64 and 32 bits. It contains only what the kernels use.
 */
public final class Assembler extends CodeBuffer {
  /** The number of the register that reads as zero and discards results. */
  private static final int ZERO = 31;

  // ---- general registers

  /** {@code to = from}. */
  public void mov(Gpr to, Gpr from) {
    three(0xAA000000, to.number(), ZERO, from.number());
  }

  /** {@code to = value}, all 64 bits, in as few instructions as needed. */
  public void mov(Gpr to, long value) {
    int32(0xD2800000 | (int) (value & 0xFFFF) << 5 | to.number());
    for (int part = 1; part < 4; part++) {
      int bits = (int) (value >>> (16 * part)) & 0xFFFF;
      if (bits != 0) {
        int32(0xF2800000 | part << 21 | bits << 5 | to.number());
      }
    }
  }

  /** Loads 64 bits. */
  public void ldr(Gpr to, Address from) {
    memory(0xF9400000, 8, to.number(), from);
  }

  /** Loads two registers of 64 bits. */
  public void ldp(Gpr first, Gpr second, Address from) {
    pair(0xA9400000, first.number(), second.number(), from);
  }

  /** Stores two registers of 64 bits. */
  public void stp(Gpr first, Gpr second, Address to) {
    pair(0xA9000000, first.number(), second.number(), to);
  }

  public void add(Gpr to, Gpr left, Gpr right) {
    three(0x8B000000, to, left, right);
  }

  public void add(Gpr to, Gpr left, int right) {
    immediate(0x91000000, to.numberOrStack(), left, right);
  }

  public void sub(Gpr to, Gpr left, int right) {
    immediate(0xD1000000, to.numberOrStack(), left, right);
  }

  /** {@code to = left + right}, and compares the result with 0. */
  public void adds(Gpr to, Gpr left, int right) {
    immediate(0xB1000000, to.number(), left, right);
  }

  /** {@code to = left - right}, and compares both. */
  public void subs(Gpr to, Gpr left, int right) {
    immediate(0xF1000000, to.number(), left, right);
  }

  public void cmp(Gpr left, Gpr right) {
    three(0xEB000000, ZERO, left.number(), right.number());
  }

  /** {@code to = left * right + summand}. */
  public void madd(Gpr to, Gpr left, Gpr right, Gpr summand) {
    three(0x9B000000 | summand.number() << 10, to, left, right);
  }

  /** {@code to = left & ~right}. */
  public void bic(Gpr to, Gpr left, Gpr right) {
    three(0x8A200000, to, left, right);
  }

  /** {@code to = left << right}. */
  public void lsl(Gpr to, Gpr left, Gpr right) {
    three(0x9AC02000, to, left, right);
  }

  /** {@code to} = some bits of {@code from}, as an unsigned number. */
  public void ubfx(Gpr to, Gpr from, int lowest, int width) {
    within("bit", lowest, 0, 63);
    within("width", width, 1, 64 - lowest);
    int32(
        0xD3400000 | lowest << 16 | (lowest + width - 1) << 10 | from.number() << 5 | to.number());
  }

  public void ret() {
    int32(0xD65F03C0);
  }

  public void b(Label target) {
    jump(0x14000000, target);
  }

  public void b(Condition condition, Label target) {
    jump(0x54000000 | condition.code, target);
  }

  /** Jumps if a register is zero. */
  public void cbz(Gpr value, Label target) {
    jump(0xB4000000 | value.number(), target);
  }

  /** Jumps if a bit is zero. */
  public void tbz(Gpr value, int bit, Label target) {
    within("bit", bit, 0, 63);
    jump(0x36000000 | (bit & 32) << 26 | (bit & 31) << 19 | value.number(), target);
  }

  /** Pads with no-operation instructions until the size is a multiple of {@code unit}. */
  public void align(int unit) {
    while (size() % unit != 0) {
      int32(0xD503201F);
    }
  }

  // ---- caches

  /** Reads the sizes of cache lines. */
  public void mrsCtr(Gpr to) {
    int32(0xD53B0020 | to.number());
  }

  /** Writes a line of the data cache back to where instructions are fetched from. */
  public void dcCvau(Gpr address) {
    int32(0xD50B7B20 | address.number());
  }

  /** Invalidates a line of the instruction caches. */
  public void icIvau(Gpr address) {
    int32(0xD50B7520 | address.number());
  }

  /** Waits until all cores see the effects of earlier instructions. */
  public void dsbIsh() {
    int32(0xD5033B9F);
  }

  /** Discards the instructions that this core has already fetched. */
  public void isb() {
    int32(0xD5033FDF);
  }

  // ---- vectors: moves

  private static final int LDR_Q = 0x3DC00000;
  private static final int STR_Q = 0x3D800000;
  private static final int LDR_D = 0xFD400000;
  private static final int STR_D = 0xFD000000;
  private static final int LDR_S = 0xBD400000;
  private static final int STR_S = 0xBD000000;

  public void ldrQ(Vector to, Address from) {
    memory(LDR_Q, 16, to.number(), from);
  }

  /** Loads from the base, and adds to the base. */
  public void ldrQPost(Vector to, Gpr base, int step) {
    memoryPost(LDR_Q, to.number(), base, step);
  }

  public void strQ(Vector from, Address to) {
    memory(STR_Q, 16, from.number(), to);
  }

  /** The other lanes become zero. */
  public void ldrD(Vector to, Address from) {
    memory(LDR_D, 8, to.number(), from);
  }

  /** Loads from the base, and adds to the base; the other lanes become zero. */
  public void ldrDPost(Vector to, Gpr base, int step) {
    memoryPost(LDR_D, to.number(), base, step);
  }

  public void strD(Vector from, Address to) {
    memory(STR_D, 8, from.number(), to);
  }

  /** The other lanes become zero. */
  public void ldrS(Vector to, Address from) {
    memory(LDR_S, 4, to.number(), from);
  }

  /** Loads from the base, and adds to the base; the other lanes become zero. */
  public void ldrSPost(Vector to, Gpr base, int step) {
    memoryPost(LDR_S, to.number(), base, step);
  }

  public void strS(Vector from, Address to) {
    memory(STR_S, 4, from.number(), to);
  }

  /** Stores at the base, and adds to the base. */
  public void strSPost(Vector from, Gpr base, int step) {
    memoryPost(STR_S, from.number(), base, step);
  }

  /** Loads the lower halves of two registers. */
  public void ldpD(Vector first, Vector second, Address from) {
    pair(0x6D400000, first.number(), second.number(), from);
  }

  /** Stores the lower halves of two registers. */
  public void stpD(Vector first, Vector second, Address to) {
    pair(0x6D000000, first.number(), second.number(), to);
  }

  /** Loads one lane and keeps the others. */
  public void ld1S(Vector to, int lane, Gpr base) {
    int32(0x0D408000 | laneBits(lane) | base.numberOrStack() << 5 | to.number());
  }

  /** Stores one lane. */
  public void st1S(Vector from, int lane, Gpr base) {
    int32(0x0D008000 | laneBits(lane) | base.numberOrStack() << 5 | from.number());
  }

  private static int laneBits(int lane) {
    within("lane", lane, 0, 3);
    return (lane >> 1) << 30 | (lane & 1) << 12;
  }

  public void mov(Vector to, Vector from) {
    three(0x4EA01C00, to, from, from);
  }

  /** Copies the lowest lane; the upper half of the general register becomes zero. */
  public void fmovS(Gpr to, Vector from) {
    int32(0x1E260000 | from.number() << 5 | to.number());
  }

  /** Sets all lanes to zero. */
  public void zero(Vector to) {
    int32(0x4F000400 | to.number());
  }

  /** Copies one lane to all lanes. */
  public void dup(Vector to, Vector from, int lane) {
    within("lane", lane, 0, 3);
    two(0x4E040400 | lane << 19, to, from);
  }

  /** Copies the low 32 bits of a general register to all lanes. */
  public void dup(Vector to, Gpr from) {
    three(0x4E040C00, to.number(), from.number(), 0);
  }

  /** Combines the lower halves of both, that of {@code left} first. */
  public void zip1D(Vector to, Vector left, Vector right) {
    three(0x4EC03800, to, left, right);
  }

  /** Combines the upper halves of both, that of {@code left} first. */
  public void zip2D(Vector to, Vector left, Vector right) {
    three(0x4EC07800, to, left, right);
  }

  // ---- vectors: arithmetic in float32

  public void fmul(Vector to, Vector left, Vector right) {
    three(0x6E20DC00, to, left, right);
  }

  /** {@code right} is one lane. */
  public void fmul(Vector to, Vector left, Vector right, int lane) {
    byElement(0x4F809000, to, left, right, lane);
  }

  public void fdiv(Vector to, Vector left, Vector right) {
    three(0x6E20FC00, to, left, right);
  }

  /** The maximum; NaN if one operand is NaN. */
  public void fmax(Vector to, Vector left, Vector right) {
    three(0x4E20F400, to, left, right);
  }

  /** The minimum; NaN if one operand is NaN. */
  public void fmin(Vector to, Vector left, Vector right) {
    three(0x4EA0F400, to, left, right);
  }

  public void fabs(Vector to, Vector from) {
    two(0x4EA0F800, to, from);
  }

  /** {@code to = left * right + to}, rounded once. */
  public void fmla(Vector to, Vector left, Vector right) {
    three(0x4E20CC00, to, left, right);
  }

  /** {@code to = left * right + to}, rounded once; {@code right} is one lane. */
  public void fmla(Vector to, Vector left, Vector right, int lane) {
    byElement(0x4F801000, to, left, right, lane);
  }

  /** int32 to float32. */
  public void scvtf(Vector to, Vector from) {
    two(0x4E21D800, to, from);
  }

  /** float32 to int32, half to even, saturated; 0 for NaN. */
  public void fcvtns(Vector to, Vector from) {
    two(0x4E21A800, to, from);
  }

  // ---- vectors: whole numbers

  /** The maximum of signed int32. */
  public void smax(Vector to, Vector left, Vector right) {
    three(0x4EA06400, to, left, right);
  }

  /** The largest lane of signed int32; the other lanes become zero. */
  public void smaxv(Vector to, Vector from) {
    two(0x4EB0A800, to, from);
  }

  /** int32 to int16, saturated, in the lower half; the upper one becomes zero. */
  public void sqxtnS(Vector to, Vector from) {
    two(0x0E614800, to, from);
  }

  /** int16 to int8, saturated, in the lower half; the upper one becomes zero. */
  public void sqxtnH(Vector to, Vector from) {
    two(0x0E214800, to, from);
  }

  /**
   * Adds four products of signed bytes to every int32 of {@code to}; all use the bytes of one lane
   * of {@code right} (ASIMDDP).
   */
  public void sdot(Vector to, Vector left, Vector right, int lane) {
    byElement(0x4F80E000, to, left, right, lane);
  }

  /**
   * Adds the products of each row of {@code left} and each row of {@code right} to the four int32
   * of {@code to}; both operands are two rows of eight signed bytes (I8MM).
   */
  public void smmla(Vector to, Vector left, Vector right) {
    three(0x4E80A400, to, left, right);
  }
}
