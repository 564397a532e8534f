package ernie4j.zoo.onnx;

import ernie4j.engine.file.ModelFileException;
import ernie4j.zoo.protobuf.WireReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A TensorProto: shape and numbers, row-major. The numbers stay in the file's bytes until {@link
 * #floats()} or {@link #longs()} asks for them; that there are exactly as many as the shape needs
 * is checked when the file is read.
 */
final class OnnxTensor {
  static final int FLOAT = 1;
  static final int INT64 = 7;

  private static final int MAX_RANK = 8;
  private static final int EXTERNAL = 1;
  private static final List<String> TYPE_NAMES =
      List.of(
          "UNDEFINED",
          "FLOAT",
          "UINT8",
          "INT8",
          "UINT16",
          "INT16",
          "INT32",
          "INT64",
          "STRING",
          "BOOL",
          "FLOAT16",
          "DOUBLE",
          "UINT32",
          "UINT64",
          "COMPLEX64",
          "COMPLEX128",
          "BFLOAT16");

  private final WireReader message;
  private String name = "";
  private int[] shape = new int[0];
  private int elements = 1;
  private int dataType;
  private @Nullable ByteBuffer raw;

  private OnnxTensor(WireReader message) {
    this.message = message;
  }

  /**
   * Reads a TensorProto.
   *
   * @throws ModelFileException if it is malformed, keeps its numbers in another file, or does not
   *     have as many numbers as its shape says
   */
  static OnnxTensor read(WireReader message) throws ModelFileException {
    OnnxTensor tensor = new OnnxTensor(message.again());
    tensor.readFields(message);
    tensor.countElements();
    tensor.checkData();
    return tensor;
  }

  private void readFields(WireReader in) throws ModelFileException {
    while (in.next()) {
      switch (in.field()) {
        case 1 -> readDimensions(in);
        case 2 -> dataType = (int) in.varint();
        case 8 -> name = in.string();
        case 9 -> raw = in.bytes().order(ByteOrder.LITTLE_ENDIAN);
        case 13 -> throw external();
        case 14 -> {
          if (in.varint() == EXTERNAL) {
            throw external();
          }
        }
        default -> in.skip();
      }
    }
  }

  private void readDimensions(WireReader in) throws ModelFileException {
    if (in.wireType() == WireReader.VARINT) {
      addDimension(in.varint());
      return;
    }
    WireReader packed = in.message();
    while (packed.remaining() > 0) {
      addDimension(packed.rawVarint());
    }
  }

  private void addDimension(long dimension) throws ModelFileException {
    if (dimension < 0 || dimension > Integer.MAX_VALUE || shape.length == MAX_RANK) {
      throw message.failure(
          "tensor '%s': expected up to %d dimensions from 0 to 2^31-1, got %s and then %d"
              .formatted(name, MAX_RANK, Arrays.toString(shape), dimension));
    }
    shape = Arrays.copyOf(shape, shape.length + 1);
    shape[shape.length - 1] = (int) dimension;
  }

  private void countElements() throws ModelFileException {
    long count = 1;
    for (int dimension : shape) {
      count *= dimension;
      if (count > Integer.MAX_VALUE) {
        throw message.failure("tensor " + this + " has more than 2^31-1 elements");
      }
    }
    elements = (int) count;
  }

  private void checkData() throws ModelFileException {
    if (dataType != FLOAT && dataType != INT64) {
      return;
    }
    long needed = raw == null ? elements : (long) elements * (dataType == FLOAT ? 4 : 8);
    long found = raw == null ? countNumbers() : raw.remaining();
    if (needed != found) {
      throw message.failure(
          "tensor %s needs %d %s, got %d; the file is cut or damaged"
              .formatted(this, needed, raw == null ? "numbers" : "bytes", found));
    }
  }

  private ModelFileException external() {
    return message.failure(
        "tensor '%s' keeps its numbers in another file; save the model as one file (external data"
                .formatted(name)
            + " off)");
  }

  /** How many numbers float_data or int64_data hold. */
  private long countNumbers() throws ModelFileException {
    long count = 0;
    for (WireReader in = message.again(); in.next(); ) {
      if (in.field() != dataField() || in.wireType() != WireReader.BYTES) {
        count += in.field() == dataField() ? 1 : 0;
        in.skip();
        continue;
      }
      WireReader packed = in.message();
      if (dataType == FLOAT) {
        count += packed.remaining() / Float.BYTES;
        continue;
      }
      for (; packed.remaining() > 0; count++) {
        packed.rawVarint();
      }
    }
    return count;
  }

  private int dataField() {
    return dataType == FLOAT ? 4 : 7;
  }

  String name() {
    return name;
  }

  /** A copy of the shape; empty for a single number. */
  int[] shape() {
    return shape.clone();
  }

  int elements() {
    return elements;
  }

  boolean isFloat() {
    return dataType == FLOAT;
  }

  boolean isInt64() {
    return dataType == INT64;
  }

  /** The element type's name in the ONNX specification. */
  String typeName() {
    return dataType >= 0 && dataType < TYPE_NAMES.size()
        ? TYPE_NAMES.get(dataType)
        : "type " + dataType;
  }

  /** A copy of the numbers of a FLOAT tensor. */
  float[] floats() throws ModelFileException {
    require(FLOAT);
    float[] values = new float[elements];
    if (raw != null) {
      raw.asFloatBuffer().get(values);
      return values;
    }
    int next = 0;
    for (WireReader in = message.again(); in.next(); ) {
      if (in.field() != dataField()) {
        in.skip();
      } else if (in.wireType() == WireReader.BYTES) {
        for (WireReader packed = in.message(); packed.remaining() > 0; next++) {
          values[next] = packed.rawFloat32();
        }
      } else {
        values[next++] = in.float32();
      }
    }
    return values;
  }

  /** A copy of the numbers of an INT64 tensor. */
  long[] longs() throws ModelFileException {
    require(INT64);
    long[] values = new long[elements];
    if (raw != null) {
      raw.asLongBuffer().get(values);
      return values;
    }
    int next = 0;
    for (WireReader in = message.again(); in.next(); ) {
      if (in.field() != dataField()) {
        in.skip();
      } else if (in.wireType() == WireReader.BYTES) {
        for (WireReader packed = in.message(); packed.remaining() > 0; next++) {
          values[next] = packed.rawVarint();
        }
      } else {
        values[next++] = in.varint();
      }
    }
    return values;
  }

  private void require(int type) throws ModelFileException {
    if (dataType != type) {
      throw message.failure(
          "tensor %s: expected %s; export the model in single precision"
              .formatted(this, TYPE_NAMES.get(type)));
    }
  }

  /** Name, shape and type, for messages. */
  @Override
  public String toString() {
    return "'%s' %s %s".formatted(name, Arrays.toString(shape), typeName());
  }
}
