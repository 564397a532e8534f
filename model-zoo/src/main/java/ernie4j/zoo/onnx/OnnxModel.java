package ernie4j.zoo.onnx;

import ernie4j.engine.Int8Weight;
import ernie4j.engine.Tensor;
import ernie4j.engine.file.AtomicFile;
import ernie4j.zoo.conversion.ElementType;
import ernie4j.zoo.protobuf.ProtoMessage;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * An ONNX model under construction: initializers, nodes in the order of execution, inputs and
 * outputs. Values are names; {@link #node} returns the one that it makes. Arrays are not copied and
 * must not change until the model is written.
 *
 * <pre>{@code
 * OnnxModel model = new OnnxModel();
 * String x = model.input("x", "batch", "8");
 * String y = model.node("MatMul", List.of(x, model.constant("w", Tensor.zeros(8, 2))));
 * model.output("y", y, "batch", "2");
 * }</pre>
 */
public final class OnnxModel {
  /** The version of ONNX's operations: the first with LayerNormalization. */
  public static final int OPERATOR_SET = 17;

  private static final int IR_VERSION = 8;
  private static final long MAX_BYTES = Integer.MAX_VALUE;

  private final ProtoMessage graph = new ProtoMessage();
  private final Map<String, Integer> operatorSets = new LinkedHashMap<>();
  private final Map<String, String> metadata = new TreeMap<>();
  private final Set<String> constants = new HashSet<>();
  private int values;

  /** An attribute of a node: an integer, a float or a list of integers. */
  public record Attribute(String name, Object value) {
    private ProtoMessage encode() {
      ProtoMessage message = new ProtoMessage();
      message.string(1, name);
      if (value instanceof Float number) {
        message.float32(2, number);
        message.integer(20, 1);
      } else if (value instanceof Integer number) {
        message.integer(3, number);
        message.integer(20, 2);
      } else {
        for (int number : (int[]) value) {
          message.integer(8, number);
        }
        message.integer(20, 7);
      }
      return message;
    }
  }

  /** Makes an empty model. */
  public OnnxModel() {
    graph.string(2, "encoder");
    operatorSets.put("", OPERATOR_SET);
  }

  /** Adds a float initializer. An existing one of that name must be equal and is used again. */
  public String constant(String name, Tensor tensor) {
    if (constants.add(name)) {
      ProtoMessage message = tensorHeader(name, ElementType.FLOAT32, tensor.shape());
      message.floats(9, tensor.data(), tensor.offset(), tensor.size());
      graph.message(5, message);
    }
    return name;
  }

  /** The codes of a weight as an initializer, as {@link #constant(String, Tensor)}. */
  public String codes(String name, Int8Weight weight) {
    return int8(name, weight.codes(), weight.shape());
  }

  /** An int8 initializer, as {@link #constant(String, Tensor)}. */
  String int8(String name, byte[] values, int... shape) {
    if (constants.add(name)) {
      ProtoMessage message = tensorHeader(name, ElementType.INT8, shape);
      message.bytes(9, values);
      graph.message(5, message);
    }
    return name;
  }

  /** A number without dimensions, as {@link #constant(String, Tensor)}. */
  public String scalar(String name, float value) {
    return constant(name, Tensor.of(new float[] {value}));
  }

  /** A whole number without dimensions, as {@link #constant(String, Tensor)}. */
  public String scalar(String name, long value) {
    return int64(name, new int[0], value);
  }

  /** A list of whole numbers as an initializer, as {@link #constant(String, Tensor)}. */
  public String integers(String name, long... numbers) {
    return int64(name, new int[] {numbers.length}, numbers);
  }

  private String int64(String name, int[] shape, long... numbers) {
    if (constants.add(name)) {
      ProtoMessage message = tensorHeader(name, ElementType.INT64, shape);
      for (long number : numbers) {
        message.integer(7, number);
      }
      graph.message(5, message);
    }
    return name;
  }

  private static ProtoMessage tensorHeader(String name, ElementType type, int... shape) {
    ProtoMessage message = new ProtoMessage();
    Arrays.stream(shape).forEach(dimension -> message.integer(1, dimension));
    message.integer(2, OnnxTypes.number(type));
    message.string(8, name);
    return message;
  }

  /** Adds an operation of ONNX itself and returns the name of its output. */
  public String node(String operation, List<String> inputs, Attribute... attributes) {
    return node("", 1, operation, inputs, attributes).get(0);
  }

  /**
   * An operation with several outputs or of another domain, whose operator set 1 is then used.
   *
   * @param domain empty for ONNX itself
   * @param outputs how many outputs it has; their names are the result
   */
  public List<String> node(
      String domain, int outputs, String operation, List<String> inputs, Attribute... attributes) {
    operatorSets.putIfAbsent(domain, 1);
    List<String> names =
        IntStream.range(0, outputs).mapToObj(i -> "value_" + (values + i)).toList();
    addNode(domain, operation, inputs, names, attributes);
    return names;
  }

  private void addNode(
      String domain,
      String operation,
      List<String> inputs,
      List<String> outputs,
      Attribute... attributes) {
    ProtoMessage message = new ProtoMessage();
    inputs.forEach(input -> message.string(1, input));
    outputs.forEach(output -> message.string(2, output));
    message.string(3, operation + "_" + values);
    message.string(4, operation);
    Arrays.stream(attributes).forEach(attribute -> message.message(5, attribute.encode()));
    message.string(7, domain);
    graph.message(1, message);
    values += outputs.size();
  }

  /** Adds an int64 input; a dimension is a number or a name. */
  public String input(String name, String... shape) {
    graph.message(11, valueInfo(name, ElementType.INT64, shape));
    return name;
  }

  /** Makes a value a float output under a name of its own. */
  public void output(String name, String value, String... shape) {
    addNode("", "Identity", List.of(value), List.of(name));
    graph.message(12, valueInfo(name, ElementType.FLOAT32, shape));
  }

  /** Adds an entry to the model's metadata, which runtimes ignore. */
  public void metadata(String key, String value) {
    metadata.put(key, value);
  }

  private static ProtoMessage valueInfo(String name, ElementType elements, String... shape) {
    ProtoMessage dimensions = new ProtoMessage();
    for (String dimension : shape) {
      ProtoMessage one = new ProtoMessage();
      if (Character.isDigit(dimension.charAt(0))) {
        one.integer(1, Long.parseLong(dimension));
      } else {
        one.string(2, dimension);
      }
      dimensions.message(1, one);
    }
    ProtoMessage tensorType = new ProtoMessage();
    tensorType.integer(1, OnnxTypes.number(elements));
    tensorType.message(2, dimensions);
    ProtoMessage type = new ProtoMessage();
    type.message(1, tensorType);
    ProtoMessage info = new ProtoMessage();
    info.string(1, name);
    info.message(2, type);
    return info;
  }

  /** The whole file. */
  private ProtoMessage encode() {
    ProtoMessage model = new ProtoMessage();
    model.integer(1, IR_VERSION);
    model.string(2, "ernie4j");
    model.message(7, graph);
    operatorSets.forEach(
        (domain, version) -> {
          ProtoMessage set = new ProtoMessage();
          set.string(1, domain);
          set.integer(2, version);
          model.message(8, set);
        });
    metadata.forEach(
        (key, value) -> {
          ProtoMessage entry = new ProtoMessage();
          entry.string(1, key);
          entry.string(2, value);
          model.message(14, entry);
        });
    if (model.length() > MAX_BYTES) {
      throw new IllegalStateException(
          "OnnxModel: the file would have %,d bytes, but protobuf allows at most %,d; quantize the model first"
              .formatted(model.length(), MAX_BYTES));
    }
    return model;
  }

  /**
   * The file's content.
   *
   * @throws IllegalStateException if it has more than 2 GiB, which protobuf cannot hold
   */
  public byte[] toByteArray() {
    ProtoMessage model = encode();
    ByteArrayOutputStream out = new ByteArrayOutputStream(Math.toIntExact(model.length()));
    try {
      model.writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /**
   * Writes the file in one step; an existing one stays unchanged if anything fails.
   *
   * @throws IllegalStateException as {@link #toByteArray}
   */
  public void write(Path file) throws IOException {
    ProtoMessage model = encode();
    AtomicFile.write(
        file,
        channel -> {
          OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel));
          model.writeTo(out);
          out.flush();
        });
  }
}
