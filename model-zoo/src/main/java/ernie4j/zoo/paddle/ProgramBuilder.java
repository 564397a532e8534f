package ernie4j.zoo.paddle;

import ernie4j.zoo.protobuf.ProtoMessage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A program under construction: ProgramDesc of Paddle's framework.proto with one block. */
final class ProgramBuilder {
  private final List<ProtoMessage> variables = new ArrayList<>();
  private final List<ProtoMessage> operations = new ArrayList<>();
  private int values;

  ProgramBuilder() {
    variables.add(variable("feed", kind(PaddleType.FEED_MINIBATCH), true));
    variables.add(variable("fetch", kind(PaddleType.FETCH_LIST), true));
  }

  /** An attribute of an operation, in the form that Paddle's type for it has. */
  record Attribute(String name, int type, List<Long> numbers, float number, String text) {
    static Attribute integer(String name, long value) {
      return new Attribute(name, 0, List.of(value), 0, "");
    }

    static Attribute number(String name, float value) {
      return new Attribute(name, 1, List.of(), value, "");
    }

    static Attribute text(String name, String value) {
      return new Attribute(name, 2, List.of(), 0, value);
    }

    static Attribute integers(String name, long... values) {
      return new Attribute(name, 3, Arrays.stream(values).boxed().toList(), 0, "");
    }

    static Attribute flag(String name, boolean value) {
      return new Attribute(name, 6, List.of(value ? 1L : 0L), 0, "");
    }

    static Attribute wide(String name, long value) {
      return new Attribute(name, 9, List.of(value), 0, "");
    }

    static Attribute wides(String name, long... values) {
      return new Attribute(name, 11, Arrays.stream(values).boxed().toList(), 0, "");
    }

    private ProtoMessage message() {
      ProtoMessage message = new ProtoMessage();
      message.string(1, name);
      message.integer(2, type);
      switch (type) {
        case 0 -> message.integer(3, numbers.get(0));
        case 1 -> message.float32(4, number);
        case 2 -> message.string(5, text);
        case 3 -> numbers.forEach(value -> message.integer(6, value));
        case 6 -> message.integer(10, numbers.get(0));
        case 9 -> message.integer(13, numbers.get(0));
        default -> numbers.forEach(value -> message.integer(15, value));
      }
      return message;
    }
  }

  /** Declares a parameter; its value is in the parameter file. */
  void parameter(String name, List<Long> shape) {
    variables.add(variable(name, tensor(PaddleType.FLOAT32, shape), true));
  }

  /** Declares a value that the program computes or is given; -1 is an unknown dimension. */
  String value(String name, int type, long... shape) {
    variables.add(variable(name, tensor(type, Arrays.stream(shape).boxed().toList()), false));
    return name;
  }

  /** A name that no other value has. */
  String fresh(String operation) {
    return operation + "_" + values++ + ".tmp_0";
  }

  /** Adds an operation; each input and output is one variable. */
  void operation(
      String type,
      Map<String, String> inputs,
      Map<String, String> outputs,
      Attribute... attributes) {
    ProtoMessage message = new ProtoMessage();
    inputs.forEach((parameter, name) -> message.message(1, argument(parameter, name)));
    outputs.forEach((parameter, name) -> message.message(2, argument(parameter, name)));
    message.string(3, type);
    for (Attribute attribute : attributes) {
      message.message(4, attribute.message());
    }
    operations.add(message);
  }

  /** The input of a number and name. */
  String feed(int column, String name, int type, long... shape) {
    value(name, type, shape);
    operation("feed", Map.of("X", "feed"), Map.of("Out", name), Attribute.integer("col", column));
    return name;
  }

  /** Makes a value an output; they are counted by {@code column}. */
  void fetch(int column, String name) {
    operation("fetch", Map.of("X", name), Map.of("Out", "fetch"), Attribute.integer("col", column));
  }

  /** The whole program. */
  ProtoMessage program() {
    ProtoMessage block = new ProtoMessage();
    block.integer(1, 0);
    block.integer(2, -1);
    variables.forEach(variable -> block.message(3, variable));
    operations.forEach(operation -> block.message(4, operation));
    block.integer(5, -1);
    ProtoMessage version = new ProtoMessage();
    version.integer(1, 0);
    ProtoMessage program = new ProtoMessage();
    program.message(1, block);
    program.message(4, version);
    return program;
  }

  private static ProtoMessage argument(String parameter, String name) {
    ProtoMessage message = new ProtoMessage();
    message.string(1, parameter);
    message.string(2, name);
    return message;
  }

  private static ProtoMessage variable(String name, ProtoMessage type, boolean persistable) {
    ProtoMessage message = new ProtoMessage();
    message.string(1, name);
    message.message(2, type);
    message.integer(3, persistable ? 1 : 0);
    return message;
  }

  private static ProtoMessage kind(int number) {
    ProtoMessage type = new ProtoMessage();
    type.integer(1, number);
    return type;
  }

  private static ProtoMessage tensor(int type, List<Long> shape) {
    ProtoMessage tensor = new ProtoMessage();
    tensor.message(1, new TensorDesc(type, shape).message());
    tensor.integer(2, 0);
    ProtoMessage variable = kind(PaddleType.LOD_TENSOR);
    variable.message(3, tensor);
    return variable;
  }
}
