package ernie4j.engine.file;

import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The hashes of its own content that a file keeps in its metadata. */
final class RecordedHashes {
  /** The key of the hash of the data section. */
  static final String DATA = "sha256";

  /** The key of the hash of all other metadata and of names, types and shapes of the tensors. */
  static final String HEADER = "header_sha256";

  private RecordedHashes() {}

  static String ofHeader(Map<String, String> metadata, List<SafetensorsEntry> entries) {
    MessageDigest hash = Sha256.start();
    new TreeMap<>(metadata)
        .forEach(
            (key, value) -> {
              if (!key.equals(HEADER)) {
                Sha256.update(hash, key);
                Sha256.update(hash, value);
              }
            });
    for (SafetensorsEntry entry : entries) {
      Sha256.update(hash, entry.name());
      Sha256.update(hash, entry.type() + " " + entry.shape());
    }
    return Sha256.hex(hash);
  }
}
