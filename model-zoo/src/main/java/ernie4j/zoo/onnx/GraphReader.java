package ernie4j.zoo.onnx;

import ernie4j.engine.file.ModelFileException;
import ernie4j.zoo.protobuf.WireReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads one GraphProto, a flat list of nodes and tensors: subgraphs inside attributes are passed
 * over, so nothing here recurses.
 */
final class GraphReader {
  /**
   * The most nodes, attributes, names, list elements and tensors together that a graph may have.
   * Each may take two bytes in the file but takes about a hundred in memory. The export of a
   * 24-layer BERT has about 20,000.
   */
  static final int MAX_PARTS = 200_000;

  final List<OnnxNode> nodes = new ArrayList<>();
  final Map<String, OnnxTensor> initializers = new LinkedHashMap<>();
  final List<String> inputs = new ArrayList<>();
  final List<String> outputs = new ArrayList<>();
  private final ExternalFiles files;
  private int parts;

  GraphReader(ExternalFiles files) {
    this.files = files;
  }

  void read(WireReader in) throws IOException {
    while (in.next()) {
      switch (in.field()) {
        case 1 -> nodes.add(node(in.message()));
        case 5 -> addInitializer(in.message());
        case 11 -> inputs.add(valueName(in.message()));
        case 12 -> outputs.add(valueName(in.message()));
        case 15 -> throw in.failure("sparse initializers are not supported; export dense ones");
        default -> in.skip();
      }
    }
  }

  private void addInitializer(WireReader in) throws IOException {
    OnnxTensor tensor = tensor(in);
    if (initializers.put(tensor.name(), tensor) != null) {
      throw in.failure("two initializers are called '" + tensor.name() + "'");
    }
  }

  private OnnxTensor tensor(WireReader in) throws IOException {
    countPart(in);
    return OnnxTensor.read(in, files);
  }

  private String valueName(WireReader in) throws ModelFileException {
    countPart(in);
    String name = "";
    while (in.next()) {
      if (in.field() == 1) {
        name = in.string();
      } else {
        in.skip();
      }
    }
    return name;
  }

  private OnnxNode node(WireReader in) throws IOException {
    countPart(in);
    String name = "";
    String operation = "";
    List<String> nodeInputs = new ArrayList<>(2);
    List<String> nodeOutputs = new ArrayList<>(1);
    Map<String, OnnxNode.Attribute> attributes = new HashMap<>(2);
    while (in.next()) {
      switch (in.field()) {
        case 1 -> nodeInputs.add(partName(in));
        case 2 -> nodeOutputs.add(partName(in));
        case 3 -> name = in.string();
        case 4 -> operation = in.string();
        case 5 -> addAttribute(in.message(), attributes);
        default -> in.skip();
      }
    }
    return new OnnxNode(name, operation, nodeInputs, nodeOutputs, attributes);
  }

  private String partName(WireReader in) throws ModelFileException {
    countPart(in);
    return in.string();
  }

  private void addAttribute(WireReader in, Map<String, OnnxNode.Attribute> attributes)
      throws IOException {
    countPart(in);
    String name = "";
    long integer = 0;
    float number = 0;
    String text = "";
    List<Long> integers = new ArrayList<>(0);
    OnnxTensor tensor = null;
    while (in.next()) {
      switch (in.field()) {
        case 1 -> name = in.string();
        case 2 -> number = in.float32();
        case 3 -> integer = in.varint();
        case 4 -> text = in.latin1();
        case 5 -> tensor = tensor(in.message());
        case 8 -> addIntegers(in, integers);
        default -> in.skip();
      }
    }
    attributes.put(name, new OnnxNode.Attribute(integer, number, text, integers, tensor));
  }

  private void addIntegers(WireReader in, List<Long> integers) throws ModelFileException {
    if (in.wireType() == WireReader.VARINT) {
      countPart(in);
      integers.add(in.varint());
      return;
    }
    for (WireReader packed = in.message(); packed.remaining() > 0; ) {
      countPart(packed);
      integers.add(packed.rawVarint());
    }
  }

  private void countPart(WireReader in) throws ModelFileException {
    if (++parts > MAX_PARTS) {
      throw in.failure(
          "the graph has more than %d nodes, attributes, names, integers and tensors"
              .formatted(MAX_PARTS));
    }
  }
}
