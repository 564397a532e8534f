package ernie4j.engine.kernels.scalar;

/**
 * How every kernel adds up a row: value j belongs to lane j mod 16; the lanes are added by halves,
 * and values beyond the last whole group of 16 follow one by one. Vectors of 512 bit do this as one
 * register, narrower ones in parts, plain Java in an array: the bits are the same everywhere.
 *
 * <p>The Vector API's own {@code reduceLanes(ADD)} adds in another order once it is compiled, and
 * in yet another one on another JDK.
 */
public final class LaneSums {
  private LaneSums() {}

  public static final int LANES = 16;

  /** The part of a row that fills all lanes evenly. */
  public static int whole(int n) {
    return n - n % LANES;
  }

  /** The sum of sixteen lanes, by halves. */
  public static float tree(float[] lanes) {
    return tree(lanes, 0);
  }

  /** The sum of the sixteen lanes from {@code at} on, by halves. */
  public static float tree(float[] lanes, int at) {
    float a = (lanes[at] + lanes[at + 8]) + (lanes[at + 4] + lanes[at + 12]);
    float b = (lanes[at + 2] + lanes[at + 10]) + (lanes[at + 6] + lanes[at + 14]);
    float c = (lanes[at + 1] + lanes[at + 9]) + (lanes[at + 5] + lanes[at + 13]);
    float d = (lanes[at + 3] + lanes[at + 11]) + (lanes[at + 7] + lanes[at + 15]);
    return (a + b) + (c + d);
  }
}
