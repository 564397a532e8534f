package ernie4j.machinecode.x86;

import ernie4j.machinecode.assembler.Label;

/**
 * Appends x86-64 instructions, with one method for each form. Vector operands have Intel's order,
 * with the target first. {@code v...} is AVX-512 on 512-bit registers, and AVX, AVX2 or FMA on
 * narrower ones. It contains only what the kernels use.
 */
public final class Assembler extends CodeBuffer {
  // ---- general registers

  /** {@code to = from}. */
  public void mov(Gpr to, Gpr from) {
    wide(0x89, from, to);
  }

  /** {@code to = value}, all 64 bits. */
  public void mov(Gpr to, long value) {
    rex(0, 0, to.number());
    bytes(0xB8 | (to.number() & 7));
    int32((int) value);
    int32((int) (value >> 32));
  }

  /** Loads 64 bits. */
  public void mov(Gpr to, Address from) {
    wide(0x8B, to, from);
  }

  /** Stores 64 bits. */
  public void mov(Address to, Gpr from) {
    wide(0x89, from, to);
  }

  /** Sets {@code to} to the address itself. */
  public void lea(Gpr to, Address address) {
    wide(0x8D, to, address);
  }

  public void add(Gpr to, Gpr value) {
    wide(0x01, value, to);
  }

  public void add(Gpr to, Address value) {
    wide(0x03, to, value);
  }

  public void add(Gpr to, int value) {
    immediate(0, to, value);
  }

  public void and(Gpr to, int value) {
    immediate(4, to, value);
  }

  public void sub(Gpr to, int value) {
    immediate(5, to, value);
  }

  public void cmp(Gpr left, int right) {
    immediate(7, left, right);
  }

  private void immediate(int operation, Gpr to, int value) {
    rex(0, 0, to.number());
    if ((byte) value == value) {
      bytes(0x83, direct(operation, to.number()), value);
    } else {
      bytes(0x81, direct(operation, to.number()));
      int32(value);
    }
  }

  /** Decrements a variable in memory. */
  public void dec(Address value) {
    wide(0xFF, Gpr.RCX, value); // the middle of ModRM is 1, the number of the operation
  }

  /** {@code to = from * value}. */
  public void imul(Gpr to, Gpr from, int value) {
    rex(to.number(), 0, from.number());
    bytes(0x69, direct(to.number(), from.number()));
    int32(value);
  }

  public void push(Gpr from) {
    if (from.number() > 7) {
      bytes(0x41);
    }
    bytes(0x50 | (from.number() & 7));
  }

  public void pop(Gpr to) {
    if (to.number() > 7) {
      bytes(0x41);
    }
    bytes(0x58 | (to.number() & 7));
  }

  public void ret() {
    bytes(0xC3);
  }

  public void jmp(Label target) {
    bytes(0xE9);
    distanceTo(target);
  }

  public void jump(Condition condition, Label target) {
    bytes(0x0F, 0x80 | condition.code);
    distanceTo(target);
  }

  /** Pads with no-operation instructions until the size is a multiple of {@code unit}. */
  public void align(int unit) {
    while (size() % unit != 0) {
      bytes(0x90);
    }
  }

  /** Queries leaf EAX, part ECX; the results are in EAX, EBX, ECX and EDX. */
  public void cpuid() {
    bytes(0x0F, 0xA2);
  }

  /**
   * Queries the state that the operating system saves, with ECX 0; the result is in EDX and EAX.
   */
  public void xgetbv() {
    bytes(0x0F, 0x01, 0xD0);
  }

  // ---- vectors: moves

  private static final Form MOVUPS_LOAD = new Form(NO_PREFIX, MAP_0F, 0x10);
  private static final Form MOVUPS_STORE = new Form(NO_PREFIX, MAP_0F, 0x11);
  private static final Form MOVAPS = new Form(NO_PREFIX, MAP_0F, 0x28);
  private static final Form BROADCASTSS = new Form(PREFIX_66, MAP_0F38, 0x18);
  private static final Form MASKMOVPS_LOAD = new Form(PREFIX_66, MAP_0F38, 0x2C);
  private static final Form MASKMOVPS_STORE = new Form(PREFIX_66, MAP_0F38, 0x2E);
  private static final Form MOVD_TO_VECTOR = new Form(PREFIX_66, MAP_0F, 0x6E);
  private static final Form MOVD_FROM_VECTOR = new Form(PREFIX_66, MAP_0F, 0x7E);
  private static final Form MOVQ_STORE = new Form(PREFIX_66, MAP_0F, 0xD6);
  private static final Form PMOVDB = new Form(PREFIX_F3, MAP_0F38, 0x31);
  private static final Form PMOVSXBW = new Form(PREFIX_66, MAP_0F38, 0x20);

  public void vmovups(Vector to, Address from) {
    vector(MOVUPS_LOAD, to, 0, from);
  }

  public void vmovups(Address to, Vector from) {
    vector(MOVUPS_STORE, from, 0, to);
  }

  /** Loads the lanes of the mask, sets the others to zero, and accesses no other memory. */
  public void vmovups(Vector to, Address from, Mask mask) {
    vector(MOVUPS_LOAD, to, 0, from, to.bytes(), mask, true);
  }

  /** Stores the lanes of the mask. */
  public void vmovups(Address to, Vector from, Mask mask) {
    vector(MOVUPS_STORE, from, 0, to, from.bytes(), mask, false);
  }

  public void vmovaps(Vector to, Vector from) {
    vector(MOVAPS, to, 0, from.number());
  }

  /** Loads the lanes whose sign bit is set in {@code mask}, and sets the others to zero. */
  public void vmaskmovps(Vector to, Vector mask, Address from) {
    vector(MASKMOVPS_LOAD, to, mask.number(), from);
  }

  /** Stores the lanes whose sign bit is set in {@code mask}. */
  public void vmaskmovps(Address to, Vector mask, Vector from) {
    vector(MASKMOVPS_STORE, from, mask.number(), to);
  }

  /** Loads 32 bits into every lane. */
  public void vbroadcastss(Vector to, Address from) {
    vector(BROADCASTSS, to, 0, from, 4, null, false);
  }

  /** Copies the lowest 32 bits into every lane. */
  public void vbroadcastss(Vector to, Vector from) {
    vector(BROADCASTSS, to, 0, from.number());
  }

  /** Copies the low 32 bits of a general register; the rest of the vector becomes zero. */
  public void vmovd(Vector to, Gpr from) {
    vector(MOVD_TO_VECTOR, to.low(128), 0, from.number());
  }

  /** Copies the lowest 32 bits; the upper half of the general register becomes zero. */
  public void vmovd(Gpr to, Vector from) {
    vector(MOVD_FROM_VECTOR, from.low(128), 0, to.number());
  }

  /** Stores the lowest 32 bits. */
  public void vmovd(Address to, Vector from) {
    vector(MOVD_FROM_VECTOR, from.low(128), 0, to);
  }

  /** Stores the lowest 64 bits. */
  public void vmovq(Address to, Vector from) {
    vector(MOVQ_STORE, from.low(128), 0, to);
  }

  /** Stores the lowest byte of each of the 16 lanes of 32 bits. */
  public void vpmovdb(Address to, Vector from) {
    vector(PMOVDB, from, 0, to, from.bytes() / 4, null, false);
  }

  /** Loads bytes and sign-extends them to 16 bits. */
  public void vpmovsxbw(Vector to, Address from) {
    vector(PMOVSXBW, to, 0, from, to.bytes() / 2, null, false);
  }

  /** Copies the low 16 bits of a general register to each lane of 32 bits. */
  public void kmovw(Mask to, Gpr from) {
    bytes(0xC4, 0xC1 | (inverted(from.number(), 3) << 5), 0x78, 0x92);
    bytes(direct(to.number(), from.number()));
  }

  // ---- vectors: arithmetic in float32

  private static final Form ADDPS = new Form(NO_PREFIX, MAP_0F, 0x58);
  private static final Form MULPS = new Form(NO_PREFIX, MAP_0F, 0x59);
  private static final Form SUBPS = new Form(NO_PREFIX, MAP_0F, 0x5C);
  private static final Form MINPS = new Form(NO_PREFIX, MAP_0F, 0x5D);
  private static final Form DIVPS = new Form(NO_PREFIX, MAP_0F, 0x5E);
  private static final Form MAXPS = new Form(NO_PREFIX, MAP_0F, 0x5F);
  private static final Form FMADD213PS = new Form(PREFIX_66, MAP_0F38, 0xA8);
  private static final Form FMADD231PS = new Form(PREFIX_66, MAP_0F38, 0xB8);
  private static final Form CVTPS2PD = new Form(NO_PREFIX, MAP_0F, 0x5A);
  private static final Form CVTPD2PS = new Form(PREFIX_66, MAP_0F, 1, 0x5A);
  private static final Form SQRTPD = new Form(PREFIX_66, MAP_0F, 1, 0x51);
  private static final Form DIVPD = new Form(PREFIX_66, MAP_0F, 1, 0x5E);
  private static final Form CVTDQ2PS = new Form(NO_PREFIX, MAP_0F, 0x5B);
  private static final Form CVTPS2DQ = new Form(PREFIX_66, MAP_0F, 0x5B);
  private static final Form CVTNEPS2BF16 = new Form(PREFIX_F3, MAP_0F38, 0x72);
  private static final Form DPBF16PS = new Form(PREFIX_F3, MAP_0F38, 0x52);

  public void vaddps(Vector to, Vector left, Vector right) {
    vector(ADDPS, to, left.number(), right.number());
  }

  public void vaddps(Vector to, Vector left, Address right) {
    vector(ADDPS, to, left.number(), right);
  }

  public void vsubps(Vector to, Vector left, Vector right) {
    vector(SUBPS, to, left.number(), right.number());
  }

  public void vsubps(Vector to, Vector left, Address right) {
    vector(SUBPS, to, left.number(), right);
  }

  public void vmulps(Vector to, Vector left, Vector right) {
    vector(MULPS, to, left.number(), right.number());
  }

  public void vmulps(Vector to, Vector left, Address right) {
    vector(MULPS, to, left.number(), right);
  }

  public void vdivps(Vector to, Vector left, Vector right) {
    vector(DIVPS, to, left.number(), right.number());
  }

  /** The minimum; {@code right} if one operand is NaN. */
  public void vminps(Vector to, Vector left, Vector right) {
    vector(MINPS, to, left.number(), right.number());
  }

  /** The minimum; {@code right} if one operand is NaN. */
  public void vminps(Vector to, Vector left, Address right) {
    vector(MINPS, to, left.number(), right);
  }

  /** The maximum; {@code right} if one operand is NaN. */
  public void vmaxps(Vector to, Vector left, Vector right) {
    vector(MAXPS, to, left.number(), right.number());
  }

  /** The maximum; {@code right} if one operand is NaN. */
  public void vmaxps(Vector to, Vector left, Address right) {
    vector(MAXPS, to, left.number(), right);
  }

  /** {@code to = factor * to + summand}, rounded once. */
  public void vfmadd213ps(Vector to, Vector factor, Vector summand) {
    vector(FMADD213PS, to, factor.number(), summand.number());
  }

  /** {@code to = factor * to + summand}, rounded once. */
  public void vfmadd213ps(Vector to, Vector factor, Address summand) {
    vector(FMADD213PS, to, factor.number(), summand);
  }

  /** {@code to = left * right + to}, rounded once. */
  public void vfmadd231ps(Vector to, Vector left, Vector right) {
    vector(FMADD231PS, to, left.number(), right.number());
  }

  /** {@code to = left * right + to}, rounded once. */
  public void vfmadd231ps(Vector to, Vector left, Address right) {
    vector(FMADD231PS, to, left.number(), right);
  }

  /** The low two float32 to float64; 128 bits. */
  public void vcvtps2pd(Vector to, Vector from) {
    vector(CVTPS2PD, to.low(128), 0, from.number());
  }

  /** Two float64 to float32, half to even; the upper two become zero. 128 bits. */
  public void vcvtpd2ps(Vector to, Vector from) {
    vector(CVTPD2PS, to.low(128), 0, from.number());
  }

  /** Square roots of float64. */
  public void vsqrtpd(Vector to, Vector from) {
    vector(SQRTPD, to, 0, from.number());
  }

  /** Divides float64. */
  public void vdivpd(Vector to, Vector left, Vector right) {
    vector(DIVPD, to, left.number(), right.number());
  }

  /** int32 to float32. */
  public void vcvtdq2ps(Vector to, Vector from) {
    vector(CVTDQ2PS, to, 0, from.number());
  }

  /** float32 to int32, half to even. */
  public void vcvtps2dq(Vector to, Vector from) {
    vector(CVTPS2DQ, to, 0, from.number());
  }

  /** Converts float32 of 512 bits to bfloat16 of 256 bits, half to even (AVX512-BF16). */
  public void vcvtneps2bf16(Vector to, Vector from) {
    vector(CVTNEPS2BF16, new Vector(to.number(), from.bits()), 0, from.number());
  }

  /**
   * Adds two products of bfloat16 numbers to every float32 of {@code to} (AVX512-BF16, 512 bits).
   */
  public void vdpbf16ps(Vector to, Vector left, Vector right) {
    vector(DPBF16PS, to, left.number(), right.number());
  }

  // ---- vectors: whole numbers

  private static final Form PXOR = new Form(PREFIX_66, MAP_0F, 0xEF);
  private static final Form PAND = new Form(PREFIX_66, MAP_0F, 0xDB);
  private static final Form PADDD = new Form(PREFIX_66, MAP_0F, 0xFE);
  private static final Form SHIFT = new Form(PREFIX_66, MAP_0F, 0x72);
  private static final Form PMAXSD = new Form(PREFIX_66, MAP_0F38, 0x3D);
  private static final Form PMADDWD = new Form(PREFIX_66, MAP_0F, 0xF5);
  private static final Form PDPBUSD = new Form(PREFIX_66, MAP_0F38, 0x50);
  private static final Form PACKSSDW = new Form(PREFIX_66, MAP_0F, 0x6B);
  private static final Form PACKUSWB = new Form(PREFIX_66, MAP_0F, 0x67);
  private static final Form PSHUFD = new Form(PREFIX_66, MAP_0F, 0x70);
  private static final Form EXTRACTI64X4 = new Form(PREFIX_66, MAP_0F3A, 1, 0x3B);
  private static final Form EXTRACTI128 = new Form(PREFIX_66, MAP_0F3A, 0x39);

  /** Exclusive or of all bits (vpxord with 512 bits). */
  public void vpxor(Vector to, Vector left, Vector right) {
    vector(PXOR, to, left.number(), right.number());
  }

  /** And of all bits (vpandd with 512 bits). */
  public void vpand(Vector to, Vector left, Address right) {
    vector(PAND, to, left.number(), right);
  }

  /** And of all bits (vpandd with 512 bits). */
  public void vpand(Vector to, Vector left, Vector right) {
    vector(PAND, to, left.number(), right.number());
  }

  public void vpaddd(Vector to, Vector left, Vector right) {
    vector(PADDD, to, left.number(), right.number());
  }

  public void vpaddd(Vector to, Vector left, Address right) {
    vector(PADDD, to, left.number(), right);
  }

  /** Shifts int32 to the left. */
  public void vpslld(Vector to, Vector from, int bits) {
    // The middle of ModRM is the number of the operation; the target is encoded as second operand.
    vector(SHIFT, new Vector(6, to.bits()), to.number(), from.number());
    bytes(bits);
  }

  /** The maximum of signed int32. */
  public void vpmaxsd(Vector to, Vector left, Vector right) {
    vector(PMAXSD, to, left.number(), right.number());
  }

  /** Multiplies signed int16 and adds adjacent products to int32. */
  public void vpmaddwd(Vector to, Vector left, Vector right) {
    vector(PMADDWD, to, left.number(), right.number());
  }

  /**
   * Adds four products of unsigned and signed bytes to every int32 of {@code to}; AVX-512 VNNI with
   * 512 bits, AVX-VNNI with 256 bits.
   */
  public void vpdpbusd(Vector to, Vector unsigned, Vector signed) {
    vector(PDPBUSD, to, unsigned.number(), signed.number());
  }

  /**
   * Converts int32 to int16 with saturation; within each 128 bits, those of {@code left} come
   * first.
   */
  public void vpackssdw(Vector to, Vector left, Vector right) {
    vector(PACKSSDW, to, left.number(), right.number());
  }

  /**
   * Converts int16 to unsigned bytes with saturation; within each 128 bits, those of {@code left}
   * come first.
   */
  public void vpackuswb(Vector to, Vector left, Vector right) {
    vector(PACKUSWB, to, left.number(), right.number());
  }

  /** Permutes the four 32-bit values within every 128 bits. */
  public void vpshufd(Vector to, Vector from, int order) {
    vector(PSHUFD, to, 0, from.number());
    bytes(order);
  }

  /** Copies the upper half of 512 bits to 256 bits. */
  public void vextracti64x4(Vector to, Vector from, int half) {
    vector(EXTRACTI64X4, from, 0, to.number());
    bytes(half);
  }

  /** Copies a half of 256 bits to 128 bits. */
  public void vextracti128(Vector to, Vector from, int half) {
    vector(EXTRACTI128, from, 0, to.number());
    bytes(half);
  }

  /** Ends the use of wide vectors, which would otherwise slow down SSE code. */
  public void vzeroupper() {
    bytes(0xC5, 0xF8, 0x77);
  }
}
