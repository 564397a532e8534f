package ernie4j.server.task;

import com.fasterxml.jackson.databind.JsonNode;
import ernie4j.pipeline.ExtractionSchema;

/** A schema in a request: a text with the short form, or JSON. */
final class SchemaField {
  private SchemaField() {}

  static ExtractionSchema read(String field, RequestFields request) {
    JsonNode node = request.node(field);
    if (!node.isContainerNode() && !node.isTextual()) {
      throw RequestException.invalid(
          field,
          "%s: expected what to extract, for example \"时间,选手\" or {\"竞赛名称\": [\"主办方\"]}, got %s"
              .formatted(field, node.isMissingNode() ? "nothing" : node));
    }
    try {
      return ExtractionSchema.parse(node.isTextual() ? node.textValue() : node.toString());
    } catch (IllegalArgumentException e) {
      throw RequestException.invalid(field, String.valueOf(e.getMessage())); // "schema: ..."
    }
  }
}
