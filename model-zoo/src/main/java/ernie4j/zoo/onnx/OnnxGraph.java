package ernie4j.zoo.onnx;

import ernie4j.engine.file.ModelFileException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A graph that can be traversed: which node makes a value, which nodes use it, and which values are
 * constant.
 */
final class OnnxGraph {
  /** FLOAT, FLOAT16 and DOUBLE as an attribute names them. */
  private static final Set<Long> FLOATS = Set.of(1L, 10L, 11L);

  private final OnnxFile file;
  private final Map<String, OnnxTensor> constants = new LinkedHashMap<>();
  private final Map<String, OnnxNode> producers = new HashMap<>();
  private final Map<String, List<OnnxNode>> consumers = new HashMap<>();

  OnnxGraph(OnnxFile file) throws ModelFileException {
    this.file = file;
    constants.putAll(file.initializers());
    for (OnnxNode node : file.nodes()) {
      addConstant(node);
      for (String output : node.outputs()) {
        if (!output.isEmpty() && producers.put(output, node) != null) {
          throw failure("two nodes produce the value '" + output + "'");
        }
      }
      for (String input : node.inputs()) {
        consumers.computeIfAbsent(input, unused -> new ArrayList<>(1)).add(node);
      }
    }
  }

  /**
   * Constant nodes hold a tensor of their own; exporters write a parameter that equals another one
   * as an Identity of it, and tools that halve the size of a file store half floats and cast them.
   */
  private void addConstant(OnnxNode node) {
    OnnxTensor value = null;
    if (node.is("Constant")) {
      value = node.attribute("value").tensor();
    } else if (node.is("Identity") || (node.is("Cast") && FLOATS.contains(to(node)))) {
      value = constants.get(node.input(0));
    }
    if (value != null) {
      constants.put(node.output(), value);
    }
  }

  private static long to(OnnxNode cast) {
    return cast.attribute("to").integer();
  }

  List<OnnxNode> nodes() {
    return file.nodes();
  }

  Map<String, OnnxTensor> initializers() {
    return file.initializers();
  }

  /** The constant values by name: initializers, Constant nodes, and Identities of both. */
  Map<String, OnnxTensor> constants() {
    return constants;
  }

  /** The constant of that name. */
  @Nullable OnnxTensor constant(String value) {
    return constants.get(value);
  }

  /** The node that makes a value, if it is of that operation. */
  Optional<OnnxNode> producer(String value, String operation) {
    return Optional.ofNullable(producers.get(value)).filter(node -> node.is(operation));
  }

  /** The nodes that use a value. */
  List<OnnxNode> consumers(String value) {
    return consumers.getOrDefault(value, List.of());
  }

  /** The only node that uses a value, if it is of that operation. */
  Optional<OnnxNode> onlyConsumer(String value, String operation) {
    List<OnnxNode> all = consumers(value);
    return all.size() == 1
        ? Optional.of(all.get(0)).filter(node -> node.is(operation))
        : Optional.empty();
  }

  /**
   * Constant codes with the values that a DequantizeLinear gives them, if these are constant, too.
   */
  Optional<QuantizedTensor> quantized(OnnxTensor codes, OnnxNode dequantize) {
    OnnxTensor steps = constant(dequantize.input(1));
    OnnxTensor zeroPoints = constant(dequantize.input(2));
    OnnxNode.Attribute given = dequantize.attributes().get("axis");
    int axis = given == null ? 1 : (int) given.integer();
    return steps != null && QuantizedTensor.fits(codes, steps, zeroPoints, axis)
        ? Optional.of(new QuantizedTensor(codes, steps, zeroPoints, axis))
        : Optional.empty();
  }

  /** The number if a value is a single constant float. */
  Optional<Float> scalar(String value) throws IOException {
    OnnxTensor tensor = constants.get(value);
    return tensor != null
            && tensor.isReadable()
            && tensor.type().isFloating()
            && tensor.elements() == 1
        ? Optional.of(tensor.floats()[0])
        : Optional.empty();
  }

  /** The size of the file and of those beside it that hold its numbers. */
  long bytes() {
    return file.bytes();
  }

  Map<String, String> metadata() {
    return file.metadata();
  }

  /** What messages call the file. */
  String name() {
    return file.name();
  }

  ModelFileException failure(String problem) {
    return new ModelFileException(file.name(), problem);
  }
}
