package ernie4j.training.data;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Texts as annotation tools export them, one object per line or a list of objects.
 *
 * <ul>
 *   <li>doccano: {@code {"text": ..., "label": [[start, end, label]]}} for spans, {@code {"text":
 *       ..., "entities": [{"id", "start_offset", "end_offset", "label"}], "relations": [{"from_id",
 *       "to_id", "type"}]}} with relations, {@code {"text": ..., "label": ["class"]}} for classes
 *       of texts; before version 1.7 the text is in {@code data}, entities and relations are in
 *       {@code label}
 *   <li>Label Studio's JSON: {@code {"data": {"text": ...}, "annotations": [{"result": [...]}]}}
 *       with results of the types labels, relation and choices; one annotation per text
 * </ul>
 *
 * <p>Offsets count characters (code points). Those of Label Studio are read as UTF-16 units if only
 * these match the text that it gives for the span. Blanks at the ends of a span do not belong to
 * it. A relation goes from the subject to the object; in Label Studio, its direction says which is
 * which.
 *
 * @param labelStudio whether the file was written by Label Studio
 * @param texts the annotated texts in the order of the file
 */
public record AnnotationFile(boolean labelStudio, List<AnnotatedText> texts) {
  /** Keeps an unmodifiable copy. */
  public AnnotationFile {
    texts = List.copyOf(texts);
  }

  /**
   * Reads a file.
   *
   * @param file an export of doccano or Label Studio, in UTF-8
   * @return the annotated texts, at least one
   * @throws IOException if the file cannot be read, a line is not in a known format, an offset is
   *     outside of its text, a relation lacks an entity at one end, or there is no text
   */
  public static AnnotationFile read(Path file) throws IOException {
    List<AnnotatedText> texts = new ArrayList<>();
    boolean labelStudio = false;
    for (JsonFields fields : JsonFields.objects(file)) {
      if (fields.has("content") && fields.has("prompt")) {
        throw fields.error(
            "an annotation of doccano or Label Studio",
            "a prompt with its answers, which is what 'ernie4j train extract' reads");
      }
      JsonNode data = fields.node().path("data");
      labelStudio |= data.isObject();
      texts.add(data.isObject() ? LabelStudioTask.read(fields) : doccano(fields));
    }
    return new AnnotationFile(labelStudio, texts);
  }

  private static AnnotatedText doccano(JsonFields fields) throws IOException {
    fields.requireOnly("text", "data", "label", "labels", "entities", "relations");
    AnnotationBuilder annotation = new AnnotationBuilder(fields, fields.field("text", "data"));
    boolean apart = fields.has("entities");
    if (apart && (fields.has("label") || fields.has("labels"))) {
      throw fields.error("entities or label", "both");
    }
    JsonFields label = apart ? fields : fields.field("label", "labels");
    if (label.node().isObject()) {
      if (!apart) {
        label.requireOnly("entities", "relations");
      }
      entities(label, annotation);
    } else {
      for (JsonFields element : label.elements("a list in 'label'")) {
        element(element, annotation);
      }
    }
    return annotation.build();
  }

  /** Adds {@code [start, end, label]}, or a class of the text. */
  private static void element(JsonFields element, AnnotationBuilder annotation) throws IOException {
    JsonNode node = element.node();
    if (node.isTextual()) {
      annotation.addClass(node.asText());
    } else if (node.isArray() && node.size() == 3 && node.get(2).isTextual()) {
      int start = SpanFields.whole(element, node.get(0));
      int end = SpanFields.whole(element, node.get(1));
      annotation.addEntity(element, null, node.get(2).asText(), start, end, null);
    } else {
      throw element.error(
          "a span [start, end, label], or the name of a class", JsonFields.shown(node));
    }
  }

  private static void entities(JsonFields label, AnnotationBuilder annotation) throws IOException {
    for (JsonFields entity : label.list("entities")) {
      entity.requireOnly("label", "start_offset", "end_offset", "text");
      annotation.addEntity(
          entity,
          entity.has("id") ? entity.text("id") : null,
          entity.text("label"),
          entity.integer("start_offset"),
          entity.integer("end_offset"),
          entity.has("text") ? entity.text("text") : null);
    }
    if (label.has("relations")) {
      for (JsonFields relation : label.list("relations")) {
        relation.requireOnly("from_id", "to_id", "type");
        annotation.addRelation(
            relation, relation.text("type"), relation.text("from_id"), relation.text("to_id"));
      }
    }
  }
}
