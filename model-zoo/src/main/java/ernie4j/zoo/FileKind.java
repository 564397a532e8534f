package ernie4j.zoo;

import ernie4j.engine.file.FileFailure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a file is, judged by its first bytes, because names can be wrong. */
enum FileKind {
  PICKLE,
  /** A file of torch before 1.6. */
  OLD_TORCH,
  PADDLE_PROGRAM,
  PADDLE_STREAMS,
  ONNX,
  ZIP,
  SAFETENSORS,
  /** The index of several safetensors or torch files. */
  SAFETENSORS_INDEX,
  /** A program of Paddle 3. */
  PADDLE_PIR,
  UNKNOWN;

  private static final int HEADER_BRACE = 8;
  private static final int BEGINNING = 256;

  static FileKind of(Path file) throws IOException {
    byte[] start;
    try (InputStream in = Files.newInputStream(file)) {
      start = in.readNBytes(BEGINNING);
    } catch (IOException e) {
      throw FileFailure.at(file, e);
    }
    if (start.length <= HEADER_BRACE) {
      return UNKNOWN;
    }
    if (start[0] == (byte) 0x80 && start[2] == (byte) 0x8a && start[3] == 0x0a) {
      return OLD_TORCH; // its pickle begins with a magic number of ten bytes
    }
    if (start[0] == (byte) 0x80 && start[1] >= 2 && start[1] <= 5) {
      return PICKLE;
    }
    if (start[0] == 'P' && start[1] == 'K' && start[2] == 3 && start[3] == 4) {
      return ZIP;
    }
    if (start[HEADER_BRACE] == '{' && start[HEADER_BRACE - 1] == 0) {
      return SAFETENSORS;
    }
    if (start[0] == '{') {
      return new String(start, StandardCharsets.ISO_8859_1).contains("\"base_code\"")
          ? PADDLE_PIR
          : SAFETENSORS_INDEX;
    }
    if (start[0] == 0 && start[1] == 0 && start[2] == 0 && start[3] == 0) {
      return PADDLE_STREAMS;
    }
    // Both are protobuf. An ONNX file begins with its version (field 1, an integer) or, rarely, the
    // name of its producer (field 2), a Paddle program with its main block (field 1, a message).
    return switch (start[0]) {
      case 0x0a -> PADDLE_PROGRAM;
      case 0x08, 0x12 -> ONNX;
      default -> UNKNOWN;
    };
  }
}
