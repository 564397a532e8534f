package ernie4j.engine.file;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The checked header of a safetensors file: an 8-byte little-endian length, then that many bytes of
 * JSON, {@code {"__metadata__": {...}, "name": {"dtype": "F32", "shape": [2, 3], "data_offsets":
 * [0, 24]}, ...}}, padded with spaces.
 *
 * <p>A header guarantees the following: every tensor's byte range has exactly the size that its
 * type and shape need, the ranges follow each other from 0 without overlap or hole, and they end
 * where the file ends if the size of the file was known.
 *
 * @param metadata the free strings of {@code __metadata__}, in file order
 * @param entries the tensors in the order of their data
 * @param dataStart where the data section begins in the file
 */
record SafetensorsHeader(
    Map<String, String> metadata, List<SafetensorsEntry> entries, long dataStart) {
  static final int LENGTH_BYTES = 8;
  static final String METADATA = "__metadata__";

  /** The same limit as in the reference implementation. */
  static final int MAX_LENGTH = 100_000_000;

  private static final int MAX_RANK = 64;

  /**
   * Reads and checks the header and leaves the stream at the first byte of data.
   *
   * @param fileSize the size of the whole file, if it is known beforehand
   * @throws ModelFileException if anything in the header is wrong
   */
  static SafetensorsHeader read(InputStream in, String file, OptionalLong fileSize)
      throws IOException {
    byte[] start = StreamBytes.upTo(in, LENGTH_BYTES);
    int length = headerLength(start, file, fileSize);
    byte[] bytes = StreamBytes.upTo(in, length);
    if (bytes.length < length) {
      throw new ModelFileException(
          file,
          String.format(
              "the file is cut off: its header should have %d bytes, but only %d are there",
              length, bytes.length));
    }
    long dataStart = LENGTH_BYTES + (long) length;
    Json json = parse(text(bytes, start, file), file);
    List<SafetensorsEntry> entries = new ArrayList<>(json.entries.values());
    entries.sort(
        Comparator.comparingLong(SafetensorsEntry::begin).thenComparingLong(SafetensorsEntry::end));
    checkRanges(entries, file);
    if (fileSize.isPresent()) {
      checkEnd(entries, file, fileSize.getAsLong() - dataStart);
    }
    return new SafetensorsHeader(
        Collections.unmodifiableMap(json.metadata), List.copyOf(entries), dataStart);
  }

  /** The size of a file that is to be opened. */
  static long fileSize(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      throw new ModelFileException(path.toString(), "expected a file, this is a folder");
    }
    return Files.size(path);
  }

  /** The number of bytes that all tensors need together. */
  long dataLength() {
    return entries.isEmpty() ? 0 : entries.get(entries.size() - 1).end();
  }

  private static int headerLength(byte[] start, String file, OptionalLong fileSize)
      throws ModelFileException {
    if (start.length < LENGTH_BYTES) {
      throw new ModelFileException(
          file,
          start.length == 0
              ? "the file is empty"
              : String.format(
                  "the file has only %d bytes, a safetensors file begins with 8 bytes of header length",
                  start.length));
    }
    long length = ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (length < 0 || length > MAX_LENGTH) {
      throw new ModelFileException(
          file,
          String.format(
              "not a safetensors file%s: its first 8 bytes would mean a header of %s bytes (limit %d)",
              looksLike(start), Long.toUnsignedString(length), MAX_LENGTH));
    }
    if (fileSize.isPresent() && length > fileSize.getAsLong() - LENGTH_BYTES) {
      throw new ModelFileException(
          file,
          String.format(
              "the header should have %d bytes, but the file ends %d bytes after the header length: it is cut off, or not a safetensors file%s",
              length, fileSize.getAsLong() - LENGTH_BYTES, looksLike(start)));
    }
    if (length < 2) {
      throw new ModelFileException(
          file,
          String.format(
              "the header has %d bytes, the shortest possible is {}%s", length, looksLike(start)));
    }
    return (int) length;
  }

  /** Names the format that is most often mistaken for ours, as part of a sentence. */
  private static String looksLike(byte[] start) {
    if (start[0] == 'P' && start[1] == 'K') {
      return " but a zip archive (a PyTorch checkpoint?)";
    }
    if (start[0] == (byte) 0x80 && start[1] >= 2 && start[1] <= 5) {
      return " but a Python pickle (a .pdparams file?)";
    }
    if (start[0] == 0x1f && start[1] == (byte) 0x8b) {
      return " but gzip-compressed data";
    }
    for (byte b : start) {
      boolean printable = b >= ' ' || b == '\n' || b == '\r' || b == '\t';
      if (!printable) {
        return "";
      }
    }
    return " but text";
  }

  /** The header as text that is decoded while it is parsed: it can be large. */
  private static Reader text(byte[] bytes, byte[] start, String file) throws ModelFileException {
    if (bytes[0] != '{') {
      throw new ModelFileException(
          file,
          String.format(
              "not a safetensors file%s: the header must begin with '{', found byte 0x%02x",
              looksLike(start), bytes[0]));
    }
    return new InputStreamReader(
        new ByteArrayInputStream(bytes), StandardCharsets.UTF_8.newDecoder());
  }

  /** What the JSON text says, before the byte ranges are compared with each other. */
  private record Json(Map<String, String> metadata, Map<String, SafetensorsEntry> entries) {}

  private static Json parse(Reader text, String file) throws ModelFileException {
    JsonFactory factory = MetadataJson.FACTORY;
    Map<String, String> metadata = new LinkedHashMap<>();
    Map<String, SafetensorsEntry> entries = new LinkedHashMap<>();
    try (JsonParser parser = factory.createParser(text)) {
      parser.nextToken();
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        parser.nextToken();
        if (name.equals(METADATA)) {
          metadata.putAll(MetadataJson.readStringMap(parser));
        } else {
          entries.put(name, entry(parser, name, file));
        }
      }
      MetadataJson.requireEnd(parser);
    } catch (JsonProcessingException e) {
      throw new ModelFileException(
          file, "the header is not valid JSON: " + MetadataJson.explain(e), e);
    } catch (CharacterCodingException e) {
      throw new ModelFileException(file, "the header is not valid UTF-8", e);
    } catch (ModelFileException e) {
      throw e;
    } catch (IOException e) {
      throw new ModelFileException(file, "the header cannot be read: " + e.getMessage(), e);
    }
    return new Json(metadata, entries);
  }

  private static SafetensorsEntry entry(JsonParser parser, String name, String file)
      throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw wrong(file, name, "expected an object with dtype, shape and data_offsets");
    }
    @Nullable DType type = null;
    @Nullable List<Long> shape = null;
    @Nullable List<Long> offsets = null;
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String field = parser.currentName();
      parser.nextToken();
      switch (field) {
        case "dtype" -> type = dtype(parser, name, file);
        case "shape" -> shape = sizes(parser, name, field, file);
        case "data_offsets" -> offsets = sizes(parser, name, field, file);
        default -> throw wrong(file, name, "unknown field '" + field + "'");
      }
    }
    if (type == null || shape == null || offsets == null) {
      throw wrong(file, name, "dtype, shape and data_offsets are all required");
    }
    if (offsets.size() != 2) {
      throw wrong(file, name, "data_offsets must be two numbers, got " + offsets);
    }
    SafetensorsEntry entry =
        new SafetensorsEntry(name, type, shape, offsets.get(0), offsets.get(1));
    checkSize(entry, file);
    return entry;
  }

  private static DType dtype(JsonParser parser, String name, String file) throws IOException {
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      throw wrong(file, name, "dtype must be a string");
    }
    String text = parser.getText();
    return DType.named(text)
        .orElseThrow(
            () ->
                wrong(
                    file,
                    name,
                    String.format(
                        "unknown dtype '%s', known are %s",
                        text, Arrays.toString(DType.values()))));
  }

  private static List<Long> sizes(JsonParser parser, String name, String field, String file)
      throws IOException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw wrong(file, name, field + " must be an array of numbers");
    }
    List<Long> sizes = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      boolean whole =
          parser.currentToken() == JsonToken.VALUE_NUMBER_INT
              && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
      if (!whole || parser.getLongValue() < 0) {
        throw wrong(
            file,
            name,
            String.format(
                "%s must hold whole numbers from 0 to 2^63-1, got %s", field, parser.getText()));
      }
      if (sizes.size() == MAX_RANK) {
        throw wrong(file, name, String.format("%s has more than %d numbers", field, MAX_RANK));
      }
      sizes.add(parser.getLongValue());
    }
    return sizes;
  }

  private static void checkSize(SafetensorsEntry entry, String file) throws ModelFileException {
    long needed = entry.type().bytes();
    try {
      for (long dimension : entry.shape()) {
        needed = Math.multiplyExact(needed, dimension);
      }
    } catch (ArithmeticException e) {
      throw new ModelFileException(
          file, "tensor " + entry + ": the shape needs more than 2^63 bytes", e);
    }
    if (entry.begin() > entry.end() || entry.byteSize() != needed) {
      throw new ModelFileException(
          file,
          String.format(
              "tensor %s needs %d bytes, but its data_offsets are [%d, %d]",
              entry, needed, entry.begin(), entry.end()));
    }
  }

  private static void checkRanges(List<SafetensorsEntry> entries, String file)
      throws ModelFileException {
    long expected = 0;
    for (SafetensorsEntry entry : entries) {
      if (entry.begin() != expected) {
        throw new ModelFileException(
            file,
            String.format(
                "tensor %s begins at byte %d of the data, but %d bytes are taken by the tensors before it: %s",
                entry,
                entry.begin(),
                expected,
                entry.begin() < expected ? "tensors overlap" : "there is a hole"));
      }
      expected = entry.end();
    }
  }

  private static void checkEnd(List<SafetensorsEntry> entries, String file, long available)
      throws ModelFileException {
    long needed = entries.isEmpty() ? 0 : entries.get(entries.size() - 1).end();
    if (needed != available) {
      throw new ModelFileException(
          file,
          String.format(
              "the tensors need %d bytes of data, but the file has %d: it %s",
              needed, available, needed > available ? "is cut off" : "has trailing bytes"));
    }
  }

  private static ModelFileException wrong(String file, String name, String problem) {
    return new ModelFileException(file, "tensor '" + name + "': " + problem);
  }
}
