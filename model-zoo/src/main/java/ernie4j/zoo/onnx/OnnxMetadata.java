package ernie4j.zoo.onnx;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import ernie4j.engine.file.Model;
import java.util.List;
import java.util.Map;

/**
 * What our exports keep in a file's metadata, because the graph does not say it. Nothing in it
 * changes what an encoder computes from ids, mask and types.
 *
 * @param task the model's task
 * @param labels the names of its labels
 * @param paddingId the id of padding
 * @param zeroPaddingEmbedding whether its embedding is zero whatever the table holds
 * @param intermediateSize the width of an unpruned feed-forward layer
 */
record OnnxMetadata(
    String task,
    Map<String, List<String>> labels,
    int paddingId,
    boolean zeroPaddingEmbedding,
    int intermediateSize) {
  private static final String KEY = "ernie4j";
  private static final ObjectMapper JSON = new ObjectMapper();

  static void write(Model source, OnnxModel target) {
    OnnxMetadata metadata =
        new OnnxMetadata(
            source.task(),
            source.labels(),
            source.config().paddingId(),
            source.config().zeroPaddingEmbedding(),
            source.config().intermediateSize());
    try {
      target.metadata(KEY, JSON.writeValueAsString(metadata));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a record of numbers and texts has a JSON form", e);
    }
  }
}
