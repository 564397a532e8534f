package ernie4j.zoo.onnx;

import java.util.Optional;

/** The element types of ONNX tensors that this project reads or writes; names as in ONNX. */
enum ElementType {
  FLOAT(1, 4),
  UINT8(2, 1),
  INT8(3, 1),
  INT32(6, 4),
  INT64(7, 8),
  FLOAT16(10, 2),
  DOUBLE(11, 8);

  private final int number;
  private final int bytes;

  ElementType(int number, int bytes) {
    this.number = number;
    this.bytes = bytes;
  }

  /** The number that stands for it in files. */
  int number() {
    return number;
  }

  /** The size of an element in raw data. */
  int bytes() {
    return bytes;
  }

  static Optional<ElementType> of(int number) {
    for (ElementType type : values()) {
      if (type.number == number) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
