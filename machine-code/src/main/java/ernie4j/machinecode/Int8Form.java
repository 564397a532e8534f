package ernie4j.machinecode;

/** How codes are multiplied; all forms give the same sums. */
enum Int8Form {
  /** vpdpbusd on 512 bits: four codes of a column at a time, those of A as unsigned a + 128. */
  AVX512_VNNI("AVX-512 VNNI", 512, 4, 1, -128),
  /** The same on 256 bits, for processors without AVX-512. */
  AVX_VNNI("AVX-VNNI", 256, 4, 1, -128),
  /** vpmaddwd on 256 bits: two codes of a column at a time, extended to 16 bits. */
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

  /** The exception of x86-64 functions for a form of AArch64. */
  IllegalArgumentException notOfX86() {
    return new IllegalArgumentException(title + " is not a form of x86-64");
  }

  /** Whether this is a form of AArch64; otherwise it is one of x86-64. */
  boolean isNeon() {
    return bits == 128;
  }

  /**
   * Returns the generator of the functions that multiply in this form.
   *
   * @param constants the constants that the functions read
   */
  Generator generator(Constants.Table constants) {
    Blocking blocking = Blocking.of(bits);
    return isNeon()
        ? new NeonGenerator(this, blocking, constants)
        : new X86Generator(this, blocking, constants);
  }

  /** The number of adjacent codes of a column: those that one step multiplies. */
  int group() {
    return group;
  }

  /** Bytes of a code of A. */
  int aBytes() {
    return aBytes;
  }

  /** The factor of a code of B in the initial sum of its column. */
  int correction() {
    return correction;
  }

  @Override
  public String toString() {
    return title;
  }
}
