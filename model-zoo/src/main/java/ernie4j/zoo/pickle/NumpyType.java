package ernie4j.zoo.pickle;

import ernie4j.zoo.conversion.ElementType;
import java.nio.ByteOrder;
import java.util.Map;

/** A NumPy dtype under construction: made with its code, its byte order follows as a state. */
final class NumpyType implements Buildable {
  private static final Map<String, ElementType> TYPES =
      Map.of(
          "b1", ElementType.BOOL,
          "u1", ElementType.UINT8,
          "i1", ElementType.INT8,
          "i2", ElementType.INT16,
          "i4", ElementType.INT32,
          "i8", ElementType.INT64,
          "u2", ElementType.BFLOAT16,
          "f2", ElementType.FLOAT16,
          "f4", ElementType.FLOAT32,
          "f8", ElementType.FLOAT64);

  private final ElementType type;
  private ByteOrder order = ByteOrder.LITTLE_ENDIAN;

  private NumpyType(ElementType type) {
    this.type = type;
  }

  /** The type of a code such as {@code f4}. */
  static NumpyType of(Object code) {
    ElementType type = code instanceof String text ? TYPES.get(text) : null;
    if (type == null) {
      throw new IllegalArgumentException(
          "expected a dtype of %s, got %s"
              .formatted(
                  TYPES.keySet().stream().sorted().toList(),
                  code instanceof String text && text.length() < 20
                      ? "'" + text + "'"
                      : Unpickler.kind(code)));
    }
    return new NumpyType(type);
  }

  ElementType type() {
    return type;
  }

  ByteOrder order() {
    return order;
  }

  /** Takes the state of a dtype, of which the second item is the byte order. */
  @Override
  public void build(Object state) {
    Object mark = state instanceof Tuple t && t.items().size() > 1 ? t.items().get(1) : state;
    if (!(mark instanceof String text) || !"<>=|".contains(text) || text.length() != 1) {
      throw new IllegalArgumentException("expected a dtype's byte order <, >, = or |");
    }
    // '=' is the order of the machine that wrote the file: little-endian on all of today's
    // machines.
    order = text.equals(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
  }
}
