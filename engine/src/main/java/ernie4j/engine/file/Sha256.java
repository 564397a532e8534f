package ernie4j.engine.file;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The hash function of model files and downloads. */
public final class Sha256 {
  private Sha256() {}

  /** {@return a new hash of no bytes yet} */
  public static MessageDigest start() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform must have SHA-256", e);
    }
  }

  /**
   * Adds a text, preceded by its length, so that different lists of texts never give the same
   * bytes.
   *
   * @param hash the hash to add to
   * @param text hashed as UTF-8
   */
  public static void update(MessageDigest hash, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    hash.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
    hash.update(bytes);
  }

  /** Adds all bytes of a stream up to its end. */
  static void update(MessageDigest hash, InputStream in) throws IOException {
    byte[] bytes = new byte[16_384];
    for (int n = in.read(bytes); n >= 0; n = in.read(bytes)) {
      hash.update(bytes, 0, n);
    }
  }

  /**
   * Completes a hash.
   *
   * @param hash the hash, which is reset
   * @return its 64 lower-case hexadecimal digits
   */
  public static String hex(MessageDigest hash) {
    byte[] bytes = hash.digest();
    StringBuilder digits = new StringBuilder(2 * bytes.length);
    for (byte b : bytes) {
      digits.append(Character.forDigit(b >> 4 & 15, 16)).append(Character.forDigit(b & 15, 16));
    }
    return digits.toString();
  }

  /**
   * Hashes a file.
   *
   * @param file the file to read
   * @return its SHA-256 as {@code sha256sum} prints it: 64 lower-case hexadecimal digits
   * @throws IOException if the file cannot be read
   */
  public static String of(Path file) throws IOException {
    MessageDigest hash = start();
    try (InputStream in = Files.newInputStream(file)) {
      update(hash, in);
    } catch (IOException e) {
      throw FileFailure.at(file, e);
    }
    return hex(hash);
  }
}
