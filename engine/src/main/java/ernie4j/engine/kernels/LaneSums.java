package ernie4j.engine.kernels;

/**
 * How every kernel adds up a row: value j belongs to lane j mod 16; the lanes are added by halves,
 * and values beyond the last whole group of 16 follow one by one. Vectors of 512 bit do this as one
 * register, narrower ones in parts, plain Java in an array: the bits are the same everywhere.
 *
 * <p>The Vector API's own {@code reduceLanes(ADD)} adds in another order once it is compiled, and
 * in another again on another JDK.
 */
final class LaneSums {
  private LaneSums() {}

  static final int LANES = 16;

  /** The part of a row that fills all lanes evenly. */
  static int whole(int n) {
    return n - n % LANES;
  }

  /** The sum of sixteen lanes, by halves. */
  static float tree(float[] lanes) {
    float a = (lanes[0] + lanes[8]) + (lanes[4] + lanes[12]);
    float b = (lanes[2] + lanes[10]) + (lanes[6] + lanes[14]);
    float c = (lanes[1] + lanes[9]) + (lanes[5] + lanes[13]);
    float d = (lanes[3] + lanes[11]) + (lanes[7] + lanes[15]);
    return (a + b) + (c + d);
  }
}
