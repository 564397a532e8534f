package ernie4j.zoo.onnx;

import ernie4j.engine.file.ModelFileException;
import ernie4j.zoo.conversion.ElementType;
import ernie4j.zoo.conversion.SourceTensor;
import ernie4j.zoo.protobuf.WireReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A TensorProto: shape and numbers, row-major. The numbers stay in the file's bytes, or in another
 * file, until they are needed. Their count is compared with the shape when the model is read.
 */
final class OnnxTensor implements SourceTensor {
  private static final int MAX_RANK = 8;
  private static final int EXTERNAL = 1;

  private final WireReader message;
  private final ExternalFiles files;
  private String name = "";
  private int[] shape = new int[0];
  private int elements = 1;
  private int typeNumber;
  private Optional<ElementType> type = Optional.empty();
  private @Nullable ByteBuffer raw;
  private ExternalFiles.@Nullable Place place;

  private OnnxTensor(WireReader message, ExternalFiles files) {
    this.message = message;
    this.files = files;
  }

  /**
   * Reads a TensorProto.
   *
   * @throws ModelFileException if it is malformed, does not have as many numbers as its shape says,
   *     or keeps them in a file that must not be read
   */
  static OnnxTensor read(WireReader message, ExternalFiles files) throws IOException {
    OnnxTensor tensor = new OnnxTensor(message.again(), files);
    tensor.readFields(message);
    tensor.countElements();
    tensor.checkData();
    return tensor;
  }

  private void readFields(WireReader in) throws IOException {
    ExternalFiles.Place external = ExternalFiles.Place.UNKNOWN;
    boolean isExternal = false;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> readDimensions(in);
        case 2 -> typeNumber = (int) in.varint();
        case 8 -> name = in.string();
        case 9 -> raw = in.bytes();
        case 13 -> external = external.with(in.message());
        case 14 -> isExternal = in.varint() == EXTERNAL;
        default -> in.skip();
      }
    }
    type = OnnxTypes.of(typeNumber);
    place = isExternal || !external.equals(ExternalFiles.Place.UNKNOWN) ? external : null;
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
    try {
      elements = SourceTensor.elements(shape);
    } catch (IllegalArgumentException e) {
      throw message.failure("tensor " + this + " has more than 2^31-1 elements");
    }
  }

  private void checkData() throws IOException {
    if (type.isEmpty()) {
      return;
    }
    long bytes = (long) elements * type.get().bytes();
    if (place != null) {
      place = files.check(name, place, bytes);
      return;
    }
    if (raw == null && type.get() == ElementType.FLOAT64) {
      throw message.failure("tensor " + this + " has double_data, expected raw_data");
    }
    long needed = raw == null ? elements : bytes;
    long found = raw == null ? countNumbers() : raw.remaining();
    if (needed != found) {
      throw message.failure(
          "tensor %s needs %d %s, got %d; the file is cut or damaged"
              .formatted(this, needed, raw == null ? "numbers" : "bytes", found));
    }
  }

  /** How many numbers the field of the type holds. */
  private long countNumbers() throws ModelFileException {
    long count = 0;
    for (WireReader in = message.again(); in.next(); ) {
      if (in.field() != dataField() || in.wireType() != WireReader.BYTES) {
        count += in.field() == dataField() ? 1 : 0;
        in.skip();
        continue;
      }
      WireReader packed = in.message();
      switch (type()) {
        case FLOAT32 -> count += packed.remaining() / Float.BYTES;
        default -> {
          for (; packed.remaining() > 0; count++) {
            packed.rawVarint();
          }
        }
      }
    }
    return count;
  }

  /** The field that holds numbers of the type if there is no raw data. */
  private int dataField() {
    return switch (type()) {
      case FLOAT32 -> 4;
      case INT64 -> 7;
      default -> 5;
    };
  }

  String name() {
    return name;
  }

  @Override
  public int[] shape() {
    return shape.clone();
  }

  int elements() {
    return elements;
  }

  /** Whether the numbers are of a type that can be read; {@link #type} fails for others. */
  boolean isReadable() {
    return type.isPresent();
  }

  boolean is(ElementType wanted) {
    return type.isPresent() && type.get() == wanted;
  }

  @Override
  public ElementType type() {
    return type.orElseThrow(
        () -> new IllegalStateException("tensor " + this + " holds no numbers that can be read"));
  }

  @Override
  public float[] floats() throws IOException {
    float[] values = new float[elements];
    type().decode(data(), values, 0);
    return values;
  }

  @Override
  public byte[] codes() throws IOException {
    if (type() != ElementType.INT8 && type() != ElementType.UINT8) {
      throw new IllegalStateException("expected one byte a number, got tensor " + this);
    }
    byte[] codes = new byte[elements];
    data().get(codes);
    return codes;
  }

  /** A copy of the numbers of an INT64 tensor. */
  long[] longs() throws IOException {
    if (!is(ElementType.INT64)) {
      throw message.failure("tensor " + this + ": expected INT64");
    }
    long[] values = new long[elements];
    data().asLongBuffer().get(values);
    return values;
  }

  /** The numbers as raw data would hold them. */
  private ByteBuffer data() throws IOException {
    if (place != null) {
      return files.read(place);
    }
    if (raw != null) {
      return raw.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }
    ByteBuffer data =
        ByteBuffer.allocate(Math.multiplyExact(elements, type().bytes()))
            .order(ByteOrder.LITTLE_ENDIAN);
    for (WireReader in = message.again(); in.next(); ) {
      if (in.field() != dataField()) {
        in.skip();
      } else if (in.wireType() == WireReader.BYTES) {
        for (WireReader packed = in.message(); packed.remaining() > 0; ) {
          putNumber(data, packed);
        }
      } else {
        putSingle(data, in);
      }
    }
    return data.flip();
  }

  private void putNumber(ByteBuffer data, WireReader packed) throws ModelFileException {
    switch (type()) {
      case FLOAT32 -> data.putFloat(packed.rawFloat32());
      default -> putWhole(data, packed.rawVarint());
    }
  }

  private void putSingle(ByteBuffer data, WireReader in) throws ModelFileException {
    switch (type()) {
      case FLOAT32 -> data.putFloat(in.float32());
      default -> putWhole(data, in.varint());
    }
  }

  /** Half floats, too, are stored in int32_data, as their bits. */
  private void putWhole(ByteBuffer data, long number) {
    switch (type().bytes()) {
      case 1 -> data.put((byte) number);
      case 2 -> data.putShort((short) number);
      case 4 -> data.putInt((int) number);
      default -> data.putLong(number);
    }
  }

  /** Name, shape and type, for messages. */
  @Override
  public String toString() {
    return "'%s' %s %s"
        .formatted(
            name,
            Arrays.toString(shape),
            type.map(ElementType::name).orElse("of type " + typeNumber));
  }
}
