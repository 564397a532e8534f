package ernie4j.zoo.paddle;

import java.util.List;
import java.util.Map;

/** One operation of a program (OpDesc): what it is and which variables it reads and writes. */
record PaddleOperation(
    String type,
    Map<String, List<String>> inputs,
    Map<String, List<String>> outputs,
    Map<String, Attribute> attributes) {

  /** An attribute; fields that it lacks are 0 or empty, as in protobuf. */
  record Attribute(long integer, float number, List<Long> integers) {
    private static final Attribute ABSENT = new Attribute(0, 0, List.of());
  }

  boolean is(String... types) {
    return List.of(types).contains(type);
  }

  /** The first variable of an input; empty if there is none. */
  String input(String parameter) {
    return first(inputs, parameter);
  }

  /** The first variable of an output; empty if there is none. */
  String output(String parameter) {
    return first(outputs, parameter);
  }

  private static String first(Map<String, List<String>> arguments, String parameter) {
    List<String> names = arguments.getOrDefault(parameter, List.of());
    return names.isEmpty() ? "" : names.get(0);
  }

  /** The attribute of that name, or one without content. */
  Attribute attribute(String name) {
    return attributes.getOrDefault(name, Attribute.ABSENT);
  }
}
