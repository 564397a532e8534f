package ernie4j.zoo.onnx;

import ernie4j.engine.file.ModelFileException;
import ernie4j.zoo.protobuf.WireReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The files beside a model in which its tensors may keep their numbers ("external data"). Only
 * files in the model's own folder and below are read, whatever names and symbolic links say.
 */
final class ExternalFiles {
  private final String model;
  private final @Nullable Path folder;
  private final Map<Path, Long> sizes = new HashMap<>();

  private ExternalFiles(String model, @Nullable Path folder) {
    this.model = model;
    this.folder = folder;
  }

  /** For models without other files: from a stream or an archive. */
  static ExternalFiles none(String model) {
    return new ExternalFiles(model, null);
  }

  /** The files in the folder of a model. */
  static ExternalFiles beside(Path model) throws IOException {
    Path parent = model.toRealPath().getParent();
    return new ExternalFiles(model.toString(), parent);
  }

  /**
   * The position of numbers in a file.
   *
   * @param location the file's name in the model
   * @param offset the first byte
   * @param length the number of bytes; -1 if the model does not say
   * @param file the file, once it has been checked
   */
  record Place(String location, long offset, long length, @Nullable Path file) {
    static final Place UNKNOWN = new Place("", 0, -1, null);

    /** This place with one more StringStringEntryProto applied. */
    Place with(WireReader entry) throws ModelFileException {
      StringEntry said = StringEntry.read(entry);
      String value = said.value();
      return switch (said.key()) {
        case "location" -> new Place(value, offset, length, null);
        case "offset" -> new Place(location, number(entry, value), length, null);
        case "length" -> new Place(location, offset, number(entry, value), null);
        default -> new Place(location, offset, length, null);
      };
    }

    private static long number(WireReader entry, String value) throws ModelFileException {
      if (!value.matches("\\d{1,18}")) {
        throw entry.failure("external data: expected a number of bytes, got '" + value + "'");
      }
      return Long.parseLong(value);
    }
  }

  /**
   * Checks a place.
   *
   * @param bytes how many the tensor needs
   * @return the same with its file and length
   * @throws ModelFileException if the file is elsewhere, not there or too short
   */
  Place check(String tensor, Place place, long bytes) throws IOException {
    Path file = file(tensor, place.location);
    long size = Files.size(file);
    sizes.put(file, size);
    long length = place.length < 0 ? bytes : place.length;
    if (length != bytes || place.offset > size || bytes > size - place.offset) {
      throw new ModelFileException(
          model,
          "tensor '%s' needs %d bytes, but the model says %d bytes from byte %d of %s, which has %d"
              .formatted(tensor, bytes, length, place.offset, file, size));
    }
    return new Place(place.location, place.offset, bytes, file);
  }

  private Path file(String tensor, String location) throws IOException {
    if (folder == null) {
      throw new ModelFileException(
          model,
          "tensor '%s' keeps its numbers in another file; unpack the model into a folder, or save it as one file (external data off)"
              .formatted(tensor));
    }
    try {
      Path file = folder.resolve(location);
      if (!location.isEmpty() && Files.isRegularFile(file)) {
        Path real = file.toRealPath();
        if (real.startsWith(folder)) {
          return real;
        }
      }
    } catch (InvalidPathException e) {
      throw outside(tensor, location);
    }
    throw outside(tensor, location);
  }

  private ModelFileException outside(String tensor, String location) {
    return new ModelFileException(
        model,
        "tensor '%s' keeps its numbers in '%s', which is not a file in the model's folder"
            .formatted(tensor, location.length() > 80 ? location.substring(0, 80) : location));
  }

  /** The bytes of a checked place. */
  ByteBuffer read(Place place) throws IOException {
    Path file = place.file;
    if (file == null || place.length > Integer.MAX_VALUE - 8) {
      throw new ModelFileException(model, "a tensor of " + place.length + " bytes is too large");
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) place.length).order(ByteOrder.LITTLE_ENDIAN);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      while (bytes.hasRemaining()) {
        if (channel.read(bytes, place.offset + bytes.position()) < 0) {
          throw new ModelFileException(model, file + " became shorter while it was read");
        }
      }
    }
    return bytes.flip();
  }

  /** The size of all files that tensors refer to. */
  long totalSize() {
    return sizes.values().stream().mapToLong(Long::longValue).sum();
  }
}
