package ernie4j.zoo;

import java.util.List;

/**
 * What a file of another framework says of a tensor; see {@link ModelImport#list}.
 *
 * @param name its name in the file
 * @param type the type of its numbers, for example {@code float32}
 * @param shape its shape; empty for a single number
 */
public record ListedTensor(String name, String type, List<Long> shape) {
  /** Keeps an unmodifiable copy. */
  public ListedTensor {
    shape = List.copyOf(shape);
  }
}
