package ernie4j.training.quantization;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The linear layers to quantize: all but those that an exclusion matches. An exclusion is the name
 * of a layer or the beginning of one up to a dot: {@code ernie.encoder.layers.1} matches all layers
 * below it, but not {@code ernie.encoder.layers.10.linear1}.
 */
record LayerSelection(List<String> excluded) {
  LayerSelection {
    excluded = List.copyOf(excluded);
  }

  /**
   * The layers to quantize, in their order.
   *
   * @throws IllegalArgumentException if an exclusion matches no layer, or no layer is left
   */
  List<String> of(Collection<String> layers) {
    for (String exclusion : excluded) {
      if (layers.stream().noneMatch(layer -> matches(exclusion, layer))) {
        throw new IllegalArgumentException(
            "Quantization: the exclusion '%s' is neither the name of a linear layer nor the beginning of one before a dot; the layers are %s"
                .formatted(exclusion, layers));
      }
    }
    List<String> selected = new ArrayList<>(layers);
    selected.removeIf(layer -> excluded.stream().anyMatch(e -> matches(e, layer)));
    if (selected.isEmpty()) {
      throw new IllegalArgumentException(
          "Quantization: the exclusions %s leave no layer to quantize".formatted(excluded));
    }
    return selected;
  }

  private static boolean matches(String exclusion, String layer) {
    return layer.equals(exclusion) || layer.startsWith(exclusion + ".");
  }
}
