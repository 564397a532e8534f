package ernie4j.zoo.onnx;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFileException;
import ernie4j.zoo.conversion.ImportedHead;
import ernie4j.zoo.conversion.JsonFile;
import java.util.Optional;

/**
 * The metadata that our exports write, because the graph does not tell it. Nothing in it changes
 * what an encoder computes from ids, mask and types.
 *
 * @param head the task of the head and how its answers are read
 * @param paddingId the id of padding
 * @param zeroPaddingEmbedding whether its embedding is zero whatever the table holds
 * @param intermediateSize the width of an unpruned feed-forward layer
 */
record OnnxMetadata(
    ImportedHead head, int paddingId, boolean zeroPaddingEmbedding, int intermediateSize) {
  private static final String KEY = "ernie4j";
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * The metadata of a graph, if it is one of ours.
   *
   * @throws ModelFileException if it is damaged
   */
  static Optional<OnnxMetadata> read(OnnxGraph graph) throws ModelFileException {
    String text = graph.metadata().get(KEY);
    if (text == null) {
      return Optional.empty();
    }
    try {
      JsonNode root = JSON.readTree(text);
      int padding = root.path("padding_id").asInt(-1);
      int intermediate = root.path("intermediate_size").asInt(-1);
      JsonNode zero = root.path("zero_padding_embedding");
      if (padding >= 0 && intermediate > 0 && zero.isBoolean() && root.path("task").isTextual()) {
        return Optional.of(
            new OnnxMetadata(
                new ImportedHead(
                    ImportedHead.task(graph.name(), root.path("task").asText()),
                    JsonFile.lists(root.path("labels")),
                    JsonFile.texts(root.path("options"))),
                padding,
                zero.booleanValue(),
                intermediate));
      }
    } catch (JsonProcessingException e) {
      throw graph.failure(
          "the metadata '%s' is not JSON: %s".formatted(KEY, e.getOriginalMessage()));
    }
    throw graph.failure("the metadata '%s' is damaged".formatted(KEY));
  }

  static void write(Model source, OnnxModel target) {
    ObjectNode root = JSON.createObjectNode();
    root.put("task", source.task());
    root.put("padding_id", source.config().paddingId());
    root.put("zero_padding_embedding", source.config().zeroPaddingEmbedding());
    root.put("intermediate_size", source.config().intermediateSize());
    root.set("labels", JSON.valueToTree(source.labels()));
    root.set("options", JSON.valueToTree(source.options()));
    target.metadata(KEY, root.toString());
  }
}
