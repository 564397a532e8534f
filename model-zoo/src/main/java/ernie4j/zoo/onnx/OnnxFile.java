package ernie4j.zoo.onnx;

import ernie4j.engine.file.ModelFileException;
import ernie4j.zoo.protobuf.WireReader;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The parts of a ModelProto that an importer needs: the nodes in file order, the initializers, the
 * names of inputs and outputs, and the metadata.
 *
 * <p>Beyond the file's own bytes, memory stays within a fixed amount: tensors are slices of the
 * file, and {@link GraphReader#MAX_PARTS} limits the number of everything else.
 *
 * @param bytes the size of the file and of those beside it that hold numbers
 */
record OnnxFile(
    String name,
    long bytes,
    List<OnnxNode> nodes,
    Map<String, OnnxTensor> initializers,
    List<String> inputs,
    List<String> outputs,
    Map<String, String> metadata) {
  private static final int MAX_METADATA = 1000;

  /** Reads a model that is one file; see {@link #read(String, byte[], ExternalFiles)}. */
  static OnnxFile read(String name, byte[] content) throws IOException {
    return read(name, content, ExternalFiles.none(name));
  }

  /**
   * Reads a model.
   *
   * @param name what messages call the file
   * @param files where its tensors may have their numbers
   * @throws ModelFileException if the bytes are not an ONNX model with exactly one graph, are cut
   *     or damaged, or refer to other files than these
   */
  static OnnxFile read(String name, byte[] content, ExternalFiles files) throws IOException {
    GraphReader graph = null;
    boolean hasOperatorSet = false;
    Map<String, String> metadata = new HashMap<>();
    WireReader in = new WireReader(name, content);
    while (in.next()) {
      switch (in.field()) {
        case 7 -> {
          if (graph != null) {
            throw in.failure("expected one graph, got a second one");
          }
          graph = new GraphReader(files);
          graph.read(in.message());
        }
        case 8 -> {
          hasOperatorSet = true;
          in.skip();
        }
        case 14 -> addMetadata(in.message(), metadata);
        default -> in.skip();
      }
    }
    if (graph == null || !hasOperatorSet) {
      throw in.failure(
          "expected an ONNX model, got a file without %s; it is cut or something else"
              .formatted(graph == null ? "a graph" : "an operator set"));
    }
    return new OnnxFile(
        name,
        content.length + files.totalSize(),
        graph.nodes,
        graph.initializers,
        graph.inputs,
        graph.outputs,
        metadata);
  }

  private static void addMetadata(WireReader in, Map<String, String> metadata)
      throws ModelFileException {
    StringEntry entry = StringEntry.read(in);
    metadata.put(entry.key(), entry.value());
    if (metadata.size() > MAX_METADATA) {
      throw in.failure("more than %d entries of metadata".formatted(MAX_METADATA));
    }
  }
}
