package ernie4j.zoo.conversion;

import ernie4j.engine.file.DType;
import ernie4j.engine.file.ModelFileException;
import ernie4j.engine.file.SafetensorsEntry;
import ernie4j.engine.file.SafetensorsFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** The tensors of a safetensors file, whatever framework named them. */
public final class SafetensorsTensors {
  private SafetensorsTensors() {}

  /**
   * The tensors by name, in the order of the file.
   *
   * @throws ModelFileException if the file is damaged or a tensor too large for an array
   */
  public static Map<String, SourceTensor> read(Path file) throws IOException {
    SafetensorsFile open = SafetensorsFile.open(file);
    Map<String, SourceTensor> tensors = new LinkedHashMap<>();
    for (SafetensorsEntry entry : open.entries()) {
      tensors.put(
          entry.name(),
          SourceTensor.of(type(entry.type()), shape(file, entry), () -> open.floats(entry.name())));
    }
    return tensors;
  }

  private static int[] shape(Path file, SafetensorsEntry entry) throws ModelFileException {
    try {
      int[] shape = entry.shape().stream().mapToInt(Math::toIntExact).toArray();
      SourceTensor.elements(shape);
      return shape;
    } catch (ArithmeticException | IllegalArgumentException e) {
      throw new ModelFileException(file.toString(), "tensor " + entry + " is too large", e);
    }
  }

  /** Types that no weight can have are reported as integers, which are never taken for floats. */
  private static ElementType type(DType type) {
    return switch (type) {
      case F32 -> ElementType.FLOAT32;
      case F64 -> ElementType.FLOAT64;
      case F16 -> ElementType.FLOAT16;
      case BF16 -> ElementType.BFLOAT16;
      default -> ElementType.INT64;
    };
  }
}
