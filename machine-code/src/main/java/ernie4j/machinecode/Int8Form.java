package ernie4j.machinecode;

/** How codes are multiplied; all forms give the same sums. */
enum Int8Form {
  /** vpdpbusd on 512 bit: four codes of a column at a time, those of A as unsigned a + 128. */
  AVX512_VNNI("AVX-512 VNNI", 512, 4, 1, -128),
  /** The same on 256 bit, for processors without AVX-512. */
  AVX_VNNI("AVX-VNNI", 256, 4, 1, -128),
  /** vpmaddwd on 256 bit: two codes of a column at a time, extended to 16 bit. */
  AVX2("AVX2", 256, 2, 2, 0),
  /** SDOT of AArch64: four codes of a column at a time. */
  NEON_DOT("NEON with SDOT", 128, 4, 1, 0),
  /** SMMLA of AArch64: eight codes of two columns at a time. */
  NEON_I8MM("NEON with SMMLA", 128, 8, 1, 0);

  private final String title;
  private final int bits;
  private final int group;
  private final int aBytes;
  private final int correction;

  Int8Form(String title, int bits, int group, int aBytes, int correction) {
    this.title = title;
    this.bits = bits;
    this.group = group;
    this.aBytes = aBytes;
    this.correction = correction;
  }

  int bits() {
    return bits;
  }

  /** What a function of x86-64 throws when it is asked for a form of AArch64. */
  IllegalArgumentException notOfX86() {
    return new IllegalArgumentException(title + " is not a form of x86-64");
  }

  /** Whether it is one of AArch64; else it is one of x86-64. */
  boolean isNeon() {
    return bits == 128;
  }

  /**
   * What writes the functions that multiply so.
   *
   * @param constants what they read
   */
  Generator generator(Constants.Table constants) {
    Blocking blocking = Blocking.of(bits);
    return isNeon()
        ? new NeonGenerator(this, blocking, constants)
        : new X86Generator(this, blocking, constants);
  }

  /** So many codes of a column stand behind each other: those that one step multiplies. */
  int group() {
    return group;
  }

  /** Bytes of a code of A. */
  int aBytes() {
    return aBytes;
  }

  /** What a code of B contributes to the sum of its column before anything is multiplied. */
  int correction() {
    return correction;
  }

  @Override
  public String toString() {
    return title;
  }
}
