package ernie4j.zoo.pickle;

import ernie4j.zoo.conversion.ElementType;
import ernie4j.zoo.conversion.SourceTensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A NumPy array of a pickle. Its numbers stay in the file until they are needed. Their count is
 * compared with the shape when the pickle is read.
 */
public final class NumpyArray implements Buildable, SourceTensor {
  private static final int MAX_RANK = 8;

  private final ShortTexts texts;
  private @Nullable NumpyType type;
  private int[] shape = new int[0];
  private boolean columnMajor;
  private @Nullable PickleBytes data;

  NumpyArray(ShortTexts texts) {
    this.texts = texts;
  }

  /** Takes the state of an ndarray: version, shape, dtype, whether column-major, bytes. */
  @Override
  public void build(Object state) {
    if (data != null
        || !(state instanceof Tuple tuple)
        || tuple.items().size() != 5
        || !(tuple.items().get(1) instanceof Tuple dimensions)
        || !(tuple.items().get(2) instanceof NumpyType elementType)
        || !(tuple.items().get(3) instanceof Boolean fortran)) {
      throw new IllegalArgumentException(
          "expected the state of an array once: (version, shape, dtype, order, bytes)");
    }
    shape = shape(dimensions.items());
    type = elementType;
    columnMajor = fortran;
    PickleBytes bytes = bytes(tuple.items().get(4));
    long needed = (long) SourceTensor.elements(shape) * elementType.type().bytes();
    if (!bytes.canHold(needed)) {
      throw new IllegalArgumentException(
          "an array %s needs %d bytes, got %d; the file is cut or damaged"
              .formatted(this, needed, bytes.storedLength()));
    }
    data = bytes;
  }

  private static int[] shape(List<Object> dimensions) {
    if (dimensions.size() > MAX_RANK) {
      throw new IllegalArgumentException(
          "an array of %d dimensions; at most %d are supported"
              .formatted(dimensions.size(), MAX_RANK));
    }
    int[] shape = new int[dimensions.size()];
    for (int i = 0; i < shape.length; i++) {
      if (!(dimensions.get(i) instanceof Long size) || size < 0 || size > Integer.MAX_VALUE) {
        throw new IllegalArgumentException("expected dimensions from 0 to 2^31-1");
      }
      shape[i] = (int) (long) size;
    }
    return shape;
  }

  private PickleBytes bytes(Object value) {
    if (value instanceof PickleBytes bytes) {
      return bytes;
    }
    if (value instanceof String text) { // short bytes of Python 2
      return texts.bytes(text);
    }
    throw new IllegalArgumentException("expected bytes, got " + Unpickler.kind(value));
  }

  private NumpyType complete() {
    if (type == null) {
      throw new IllegalStateException("the pickle makes an array and never gives its content");
    }
    return type;
  }

  /** Whether the pickle has filled the array; if not, every other method throws. */
  public boolean isComplete() {
    return data != null;
  }

  /** UINT16 counts as BFLOAT16, which NumPy lacks and Paddle stores this way. */
  @Override
  public ElementType type() {
    return complete().type();
  }

  @Override
  public int[] shape() {
    complete();
    return shape.clone();
  }

  @Override
  public float[] floats() throws IOException {
    NumpyType elementType = complete();
    float[] values = new float[SourceTensor.elements(shape)];
    int[] next = {0};
    read(piece -> next[0] = elementType.type().decode(piece, values, next[0]));
    if (!columnMajor) {
      return values;
    }
    float[] rows = new float[values.length];
    int[] places = rowMajorPlaces();
    for (int i = 0; i < rows.length; i++) {
      rows[places[i]] = values[i];
    }
    return rows;
  }

  @Override
  public byte[] codes() throws IOException {
    if (type() != ElementType.INT8) {
      throw new IllegalStateException("expected INT8 codes, got " + type());
    }
    byte[] values = new byte[SourceTensor.elements(shape)];
    int[] next = {0};
    read(
        piece -> {
          int length = piece.remaining();
          piece.get(values, next[0], length);
          next[0] += length;
        });
    if (!columnMajor) {
      return values;
    }
    byte[] rows = new byte[values.length];
    int[] places = rowMajorPlaces();
    for (int i = 0; i < rows.length; i++) {
      rows[places[i]] = values[i];
    }
    return rows;
  }

  private void read(Consumer<ByteBuffer> use) throws IOException {
    NumpyType elementType = complete();
    long count = (long) SourceTensor.elements(shape) * elementType.type().bytes();
    ByteOrder order = elementType.order();
    if (data != null) {
      data.forEachPiece(count, piece -> use.accept(piece.order(order)));
    }
  }

  /** Where each element of a column-major array, the first index running fastest, belongs. */
  private int[] rowMajorPlaces() {
    int[] places = new int[SourceTensor.elements(shape)];
    int[] steps = new int[shape.length];
    int step = 1;
    for (int axis = shape.length - 1; axis >= 0; axis--) {
      steps[axis] = step;
      step *= shape[axis];
    }
    int[] index = new int[shape.length];
    int place = 0;
    for (int i = 0; i < places.length; i++) {
      places[i] = place;
      for (int axis = 0; axis < shape.length; axis++) {
        place += steps[axis];
        if (++index[axis] < shape[axis]) {
          break;
        }
        place -= steps[axis] * shape[axis];
        index[axis] = 0;
      }
    }
    return places;
  }

  /** Shape and type, for messages. */
  @Override
  public String toString() {
    List<Integer> dimensions = new ArrayList<>();
    for (int dimension : shape) {
      dimensions.add(dimension);
    }
    return dimensions + " " + (type == null ? "of no type" : type.type());
  }
}
