package ernie4j.zoo.paddle;

import ernie4j.engine.Tensor;
import ernie4j.engine.file.ModelFileException;
import ernie4j.zoo.conversion.BinaryOutput;
import ernie4j.zoo.conversion.ElementType;
import ernie4j.zoo.conversion.FileBytes;
import ernie4j.zoo.conversion.FileTensor;
import ernie4j.zoo.conversion.SourceTensor;
import ernie4j.zoo.protobuf.WireReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A {@code .pdiparams} file: one tensor after the other, without names, in the order of the
 * program's persistable variables. Each is (SerializeToStream in Paddle's lod_tensor.cc) a version,
 * the levels of detail, a version, a TensorDesc, and the numbers.
 */
final class TensorStreams {
  private static final int MAX_LEVELS = 16;
  private static final int MAX_DESCRIPTION = 1024;

  private final FileBytes file;
  private long position;

  private TensorStreams(FileBytes file) {
    this.file = file;
  }

  /**
   * The tensors of a file, which stays open: their numbers are read later.
   *
   * @throws ModelFileException if the file is damaged, or does not have exactly these variables
   */
  static Map<String, SourceTensor> read(FileBytes file, Map<String, TensorDesc> variables)
      throws IOException {
    TensorStreams streams = new TensorStreams(file);
    Map<String, SourceTensor> tensors = new LinkedHashMap<>();
    for (Map.Entry<String, TensorDesc> variable : variables.entrySet()) {
      tensors.put(variable.getKey(), streams.next(variable.getKey(), variable.getValue()));
    }
    if (streams.position != file.size()) {
      throw file.failure(
          streams.position,
          "%d bytes follow the %d variables of the program; program and parameters do not belong together"
              .formatted(file.size() - streams.position, variables.size()));
    }
    return tensors;
  }

  private SourceTensor next(String name, TensorDesc expected) throws IOException {
    long start = position;
    expectVersion(name);
    long levels = number(8);
    if (levels < 0 || levels > MAX_LEVELS) {
      throw file.failure(start, "variable '%s': %d levels of detail".formatted(name, levels));
    }
    for (long level = 0; level < levels; level++) {
      long bytes = number(8);
      file.require(position, bytes);
      position += bytes;
    }
    expectVersion(name);
    int length = (int) number(4);
    if (length < 0 || length > MAX_DESCRIPTION) {
      throw file.failure(start, "variable '%s': a description of %d bytes".formatted(name, length));
    }
    byte[] bytes = file.bytes(position, length);
    TensorDesc actual = TensorDesc.read(new WireReader(file.name(), bytes));
    position += length;
    if (!expected.fits(actual)) {
      throw file.failure(
          start,
          "variable '%s': the program expects %s, got %s; program and parameters do not belong together"
              .formatted(name, shown(expected), shown(actual)));
    }
    FileTensor tensor = tensor(name, start, actual);
    file.require(position, tensor.byteSize());
    position += tensor.byteSize();
    return tensor;
  }

  private FileTensor tensor(String name, long start, TensorDesc description)
      throws ModelFileException {
    ElementType type = PaddleType.element(description.type());
    if (type == null) {
      throw file.failure(
          start,
          "variable '%s': element type %d is not supported".formatted(name, description.type()));
    }
    int[] shape = new int[description.dimensions().size()];
    for (int i = 0; i < shape.length; i++) {
      long size = description.dimensions().get(i);
      shape[i] = size > Integer.MAX_VALUE ? -1 : (int) size;
    }
    try {
      return new FileTensor(file, position, type, shape);
    } catch (IllegalArgumentException e) {
      throw file.failure(start, "variable '%s': %s".formatted(name, e.getMessage()));
    }
  }

  private static String shown(TensorDesc description) {
    return description.dimensions() + " of " + PaddleType.element(description.type());
  }

  private void expectVersion(String name) throws IOException {
    long version = number(4);
    if (version != 0) {
      throw file.failure(
          position - 4,
          "variable '%s': expected tensor version 0, got %d; the file is damaged, encrypted or something else"
              .formatted(name, version));
    }
  }

  private long number(int bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(file.bytes(position, bytes)).order(ByteOrder.LITTLE_ENDIAN);
    position += bytes;
    return bytes == 8 ? buffer.getLong() : buffer.getInt();
  }

  /** Writes one tensor. */
  static void write(BinaryOutput out, Tensor tensor) throws IOException {
    List<Long> dimensions = new ArrayList<>();
    for (int dimension : tensor.shape()) {
      dimensions.add((long) dimension);
    }
    ByteArrayOutputStream description = new ByteArrayOutputStream();
    new TensorDesc(PaddleType.FLOAT32, dimensions).message().writeTo(description);
    out.int32(0);
    out.int64(0);
    out.int32(0);
    out.int32(description.size());
    out.raw(description.toByteArray());
    out.floats(tensor.data(), tensor.offset(), tensor.size());
  }
}
