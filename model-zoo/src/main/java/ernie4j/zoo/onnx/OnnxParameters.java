package ernie4j.zoo.onnx;

import ernie4j.engine.ParameterNames;
import ernie4j.engine.file.ModelFileException;
import ernie4j.zoo.conversion.ElementType;
import ernie4j.zoo.conversion.SourceTensor;
import ernie4j.zoo.huggingface.HuggingFaceNames;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The parameters of a graph under their Paddle names: embeddings and norms by their names, linear
 * layers by the products they take part in, and the other initializers under their own names, to be
 * reported.
 */
final class OnnxParameters {
  private static final String WEIGHT = ".weight";

  private final OnnxGraph graph;
  private final Function<String, Optional<String>> names;
  private final Map<String, SourceTensor> sources = new LinkedHashMap<>();
  private final Set<OnnxTensor> used = Collections.newSetFromMap(new IdentityHashMap<>());
  private final List<String> decoded = new ArrayList<>();

  private OnnxParameters(OnnxGraph graph) {
    this.graph = graph;
    names = NumberedNames.of(graph).orElse(HuggingFaceNames::parameter);
  }

  static OnnxParameters find(OnnxGraph graph) throws IOException {
    OnnxParameters found = new OnnxParameters(graph);
    found.takeNamed();
    found.takeLinear();
    found.takeRest();
    return found;
  }

  /** The tensors by their Paddle names. */
  Map<String, SourceTensor> sources() {
    return sources;
  }

  /** What a user should know, in full sentences. */
  List<String> notes() {
    return decoded.isEmpty()
        ? List.of()
        : List.of(
            "These weights have codes that are not symmetric around 0, which int8 needs here; they were turned into floats: "
                + decoded);
  }

  /** Whether our own export multiplies the embedding of padding by zero. */
  boolean zeroPadding() {
    return graph.constants().containsKey(StandardGraph.PADDING_ID);
  }

  private void takeNamed() throws IOException {
    for (Map.Entry<String, OnnxTensor> constant : graph.constants().entrySet()) {
      String stored = constant.getKey();
      OnnxTensor tensor = constant.getValue();
      Optional<String> name = names.apply(LinearLayers.withoutSuffix(stored));
      if (name.isEmpty() || !tensor.isReadable()) {
        continue;
      }
      String module = name.get().substring(0, Math.max(0, name.get().lastIndexOf('.')));
      if (isOwnInt8(module, name.get(), tensor)) {
        takeOwn(module);
      } else if (tensor.type().isFloating()) {
        if (!HuggingFaceNames.isLinear(module)) {
          put(name.get(), tensor, tensor);
        }
      } else if (!HuggingFaceNames.isLinear(module)) {
        takeTable(module, stored, tensor);
      }
    }
  }

  /** Whether a tensor holds codes that our own export describes beside them. */
  private boolean isOwnInt8(String module, String name, OnnxTensor tensor) {
    return name.equals(module + WEIGHT)
        && tensor.name().equals(name)
        && tensor.is(ElementType.INT8)
        && (graph.constant(ParameterNames.weightScale(module)) != null
            || graph.constant(ParameterNames.weightDictionary(module)) != null);
  }

  private void takeOwn(String module) throws ModelFileException {
    for (String name :
        List.of(
            module + WEIGHT,
            module + ".bias",
            ParameterNames.weightScale(module),
            ParameterNames.weightDictionary(module),
            ParameterNames.inputScale(module))) {
      OnnxTensor tensor = graph.constant(name);
      if (tensor != null && tensor.isReadable()) {
        boolean single = name.equals(ParameterNames.inputScale(module)) && tensor.elements() == 1;
        put(
            name,
            tensor,
            single ? SourceTensor.of(tensor.type(), new int[] {1}, tensor::floats) : tensor);
      }
    }
  }

  /** A table of codes whose rows are decoded before or after the look-up. */
  private void takeTable(String module, String stored, OnnxTensor codes) throws IOException {
    for (OnnxNode user : graph.consumers(stored)) {
      Optional<OnnxNode> dequantize =
          user.is("Gather")
              ? graph.onlyConsumer(user.output(), "DequantizeLinear")
              : Optional.of(user).filter(node -> node.is("DequantizeLinear"));
      Optional<QuantizedTensor> table = dequantize.flatMap(node -> graph.quantized(codes, node));
      if (table.isPresent()) {
        int rows = codes.shape()[0];
        takeQuantized(module, table.get(), 0, rows);
        return;
      }
    }
  }

  private void takeQuantized(String module, QuantizedTensor tensor, int axis, int scales)
      throws IOException {
    use(tensor.steps());
    if (tensor.zeroPoints() != null) {
      use(tensor.zeroPoints());
    }
    if (tensor.isSymmetric() && tensor.hasStepsAlong(axis)) {
      put(module + WEIGHT, tensor.codes(), tensor.symmetricCodes());
      put(ParameterNames.weightScale(module), tensor.steps(), tensor.scales(scales));
    } else {
      decoded.add(module + WEIGHT);
      put(module + WEIGHT, tensor.codes(), tensor.dequantized());
    }
  }

  private void takeLinear() throws IOException {
    for (Map.Entry<String, LinearLayers.Linear> entry :
        LinearLayers.find(graph, names).entrySet()) {
      String module = entry.getKey();
      LinearLayers.Linear linear = entry.getValue();
      if (sources.containsKey(module + WEIGHT)) {
        continue;
      }
      QuantizedTensor quantized = linear.quantized();
      if (quantized == null) {
        put(
            module + WEIGHT,
            linear.weight(),
            linear.transposed() ? linear.weight().transposed() : linear.weight());
      } else if (linear.transposed()) {
        decoded.add(module + WEIGHT);
        put(module + WEIGHT, linear.weight(), quantized.dequantized().transposed());
      } else {
        takeQuantized(module, quantized, 1, linear.weight().shape()[1]);
      }
      if (linear.bias() != null) {
        put(module + ".bias", linear.bias(), linear.bias());
      }
    }
  }

  /** The remaining numbers that could be weights; integers are shapes and axes. */
  private void takeRest() throws ModelFileException {
    for (Map.Entry<String, OnnxTensor> other : graph.initializers().entrySet()) {
      OnnxTensor tensor = other.getValue();
      if (!used.contains(tensor)
          && tensor.isReadable()
          && tensor.type().isFloating()
          && tensor.shape().length > 0) {
        put(other.getKey(), tensor, tensor);
      }
    }
  }

  private void use(OnnxTensor tensor) {
    used.add(tensor);
  }

  private void put(String name, OnnxTensor tensor, SourceTensor source) throws ModelFileException {
    use(tensor);
    if (!tensor.isReadable()) {
      throw graph.failure("tensor " + tensor + " has a type that no parameter has");
    }
    if (sources.put(name, source) != null) {
      throw graph.failure("two tensors claim to be the parameter '" + name + "'");
    }
  }
}
