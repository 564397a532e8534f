package ernie4j.training.pruning;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.LayerPart;
import ernie4j.engine.ParameterNames;
import ernie4j.engine.ParameterSource;
import ernie4j.engine.Tensor;
import java.util.Arrays;
import java.util.Map;

/** Checks of the model to prune. */
final class FullModel {
  private FullModel() {}

  /**
   * Checks that the parameters are those of an unpruned model of that shape.
   *
   * @throws IllegalArgumentException if a parameter is missing, has another shape or contains a
   *     number that is not finite, or if there are more layers
   */
  static void require(EncoderConfig config, ParameterSource parameters) {
    for (Map.Entry<String, int[]> e : ParameterNames.shapes(config).entrySet()) {
      // An encoder alone need not have a pooler.
      if (!e.getKey().startsWith(ParameterNames.POOLER)) {
        requireShape(parameters, e.getKey(), e.getValue());
      }
    }
    String beyond = LayerPart.EXPAND.weight(config.layers());
    if (parameters.contains(beyond)) {
      throw new IllegalArgumentException(
          "Width pruning: expected a model of %d layers, got a parameter '%s'; the parameters belong to another architecture"
              .formatted(config.layers(), beyond));
    }
    parameters.asMap().forEach(FullModel::requireFinite);
  }

  private static void requireShape(ParameterSource parameters, String name, int[] expected) {
    String got =
        parameters.contains(name) ? Arrays.toString(parameters.shape(name)) : "no such parameter";
    if (!got.equals(Arrays.toString(expected))) {
      throw new IllegalArgumentException(
          "Width pruning: parameter '%s': expected shape %s, got %s; start from an unpruned model of the architecture that its configuration describes"
              .formatted(name, Arrays.toString(expected), got));
    }
  }

  private static void requireFinite(String name, Tensor tensor) {
    for (int i = 0; i < tensor.size(); i++) {
      if (!Float.isFinite(tensor.get(i))) {
        throw new IllegalArgumentException(
            "Width pruning: parameter '%s' %s: expected finite numbers, got %s at index %d; train the model again"
                .formatted(name, tensor, tensor.get(i), i));
      }
    }
  }
}
