package ernie4j.zoo.onnx;

import ernie4j.zoo.conversion.ElementType;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** The numbers that stand for element types in ONNX files. */
final class OnnxTypes {
  private static final Map<ElementType, Integer> NUMBERS =
      new EnumMap<>(
          Map.of(
              ElementType.FLOAT32, 1,
              ElementType.UINT8, 2,
              ElementType.INT8, 3,
              ElementType.INT16, 5,
              ElementType.INT32, 6,
              ElementType.INT64, 7,
              ElementType.BOOL, 9,
              ElementType.FLOAT16, 10,
              ElementType.FLOAT64, 11,
              ElementType.BFLOAT16, 16));

  private OnnxTypes() {}

  static int number(ElementType type) {
    Integer number = NUMBERS.get(type);
    if (number == null) {
      throw new IllegalArgumentException("ONNX has no number for " + type);
    }
    return number;
  }

  /** The type of a number; empty for texts, complex and unsigned numbers and others. */
  static Optional<ElementType> of(int number) {
    return NUMBERS.entrySet().stream()
        .filter(entry -> entry.getValue() == number)
        .map(Map.Entry::getKey)
        .findFirst();
  }
}
