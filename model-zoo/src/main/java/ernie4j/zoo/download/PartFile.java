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
 * The part of a file that has arrived, {@code NAME.part}, and beside it in {@code
 * NAME.part.version} the ETag or date by which the server tells whether its file is unchanged.
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

  /** The number of bytes that have arrived. */
  long size() throws IOException {
    return Files.exists(part) ? Files.size(part) : 0;
  }

  /** Their version; empty if the server did not state one, which makes them useless. */
  String version() throws IOException {
    if (!Files.exists(version)) {
      return "";
    }
    // If it is damaged, it differs from the server's version or is not valid in a header: the
    // download starts again.
    String text = new String(Files.readAllBytes(version), StandardCharsets.UTF_8);
    return text.chars().allMatch(c -> c >= ' ' && c <= 0xFF) ? text : "";
  }

  /** Deletes what has arrived. */
  void discard() throws IOException {
    // In this order: bytes must never be stored with the version of other bytes.
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

  /** Adds to the file; the type of a failure distinguishes it from that of a connection. */
  void write(OutputStream out, byte[] chunk) throws IOException {
    try {
      out.write(chunk);
    } catch (IOException e) {
      throw FileFailure.at(part, e);
    }
  }

  /** Gives the complete file its name. */
  void finish() throws IOException {
    // Forced to the disk before it gets its name; otherwise a power failure could leave holes in
    // it.
    try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
      channel.force(true);
    } catch (IOException e) {
      throw FileFailure.at(part, e);
    }
    Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    Files.deleteIfExists(version);
  }
}
