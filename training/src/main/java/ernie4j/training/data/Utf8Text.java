package ernie4j.training.data;

import ernie4j.engine.file.FileFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Text in UTF-8, with or without a byte order mark. Anything else is rejected with the number of
 * the line and a guess at its encoding, because models would also answer wrongly decoded text.
 */
public final class Utf8Text {
  private static final String MARK = "\uFEFF";

  private Utf8Text() {}

  /**
   * Reads a whole file.
   *
   * @param file a text file in UTF-8
   * @return its text without a byte order mark
   * @throws IOException if the file cannot be read or is not UTF-8
   */
  public static String read(Path file) throws IOException {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (IOException e) {
      throw FileFailure.at(file, e);
    }
    return withoutMark(decode(bytes, file.toString(), 1));
  }

  /**
   * Decodes bytes.
   *
   * @param bytes text in UTF-8, perhaps with a byte order mark
   * @param source names the bytes in messages
   * @param line the number of the first line, counted from 1, for messages
   * @return the text, including a byte order mark if there is one
   * @throws IOException if they are not UTF-8
   */
  public static String decode(byte[] bytes, String source, int line) throws IOException {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    CoderResult result = decoder.decode(in, out, true);
    String text = out.flip().toString();
    if (result.isError() || text.indexOf('\0') >= 0) {
      int before = result.isError() ? text.length() : text.indexOf('\0');
      long number = line + text.substring(0, before).chars().filter(c -> c == '\n').count();
      throw new IOException(
          "%s: line %d: expected UTF-8 text, got %s".formatted(source, number, looks(bytes)));
    }
    return text;
  }

  /**
   * Removes a byte order mark.
   *
   * @param text any text
   * @return the text without a byte order mark at its beginning
   */
  public static String withoutMark(String text) {
    return text.startsWith(MARK) ? text.substring(1) : text;
  }

  private static String looks(byte[] bytes) {
    int first = bytes.length > 1 ? ((bytes[0] & 0xFF) << 8) | (bytes[1] & 0xFF) : 0;
    if (first == 0xFFFE || first == 0xFEFF) {
      return "UTF-16; convert it to UTF-8";
    }
    for (byte b : bytes) {
      if (b == 0) {
        return "bytes that are not text, or UTF-16; convert it to UTF-8";
      }
    }
    if (Charset.isSupported("GB18030")) {
      try {
        Charset.forName("GB18030").newDecoder().decode(ByteBuffer.wrap(bytes));
        return "bytes that are not, perhaps GBK; convert it, for example with iconv -f GB18030 -t"
            + " UTF-8";
      } catch (CharacterCodingException e) {
        // It is another encoding.
      }
    }
    return "bytes that are not; convert it";
  }
}
