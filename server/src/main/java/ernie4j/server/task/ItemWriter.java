package ernie4j.server.task;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import ernie4j.pipeline.Attempt;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * Writes a list with one object per text. A text that cannot be read gets an error in its place; if
 * it is the only text of a request, the request fails.
 */
record ItemWriter<R>(BiConsumer<ObjectNode, R> item) implements Route.Writer<R> {
  @Override
  public void write(
      ObjectNode response,
      RequestFields request,
      Route.Question question,
      List<Attempt<R>> results) {
    if (request.isText(question.field())) {
      requireAll(request, question, results);
    }
    ArrayNode data = response.putArray("data");
    for (int i = 0; i < results.size(); i++) {
      ObjectNode object = data.addObject().put("index", i);
      Attempt<R> result = results.get(i);
      if (result.isSuccess()) {
        item.accept(object, result.result());
      } else {
        object.put("error", result.error().orElse(""));
      }
    }
  }

  /**
   * Rejects a request if any of its texts has no result.
   *
   * @throws RequestException with status 422, about the first such text
   */
  static void requireAll(
      RequestFields request, Route.Question question, List<? extends Attempt<?>> results) {
    String field = question.field();
    for (int i = 0; i < results.size(); i++) {
      if (!results.get(i).isSuccess()) {
        throw RequestException.invalid(
            request.isText(field) ? field : "%s[%d]".formatted(field, i),
            results.get(i).error().orElse(""));
      }
    }
  }
}
