package ernie4j.training.damage;

import java.util.Arrays;
import java.util.Random;

/** Damages a file as disks, networks, editors and attackers do: in one to four ways at once. */
final class Damage {
  private static final byte[] TELLING = {
    0, 1, -1, 0x7f, (byte) 0x80, '{', '}', '"', '[', ',', '\n'
  };
  private static final int MOST = 64;

  private Damage() {}

  static byte[] of(byte[] good, Random random) {
    byte[] copy = good;
    for (int i = random.nextInt(4); i >= 0; i--) {
      copy = once(copy.length == 0 ? good : copy, random);
    }
    return copy;
  }

  private static byte[] once(byte[] from, Random random) {
    int at = place(from.length, random);
    int length =
        Math.min(from.length - at, 1 + random.nextInt(random.nextInt(8) == 0 ? 4096 : MOST));
    byte[] part = Arrays.copyOfRange(from, at, at + length);
    return switch (random.nextInt(9)) {
      case 0 -> flipped(from, at, random);
      case 1 -> overwritten(from, at, bytes(Math.min(length, 8), random));
      case 2 -> overwritten(from, at, number(Math.min(length, 8), random));
      case 3 -> replaced(from, at, at, bytes(1 + random.nextInt(16), random)); // inserted
      case 4 -> replaced(from, at, at + length, new byte[0]); // deleted
      case 5 -> replaced(from, at, at, repeated(part, 1 + random.nextInt(4)));
      case 6 -> moved(from, at, part, random);
      case 7 -> overwritten(from, place(from.length, random), part); // copied over another part
      default -> random.nextInt(4) == 0 ? Arrays.copyOf(from, at) : flipped(from, at, random);
    };
  }

  /** A random position, more often near the ends, where most formats have their structure. */
  private static int place(int length, Random random) {
    int near = random.nextInt(Math.min(length, 2000));
    return switch (random.nextInt(3)) {
      case 0 -> near;
      case 1 -> length - 1 - near;
      default -> random.nextInt(length);
    };
  }

  private static byte[] flipped(byte[] from, int at, Random random) {
    byte[] copy = from.clone();
    for (int i = 0; i <= random.nextInt(4); i++) {
      copy[Math.min(copy.length - 1, at + random.nextInt(8))] ^= (byte) (1 << random.nextInt(8));
    }
    return copy;
  }

  private static byte[] bytes(int length, Random random) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    if (random.nextBoolean()) {
      Arrays.fill(bytes, TELLING[random.nextInt(TELLING.length)]);
    }
    return bytes;
  }

  /** A whole number near a power of two, in either order of its bytes. */
  private static byte[] number(int length, Random random) {
    long value = (1L << random.nextInt(64)) - random.nextInt(2);
    byte[] bytes = new byte[length];
    boolean little = random.nextInt(4) > 0;
    for (int i = 0; i < length; i++) {
      bytes[little ? i : length - 1 - i] = (byte) (value >>> (8 * i));
    }
    return bytes;
  }

  private static byte[] overwritten(byte[] from, int at, byte[] part) {
    byte[] copy = from.clone();
    System.arraycopy(part, 0, copy, at, Math.min(part.length, copy.length - at));
    return copy;
  }

  private static byte[] replaced(byte[] from, int begin, int end, byte[] part) {
    byte[] copy = new byte[from.length - (end - begin) + part.length];
    System.arraycopy(from, 0, copy, 0, begin);
    System.arraycopy(part, 0, copy, begin, part.length);
    System.arraycopy(from, end, copy, begin + part.length, from.length - end);
    return copy;
  }

  private static byte[] repeated(byte[] part, int times) {
    byte[] all = new byte[part.length * times];
    for (int i = 0; i < times; i++) {
      System.arraycopy(part, 0, all, i * part.length, part.length);
    }
    return all;
  }

  private static byte[] moved(byte[] from, int at, byte[] part, Random random) {
    byte[] without = replaced(from, at, at + part.length, new byte[0]);
    int to = without.length == 0 ? 0 : random.nextInt(without.length);
    return replaced(without, to, to, part);
  }
}
