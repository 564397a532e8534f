package ernie4j.zoo.pickle;

import java.util.IdentityHashMap;

/**
 * The short texts of one pickle that stand for bytes, each converted only once: a small pickle can
 * ask for the bytes of one text a million times.
 */
final class ShortTexts {
  private final IdentityHashMap<String, PickleBytes> known = new IdentityHashMap<>();

  /**
   * The bytes of a text whose characters are bytes.
   *
   * @throws IllegalArgumentException if a character is not a byte
   */
  PickleBytes bytes(String text) {
    PickleBytes bytes = known.get(text);
    if (bytes == null) {
      if (text.chars().anyMatch(c -> c > 255)) {
        throw new IllegalArgumentException("expected a text of characters up to U+00FF as bytes");
      }
      bytes = PickleBytes.ofLatin1(text);
      known.put(text, bytes);
    }
    return bytes;
  }
}
