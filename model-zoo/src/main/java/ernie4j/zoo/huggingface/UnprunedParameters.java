package ernie4j.zoo.huggingface;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.ParameterNames;
import ernie4j.engine.ParameterSource;
import ernie4j.engine.Tensor;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Parameters of an encoder whose layers are all equally wide: what width pruning cut off is filled
 * up with zeros. A head of zeros has a context of zeros and a neuron of zeros is gelu(0) = 0; the
 * rows of the next layer that take them in are zeros, too, so no result changes.
 */
final class UnprunedParameters {
  private static final Pattern LAYER =
      Pattern.compile("ernie\\.encoder\\.layers\\.\\d+\\.(\\S+)\\.(weight|bias)");

  private final ParameterSource parameters;
  private final int hidden;
  private final int intermediateSize;
  private final boolean padded;

  private UnprunedParameters(EncoderConfig config, ParameterSource parameters) {
    this.parameters = parameters;
    hidden = config.hiddenSize();
    int widest = 1;
    for (int i = 0; i < config.layers(); i++) {
      widest = Math.max(widest, width(ParameterNames.layer(i, "linear1.bias")));
    }
    intermediateSize = widest;
    boolean narrow = false;
    for (int i = 0; i < config.layers(); i++) {
      narrow |= width(ParameterNames.layer(i, "self_attn.q_proj.bias")) < hidden;
      narrow |= width(ParameterNames.layer(i, "linear1.bias")) < widest;
    }
    padded = narrow;
  }

  static UnprunedParameters of(EncoderConfig config, ParameterSource parameters) {
    return new UnprunedParameters(config, parameters);
  }

  private int width(String bias) {
    return parameters.shape(bias)[0];
  }

  /** The width of all feed-forward layers: that of the widest. */
  int intermediateSize() {
    return intermediateSize;
  }

  /** Whether any layer was narrower than others. */
  boolean isPadded() {
    return padded;
  }

  Set<String> names() {
    return parameters.names();
  }

  /** A parameter in its full size. */
  Tensor get(String name) {
    Tensor tensor = parameters.get(name);
    Matcher layer = LAYER.matcher(name);
    if (!layer.matches()) {
      return tensor;
    }
    boolean weight = layer.group(2).equals("weight");
    return switch (layer.group(1)) {
      case "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj" ->
          weight ? enlarged(tensor, hidden, hidden) : enlarged(tensor, hidden);
      case "linear1" ->
          weight ? enlarged(tensor, hidden, intermediateSize) : enlarged(tensor, intermediateSize);
      case "self_attn.out_proj" -> weight ? enlarged(tensor, hidden, hidden) : tensor;
      case "linear2" -> weight ? enlarged(tensor, intermediateSize, hidden) : tensor;
      default -> tensor;
    };
  }

  /** A matrix or vector with zeros behind its rows and columns. */
  private static Tensor enlarged(Tensor tensor, int... shape) {
    if (tensor.hasShape(shape)) {
      return tensor;
    }
    Tensor result = Tensor.zeros(shape);
    int columns = tensor.dimension(tensor.rank() - 1);
    int wide = shape[shape.length - 1];
    for (int row = 0; row < tensor.size() / columns; row++) {
      System.arraycopy(
          tensor.data(), tensor.offset() + row * columns, result.data(), row * wide, columns);
    }
    return result;
  }
}
