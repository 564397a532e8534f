package ernie4j.server.task;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import ernie4j.pipeline.Attempt;
import ernie4j.pipeline.SentenceEmbedder;
import ernie4j.tokenizer.Tokenizer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import java.util.Set;

/**
 * Embeddings with OpenAI's API: <a
 * href="https://platform.openai.com/docs/api-reference/embeddings">embeddings</a>.
 */
final class EmbeddingsRoute {
  private static final String FORMAT = "encoding_format";
  private static final String DIMENSIONS = "dimensions";

  /** A field that OpenAI's clients send; it is ignored. */
  private static final String USER = "user";

  private EmbeddingsRoute() {}

  static TaskService<float[]> service(SentenceEmbedder embedder) {
    return new TaskService<>(
        embedder,
        (inputs, parameters) -> embedder.tryEmbed(TaskServices.texts(inputs)),
        List.of(
            new Route<>(
                Paths.EMBEDDINGS,
                Set.of(RequestFields.INPUT, FORMAT, DIMENSIONS, USER),
                request -> read(embedder, request),
                (response, request, question, results) ->
                    write(embedder.tokenizer(), response, request, question, results))));
  }

  private static Route.Question read(SentenceEmbedder embedder, RequestFields request) {
    isBase64(request);
    int dimension = embedder.dimension();
    if (request.count(DIMENSIONS, Integer.MAX_VALUE, dimension) != dimension) {
      throw RequestException.invalid(
          DIMENSIONS,
          "%s: this model has vectors of %d values and cannot shorten them"
              .formatted(DIMENSIONS, dimension));
    }
    return new Route.Question(request.inputs(), Parameters.TEXTS);
  }

  private static boolean isBase64(RequestFields request) {
    String format = request.optionalText(FORMAT);
    if (format == null || format.equals("float")) {
      return false;
    }
    if (format.equals("base64")) {
      return true;
    }
    throw RequestException.invalid(
        FORMAT, "%s: expected float or base64, got %s".formatted(FORMAT, format));
  }

  private static void write(
      Tokenizer tokenizer,
      ObjectNode response,
      RequestFields request,
      Route.Question question,
      List<Attempt<float[]>> results) {
    ItemWriter.requireAll(request, question, results);
    boolean base64 = isBase64(request);
    response.put("object", "list");
    ArrayNode data = response.putArray("data");
    for (int i = 0; i < results.size(); i++) {
      ObjectNode object = data.addObject().put("object", "embedding").put("index", i);
      float[] vector = results.get(i).result();
      if (base64) {
        object.put("embedding", base64(vector));
      } else {
        object.putPOJO("embedding", vector); // written as a list, without an object for each value
      }
    }
    int tokens = question.inputs().stream().mapToInt(i -> Tokens.count(tokenizer, i)).sum();
    response.putObject("usage").put("prompt_tokens", tokens).put("total_tokens", tokens);
  }

  private static String base64(float[] vector) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * vector.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(vector);
    return Base64.getEncoder().encodeToString(bytes.array());
  }
}
