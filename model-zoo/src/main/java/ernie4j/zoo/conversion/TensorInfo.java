package ernie4j.zoo.conversion;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a file says of a tensor.
 *
 * @param name its name in the file
 * @param type the type of its numbers, for example {@code float32}
 * @param shape its shape; empty for a single number
 */
public record TensorInfo(String name, String type, List<Long> shape) {
  /** Keeps an unmodifiable copy. */
  public TensorInfo {
    shape = List.copyOf(shape);
  }

  /** The infos of all tensors of a file, in its order. */
  public static List<TensorInfo> of(Map<String, ? extends SourceTensor> tensors) {
    List<TensorInfo> all = new ArrayList<>();
    tensors.forEach(
        (name, tensor) ->
            all.add(
                new TensorInfo(
                    name,
                    tensor.type().name().toLowerCase(Locale.ROOT),
                    Arrays.stream(tensor.shape()).mapToObj(Long::valueOf).toList())));
    return all;
  }
}
