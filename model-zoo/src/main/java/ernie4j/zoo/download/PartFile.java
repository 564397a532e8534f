package ernie4j.zoo.download;

import ernie4j.engine.file.AtomicFile;
import ernie4j.engine.file.FileFailure;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * What is here of a file, {@code NAME.part}, and beside it in {@code NAME.part.version} the ETag or
 * date by which the server knows whether its file is still the same.
 */
final class PartFile {
  private final Path target;
  private final Path part;
  private final Path version;

  PartFile(Path target) {
    this.target = target;
    this.part = target.resolveSibling(target.getFileName() + ".part");
    this.version = target.resolveSibling(target.getFileName() + ".part.version");
  }

  /** The bytes that are here. */
  long size() throws IOException {
    return Files.exists(part) ? Files.size(part) : 0;
  }

  /** The version that they are of; empty if the server did not say, so that they are of no use. */
  String version() throws IOException {
    if (!Files.exists(version)) {
      return "";
    }
    // Damaged, it is another version than the server's, or cannot even be said in a header: the
    // download begins anew.
    String text = new String(Files.readAllBytes(version), StandardCharsets.UTF_8);
    return text.chars().allMatch(c -> c >= ' ' && c <= 0xFF) ? text : "";
  }

  /** Forgets what is here. */
  void discard() throws IOException {
    // In this order: bytes must never stand beside the version of other bytes.
    Files.deleteIfExists(part);
    Files.deleteIfExists(version);
  }

  /** Starts over with another version. */
  OutputStream restart(String newVersion) throws IOException {
    discard();
    if (!newVersion.isEmpty()) {
      AtomicFile.writeText(version, newVersion);
    }
    return append();
  }

  OutputStream append() throws IOException {
    return Files.newOutputStream(part, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /** Adds to the file; a failure is told from that of a connection by its type. */
  void write(OutputStream out, byte[] chunk) throws IOException {
    try {
      out.write(chunk);
    } catch (IOException e) {
      throw FileFailure.at(part, e);
    }
  }

  /** All is here: the file gets its name. */
  void finish() throws IOException {
    // On the disk before it has its name, or a power failure could leave holes under it.
    try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
      channel.force(true);
    } catch (IOException e) {
      throw FileFailure.at(part, e);
    }
    Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    Files.deleteIfExists(version);
  }
}
