package ernie4j.training.data;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The text and the typed spans of a JSON object in any of the known formats; see {@link TagFiles}.
 */
final class SpanFields {
  /** The fields that spans may be in; the first present one counts, and there must be no other. */
  private static final List<String> FIELDS = List.of("entities", "label", "labels", "spans");

  private static final String[] TYPES = {"type", "label", "entity_group", "labels"};
  private static final String[] STARTS = {"start", "start_offset"};
  private static final String[] ENDS = {"end", "end_offset"};

  private SpanFields() {}

  /**
   * Reads an example.
   *
   * @param labelled whether spans are required; if not, they are not read
   */
  static TaggedExample read(JsonFields fields, boolean labelled) throws IOException {
    if (fields.has("data") && !fields.has("text")) {
      return labelStudio(fields, labelled);
    }
    fields.requireOnly("text", "entities", "label", "labels", "spans", "answer");
    if (fields.has("answer") && !fields.text("answer").equals("accept")) {
      throw fields.error("an example that was accepted", "answer '" + fields.text("answer") + "'");
    }
    List<String> present = FIELDS.stream().filter(fields::has).toList();
    String text = fields.text("text");
    if (!labelled) {
      return new TaggedExample(text, List.of());
    }
    if (present.size() != 1) {
      throw fields.error(
          "the spans in one of the fields %s, an empty list if there are none"
              .formatted(String.join(", ", FIELDS)),
          present.isEmpty() ? "none: " + JsonFields.shown(fields.node()) : "" + present);
    }
    JsonFields value = fields.at(fields.node().get(present.get(0)));
    return example(
        fields, text, value.node().isObject() ? cluener(value, text) : list(value, text));
  }

  /** {@code [{"type", "start", "end"}]} with the usual field names, or {@code [[s, e, t]]}. */
  private static List<LabelledSpan> list(JsonFields value, String text) throws IOException {
    List<LabelledSpan> spans = new ArrayList<>();
    for (JsonFields element : value.elements("a list of spans")) {
      JsonNode node = element.node();
      if (node.isArray() && node.size() == 3 && node.get(2).isTextual()) {
        int start = whole(element, node.get(0));
        spans.add(span(element, text, node.get(2).asText(), start, whole(element, node.get(1))));
      } else if (node.isObject()) {
        spans.add(object(element, text));
      } else {
        throw element.error(
            "a span {\"type\", \"start\", \"end\"} or [start, end, type]", JsonFields.shown(node));
      }
    }
    return spans;
  }

  private static LabelledSpan object(JsonFields span, String text) throws IOException {
    span.requireOnly(
        "type",
        "label",
        "labels",
        "entity_group",
        "start",
        "end",
        "start_offset",
        "end_offset",
        "token_start",
        "token_end",
        "text",
        "score");
    JsonFields type = span.field(TYPES);
    JsonNode name = type.node();
    if (name.isArray() && name.size() == 1) {
      name = name.get(0);
    }
    if (!name.isValueNode()) {
      throw span.error("one type of a span", JsonFields.shown(name));
    }
    int start = whole(span, span.field(STARTS).node());
    int end = whole(span, span.field(ENDS).node());
    if (!span.has("text")) {
      return span(span, text, name.asText(), start, end);
    }
    return span(span, text, name.asText(), start, end, span.text("text"));
  }

  /** {@code {type: {name: [[start, last]]}}}, where the end is inclusive. */
  private static List<LabelledSpan> cluener(JsonFields value, String text) throws IOException {
    List<LabelledSpan> spans = new ArrayList<>();
    Iterator<Map.Entry<String, JsonNode>> types = value.node().fields();
    while (types.hasNext()) {
      Map.Entry<String, JsonNode> type = types.next();
      if (!type.getValue().isObject()) {
        throw value.error(
            "{type: {text: [[first, last]]}}, or a list of spans", JsonFields.shown(value.node()));
      }
      Iterator<Map.Entry<String, JsonNode>> names = type.getValue().fields();
      while (names.hasNext()) {
        Map.Entry<String, JsonNode> name = names.next();
        for (JsonFields ends : value.at(name.getValue()).elements("a list of [first, last]")) {
          JsonNode node = ends.node();
          if (!node.isArray() || node.size() != 2) {
            throw ends.error("[first, last]", JsonFields.shown(node));
          }
          int start = whole(ends, node.get(0));
          int end = whole(ends, node.get(1)) + 1;
          spans.add(span(ends, text, type.getKey(), start, end, name.getKey()));
        }
      }
    }
    return spans;
  }

  /** A task of Label Studio: {@code data} with the text, {@code annotations} with the spans. */
  private static TaggedExample labelStudio(JsonFields task, boolean labelled) throws IOException {
    JsonFields data = task.field("data");
    String text = data.has("text") ? data.text("text") : onlyText(data);
    if (!labelled) {
      return new TaggedExample(text, List.of());
    }
    List<LabelledSpan> spans = new ArrayList<>();
    for (JsonFields result : LabelStudioTask.annotation(task).list("result")) {
      JsonNode value = result.node().path("value");
      if (value.has("labels")) {
        spans.add(object(result.at(value), text));
      } else if (!value.isMissingNode()) {
        throw result.error("labels of spans", JsonFields.shown(result.node()));
      }
    }
    return example(task, text, spans);
  }

  private static String onlyText(JsonFields data) throws IOException {
    List<String> texts = new ArrayList<>();
    data.node()
        .forEach(value -> texts.addAll(value.isTextual() ? List.of(value.asText()) : List.of()));
    if (texts.size() != 1) {
      throw data.error("a field 'text' or one text in 'data'", JsonFields.shown(data.node()));
    }
    return texts.get(0);
  }

  static int whole(JsonFields span, JsonNode place) throws IOException {
    if (!place.isIntegralNumber() || !place.canConvertToInt()) {
      throw span.error("whole numbers as offsets", JsonFields.shown(span.node()));
    }
    return place.intValue();
  }

  static LabelledSpan span(JsonFields at, String text, String type, int start, int end)
      throws IOException {
    return new LabelledSpan(type, index(at, text, "start", start), index(at, text, "end", end));
  }

  /**
   * A span whose text is known. Its offsets count code points or, if only that matches, chars, as
   * in JavaScript.
   */
  static LabelledSpan span(JsonFields at, String text, String type, int start, int end, String name)
      throws IOException {
    if (start >= 0 && start <= end && end <= text.length()) {
      int points = text.codePointCount(0, text.length());
      if (end <= points) {
        LabelledSpan span = span(at, text, type, start, end);
        if (text.substring(span.start(), span.end()).equals(name)) {
          return span;
        }
      }
      if (text.substring(start, end).equals(name)) {
        return new LabelledSpan(type, start, end);
      }
    }
    throw at.error(
        "'%s' from character %d to before %d of '%s'".formatted(name, start, end, text),
        "other text there");
  }

  /** Converts an offset in code points to the index of a char. */
  private static int index(JsonFields at, String text, String field, int place) throws IOException {
    int count = text.codePointCount(0, text.length());
    if (place < 0 || place > count) {
      throw at.error("'%s' from 0 to %d".formatted(field, count), String.valueOf(place));
    }
    return text.offsetByCodePoints(0, place);
  }

  /** Sorts spans and removes duplicates. */
  private static TaggedExample example(JsonFields fields, String text, List<LabelledSpan> spans)
      throws IOException {
    List<LabelledSpan> sorted = new ArrayList<>();
    for (LabelledSpan span : spans) {
      sorted.add(TaggedExample.withoutBlanks(text, span));
    }
    sorted =
        sorted.stream().distinct().sorted(Comparator.comparingInt(LabelledSpan::start)).toList();
    @Nullable LabelledSpan before = null;
    for (LabelledSpan span : sorted) {
      if (span.start() >= span.end()) {
        throw fields.error("spans of at least one character", shown(text, span));
      }
      if (before != null && span.start() < before.end()) {
        throw fields.error(
            "spans without overlaps", shown(text, before) + " and " + shown(text, span));
      }
      before = span;
    }
    return new TaggedExample(text, sorted);
  }

  private static String shown(String text, LabelledSpan span) {
    return "%s '%s'"
        .formatted(span.type(), text.substring(span.start(), Math.max(span.start(), span.end())));
  }
}
