package ernie4j.engine.kernels.scalar;

/**
 * The random bits of dropout: a hash of an element's index and a key instead of a generator's
 * state, so any element's fate can be computed at any time, in any order and by any thread. The
 * finalizer is that of MurmurHash3 with the upper half of the key mixed in between.
 */
public final class DropoutBits {
  private DropoutBits() {}

  public static final int STEP = 0x9E3779B1;
  public static final int MIX_1 = 0x85EBCA6B;
  public static final int MIX_2 = 0xC2B2AE35;

  /** An element survives if its 31 random bits are not below this. */
  public static int threshold(float probability) {
    return (int) Math.min(Integer.MAX_VALUE, Math.round(probability * 0x1p31));
  }

  public static float scale(float probability) {
    return 1f / (1f - probability);
  }

  public static int low(long key) {
    return (int) key;
  }

  public static int high(long key) {
    return (int) (key >>> 32);
  }

  /** 31 random bits for one element. */
  public static int bits(int index, int keyLow, int keyHigh) {
    int h = index * STEP + keyLow;
    h = (h ^ (h >>> 16)) * MIX_1;
    h = (h ^ (h >>> 13) ^ keyHigh) * MIX_2;
    h ^= h >>> 16;
    return h >>> 1;
  }
}
