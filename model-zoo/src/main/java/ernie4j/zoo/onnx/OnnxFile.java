package ernie4j.zoo.onnx;

import ernie4j.engine.file.ModelFileException;
import ernie4j.zoo.protobuf.WireReader;
import java.util.List;
import java.util.Map;

/**
 * The parts of a ModelProto that an importer needs: the nodes in file order, the initializers, and
 * the names of inputs and outputs.
 *
 * <p>Beyond the file's own bytes, memory stays within a fixed amount: tensors are slices of the
 * file, and {@link GraphReader#MAX_PARTS} limits the number of everything else.
 */
record OnnxFile(
    String name,
    List<OnnxNode> nodes,
    Map<String, OnnxTensor> initializers,
    List<String> inputs,
    List<String> outputs) {

  /**
   * Reads a model.
   *
   * @param name what messages call the file
   * @throws ModelFileException if the bytes are not an ONNX model with exactly one graph, are cut
   *     or damaged, or refer to other files
   */
  static OnnxFile read(String name, byte[] content) throws ModelFileException {
    GraphReader graph = null;
    boolean hasOperatorSet = false;
    WireReader in = new WireReader(name, content);
    while (in.next()) {
      switch (in.field()) {
        case 7 -> {
          if (graph != null) {
            throw in.failure("expected one graph, got a second one");
          }
          graph = new GraphReader();
          graph.read(in.message());
        }
        case 8 -> {
          hasOperatorSet = true;
          in.skip();
        }
        default -> in.skip();
      }
    }
    if (graph == null || !hasOperatorSet) {
      throw in.failure(
          "expected an ONNX model, got a file without %s; it is cut or something else"
              .formatted(graph == null ? "a graph" : "an operator set"));
    }
    return new OnnxFile(name, graph.nodes, graph.initializers, graph.inputs, graph.outputs);
  }
}
