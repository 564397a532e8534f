package ernie4j.bench.onnx;

import ernie4j.engine.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * An ONNX model under construction: initializers, nodes in the order of execution, inputs and
 * outputs. Values are names; {@link #node} returns the one that it makes.
 */
public final class OnnxModel {
  private static final int FLOAT = 1;
  private static final int INT8 = 3;
  private static final int INT64 = 7;
  private static final int IR_VERSION = 8;
  private static final int OPERATOR_SET = 17;
  private static final String MICROSOFT = "com.microsoft";

  private final ProtoMessage graph = new ProtoMessage();
  private int values;

  /** An attribute of a node: an integer, a float or a list of integers. */
  record Attribute(String name, Object value) {
    ProtoMessage encode() {
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

  OnnxModel() {
    graph.string(2, "encoder");
  }

  /** A float initializer. */
  String constant(String name, Tensor tensor) {
    ProtoMessage message = tensorHeader(name, FLOAT, tensor.shape());
    message.floats(9, tensor.data(), tensor.offset(), tensor.size());
    graph.message(5, message);
    return name;
  }

  /** An int8 initializer. */
  String constant(String name, byte[] values, int... shape) {
    ProtoMessage message = tensorHeader(name, INT8, shape);
    message.bytes(9, values);
    graph.message(5, message);
    return name;
  }

  /** A single float. */
  String number(String name, float value) {
    return constant(name, Tensor.of(new float[] {value}));
  }

  /** A list of integers as an initializer. */
  String integers(String name, long... numbers) {
    ProtoMessage message = tensorHeader(name, INT64, numbers.length);
    for (long number : numbers) {
      message.integer(7, number);
    }
    graph.message(5, message);
    return name;
  }

  private static ProtoMessage tensorHeader(String name, int type, int... shape) {
    ProtoMessage message = new ProtoMessage();
    Arrays.stream(shape).forEach(dimension -> message.integer(1, dimension));
    message.integer(2, type);
    message.string(8, name);
    return message;
  }

  /** An operation of ONNX itself. */
  String node(String operation, List<String> inputs, Attribute... attributes) {
    String output = "value_" + values++;
    node("", operation, inputs, List.of(output), attributes);
    return output;
  }

  /** One of ONNX Runtime's own operations. */
  String microsoft(String operation, List<String> inputs, Attribute... attributes) {
    String output = "value_" + values++;
    node(MICROSOFT, operation, inputs, List.of(output), attributes);
    return output;
  }

  /** One of ONNX Runtime's own operations that insists on a second output, which is not used. */
  String microsoftWithSecondOutput(String operation, List<String> inputs, Attribute... attributes) {
    String output = "value_" + values++;
    node(MICROSOFT, operation, inputs, List.of(output, output + "_unused"), attributes);
    return output;
  }

  /** An operation of ONNX itself with several outputs. */
  List<String> nodeWithOutputs(
      int count, String operation, List<String> inputs, Attribute... attributes) {
    List<String> outputs =
        IntStream.range(0, count).mapToObj(i -> "value_" + (values + i)).toList();
    values += count;
    node("", operation, inputs, outputs, attributes);
    return outputs;
  }

  private void node(
      String domain,
      String operation,
      List<String> inputs,
      List<String> outputs,
      Attribute... attributes) {
    ProtoMessage message = new ProtoMessage();
    inputs.forEach(input -> message.string(1, input));
    outputs.forEach(output -> message.string(2, output));
    message.string(4, operation);
    Arrays.stream(attributes).forEach(attribute -> message.message(5, attribute.encode()));
    message.string(7, domain);
    graph.message(1, message);
  }

  /** An int64 input; a dimension is a number or a name. */
  String input(String name, String... shape) {
    graph.message(11, valueInfo(name, INT64, shape));
    return name;
  }

  /** Makes a value a float output under a name of its own. */
  void output(String name, String value, String... shape) {
    node("", "Identity", List.of(value), List.of(name));
    graph.message(12, valueInfo(name, FLOAT, shape));
  }

  private static ProtoMessage valueInfo(String name, int elementType, String... shape) {
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
    tensorType.integer(1, elementType);
    tensorType.message(2, dimensions);
    ProtoMessage type = new ProtoMessage();
    type.message(1, tensorType);
    ProtoMessage info = new ProtoMessage();
    info.string(1, name);
    info.message(2, type);
    return info;
  }

  private ProtoMessage model() {
    ProtoMessage model = new ProtoMessage();
    model.integer(1, IR_VERSION);
    model.string(2, "ernie4j-bench");
    model.message(7, graph);
    model.message(8, operatorSet("", OPERATOR_SET));
    model.message(8, operatorSet(MICROSOFT, 1));
    return model;
  }

  private static ProtoMessage operatorSet(String domain, int version) {
    ProtoMessage set = new ProtoMessage();
    set.string(1, domain);
    set.integer(2, version);
    return set;
  }

  /** The file's content. */
  public byte[] toByteArray() {
    ProtoMessage model = model();
    ByteArrayOutputStream out = new ByteArrayOutputStream(Math.toIntExact(model.length()));
    try {
      model.writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** Writes the model to a file, for looking at it with other tools. */
  public void write(Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      model().writeTo(out);
    }
  }
}
