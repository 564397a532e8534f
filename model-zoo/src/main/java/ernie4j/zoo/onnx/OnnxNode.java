package ernie4j.zoo.onnx;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A NodeProto: one operation of the graph. */
record OnnxNode(
    String name,
    String operation,
    List<String> inputs,
    List<String> outputs,
    Map<String, Attribute> attributes) {

  /** An AttributeProto; fields that an attribute lacks are 0 or empty, as in protobuf. */
  record Attribute(
      long integer, float number, String text, List<Long> integers, @Nullable OnnxTensor tensor) {
    static final Attribute ABSENT = new Attribute(0, 0, "", List.of(), null);
  }

  boolean is(String wantedOperation) {
    return operation.equals(wantedOperation);
  }

  /** The name of an input; empty if the node has no such input or leaves it out. */
  String input(int index) {
    return index < inputs.size() ? inputs.get(index) : "";
  }

  /** The name of the first output; empty if there is none. */
  String output() {
    return outputs.isEmpty() ? "" : outputs.get(0);
  }

  /** The attribute of that name, or one without content. */
  Attribute attribute(String attributeName) {
    return attributes.getOrDefault(attributeName, Attribute.ABSENT);
  }
}
