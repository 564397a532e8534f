package ernie4j.engine.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Safetensors files made by hand, right or wrong. */
final class RawFile {
  private RawFile() {}

  /** A file with that header and data, and the correct header length. */
  static byte[] bytes(String header, byte[] data) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    return withLength(json.length, json, data);
  }

  static byte[] withLength(long headerLength, byte[] header, byte[] data) {
    return ByteBuffer.allocate(8 + header.length + data.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(headerLength)
        .put(header)
        .put(data)
        .array();
  }

  static Path write(Path folder, byte[] bytes) throws IOException {
    return Files.write(folder.resolve("raw.safetensors"), bytes);
  }

  static Path write(Path folder, String header, int dataBytes) throws IOException {
    return write(folder, bytes(header, new byte[dataBytes]));
  }
}
