package ernie4j.engine.file;

import java.util.List;

/**
 * One tensor as the header of a safetensors file describes it.
 *
 * @param name the tensor's name
 * @param type the type of its elements
 * @param shape its dimensions, outermost first; empty for a single number
 * @param begin where its bytes begin, counted from the start of the data section
 * @param end where its bytes end (exclusive); {@code end - begin} is always the number of elements
 *     times the size of the type
 */
public record SafetensorsEntry(String name, DType type, List<Long> shape, long begin, long end) {

  /** Keeps an unmodifiable copy of the shape. */
  public SafetensorsEntry {
    shape = List.copyOf(shape);
  }

  /** {@return the number of elements; 1 for the empty shape} */
  public long elementCount() {
    return byteSize() / type.bytes();
  }

  /** {@return the number of bytes in the data section} */
  public long byteSize() {
    return end - begin;
  }

  @Override
  public String toString() {
    return String.format("'%s' %s %s", name, type, shape);
  }
}
