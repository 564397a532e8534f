package ernie4j.zoo.protobuf;

import ernie4j.engine.file.ModelFileException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads one message of protobuf's wire format field by field: a sequence of (tag, value) with tag =
 * field number * 8 + wire type. Nothing is copied but strings; a nested message is a reader over
 * the same array with narrower bounds.
 *
 * <pre>{@code
 * while (reader.next()) {
 *   switch (reader.field()) {
 *     case 1 -> name = reader.string();
 *     default -> reader.skip();
 *   }
 * }
 * }</pre>
 *
 * <p>Every length is checked against the enclosing message before it is used, so a damaged file
 * causes a {@link ModelFileException} and never a large allocation. Groups (wire types 3 and 4)
 * have been deprecated since 2008 and are refused.
 */
public final class WireReader {
  public static final int VARINT = 0;
  public static final int FIXED64 = 1;
  public static final int BYTES = 2;
  public static final int FIXED32 = 5;

  private final String file;
  private final byte[] bytes;
  private final int start;
  private final int end;
  private int position;
  private int field;
  private int wireType;

  public WireReader(String file, byte[] bytes) {
    this(file, bytes, 0, bytes.length);
  }

  private WireReader(String file, byte[] bytes, int start, int end) {
    this.file = file;
    this.bytes = bytes;
    this.start = start;
    this.position = start;
    this.end = end;
  }

  /** Moves on to the next field; false at the end of the message. */
  public boolean next() throws ModelFileException {
    if (position == end) {
      return false;
    }
    long tag = rawVarint();
    wireType = (int) (tag & 7);
    if (tag >>> 3 == 0 || tag >>> 3 > 0x1fff_ffff) {
      throw failure("the field number " + (tag >>> 3) + " is outside 1 to 2^29-1");
    }
    field = (int) (tag >>> 3);
    return true;
  }

  public int field() {
    return field;
  }

  public int wireType() {
    return wireType;
  }

  /** A new reader at the start of the same message. */
  public WireReader again() {
    return new WireReader(file, bytes, start, end);
  }

  /** The bytes that are left in this message. */
  public int remaining() {
    return end - position;
  }

  /** The current field's integer. */
  public long varint() throws ModelFileException {
    expect(VARINT);
    return rawVarint();
  }

  /** The current field's 32-bit float. */
  public float float32() throws ModelFileException {
    expect(FIXED32);
    return rawFloat32();
  }

  /** A reader over the current field's message or packed numbers. */
  public WireReader message() throws ModelFileException {
    int length = length();
    int from = advance(length);
    return new WireReader(file, bytes, from, from + length);
  }

  /** The current field's bytes, shared with the file. */
  public ByteBuffer bytes() throws ModelFileException {
    int length = length();
    return ByteBuffer.wrap(bytes, advance(length), length).slice();
  }

  /** The current field's text. */
  public String string() throws ModelFileException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes()).toString();
    } catch (CharacterCodingException e) {
      throw failure("field %d should be text but is not UTF-8".formatted(field));
    }
  }

  /** The current field's bytes as one character each, for texts that may not be UTF-8. */
  public String latin1() throws ModelFileException {
    return StandardCharsets.ISO_8859_1.decode(bytes()).toString();
  }

  /** Skips the current field's value. */
  public void skip() throws ModelFileException {
    switch (wireType) {
      case VARINT -> rawVarint();
      case FIXED64 -> advance(8);
      case BYTES -> advance(length());
      case FIXED32 -> advance(4);
      default -> throw failure("field %d has the unknown wire type %d".formatted(field, wireType));
    }
  }

  /** A number without a tag, as packed fields hold them: seven bits a byte, lowest first. */
  public long rawVarint() throws ModelFileException {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      byte next = bytes[advance(1)];
      value |= (next & 127L) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw failure("an integer is longer than ten bytes");
  }

  /** A little-endian float without a tag, as packed fields hold them. */
  public float rawFloat32() throws ModelFileException {
    int from = advance(4);
    return Float.intBitsToFloat(
        (bytes[from] & 255)
            | ((bytes[from + 1] & 255) << 8)
            | ((bytes[from + 2] & 255) << 16)
            | ((bytes[from + 3] & 255) << 24));
  }

  private int length() throws ModelFileException {
    expect(BYTES);
    long length = rawVarint();
    if (length < 0 || length > remaining()) {
      throw failure(
          "field %d says it has %s bytes, but only %d are left; the file is cut or damaged"
              .formatted(field, Long.toUnsignedString(length), remaining()));
    }
    return (int) length;
  }

  private int advance(int count) throws ModelFileException {
    if (count > remaining()) {
      throw failure("the message ends in the middle of a value; the file is cut or damaged");
    }
    int from = position;
    position += count;
    return from;
  }

  private void expect(int expected) throws ModelFileException {
    if (wireType != expected) {
      throw failure(
          "field %d: expected wire type %d, got %d; the file is something else or damaged"
              .formatted(field, expected, wireType));
    }
  }

  /** An exception that names the position of the problem in the file. */
  public ModelFileException failure(String problem) {
    return new ModelFileException(file, problem + " (at byte " + position + ")");
  }
}
