package ernie4j.zoo.download;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Checks that a downloaded file is the one in the registry. */
final class FilePins {
  private FilePins() {}

  /**
   * Removes a file that does not match the registry.
   *
   * @param sha256 its hash
   * @throws IOException if it does not have the SHA-256, or the MD5 sum, of the registry
   */
  static void require(KnownModel.SourceFile file, String sha256, Path target) throws IOException {
    if (file.sha256().isPresent()) {
      require(file, "SHA-256", file.sha256().get(), sha256, target);
    }
    if (file.md5().isPresent()) {
      require(file, "MD5 sum", file.md5().get(), md5(target), target);
    }
  }

  private static void require(
      KnownModel.SourceFile file, String kind, String expected, String got, Path target)
      throws IOException {
    if (!got.equals(expected)) {
      Files.delete(target);
      throw new IOException(
          "%s: expected a file with the %s %s, got %s; it was removed, and nothing was changed in the cache. Try again; if it fails again, the file at the source is a different one"
              .formatted(file.url(), kind, expected, got));
    }
  }

  private static String md5(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      // Some publishers state nothing else. It only detects damage, so its weakness does no harm.
      MessageDigest sum = MessageDigest.getInstance("MD5");
      new DigestInputStream(in, sum).transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(sum.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform must have MD5", e);
    }
  }
}
