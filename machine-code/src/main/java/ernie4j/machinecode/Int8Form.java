package ernie4j.machinecode;

/** How codes are multiplied; all forms compute the same sums. */
enum Int8Form {
  /** vpdpbusd with 512 bits: four codes of a column at a time, those of A as unsigned a + 128. */
  AVX512_VNNI("AVX-512 VNNI", 512, 4, 1, -128),
  /** The same with 256 bits, for processors without AVX-512. */
  AVX_VNNI("AVX-VNNI", 256, 4, 1, -128),
  /** vpmaddwd with 256 bits: two codes of a column at a time, extended to 16 bits. */
  AVX2("AVX2", 256, 2, 2, 0);

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

  /** How many codes of a column are adjacent, that is, multiplied by one step. */
  int group() {
    return group;
  }

  /** The size of a code of A in bytes. */
  int aBytes() {
    return aBytes;
  }

  /** What a code of B adds to the initial sum of its column. */
  int correction() {
    return correction;
  }

  @Override
  public String toString() {
    return title;
  }
}
