package ernie4j.training.data;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A task of Label Studio: a text and its annotation. */
final class LabelStudioTask {
  private LabelStudioTask() {}

  static AnnotatedText read(JsonFields task) throws IOException {
    JsonFields data = task.field("data");
    AnnotationBuilder annotation = new AnnotationBuilder(task, data.field("text"));
    List<JsonFields> relations = new ArrayList<>();
    for (JsonFields result : annotation(task).list("result")) {
      JsonNode value = result.node().path("value");
      if (value.has("labels")) {
        entity(result, result.at(value), annotation);
      } else if (value.has("choices")) {
        for (String name : result.at(value).texts("choices")) {
          annotation.addClass(name);
        }
      } else if (result.node().path("type").asText().equals("relation")) {
        relations.add(result); // may come before the entities at its ends
      } else {
        throw result.error("labels, choices or a relation", JsonFields.shown(result.node()));
      }
    }
    for (JsonFields relation : relations) {
      relation(relation, annotation);
    }
    return annotation.build();
  }

  /** The only annotation that was not cancelled. */
  static JsonFields annotation(JsonFields task) throws IOException {
    List<JsonFields> kept = new ArrayList<>();
    JsonFields all = task.field("annotations", "completions");
    for (JsonFields annotation : all.elements("a list in 'annotations'")) {
      if (!annotation.node().path("was_cancelled").asBoolean()) {
        kept.add(annotation);
      }
    }
    if (kept.size() != 1) {
      throw task.error("one annotation of the task", String.valueOf(kept.size()));
    }
    return kept.get(0);
  }

  private static void entity(JsonFields result, JsonFields value, AnnotationBuilder annotation)
      throws IOException {
    List<String> labels = value.texts("labels");
    if (labels.size() != 1) {
      throw result.error("one label of a span", String.valueOf(labels));
    }
    annotation.addEntity(
        result,
        result.has("id") ? result.text("id") : null,
        labels.get(0),
        value.integer("start"),
        value.integer("end"),
        value.has("text") ? value.text("text") : null);
  }

  private static void relation(JsonFields relation, AnnotationBuilder annotation)
      throws IOException {
    List<String> labels = relation.has("labels") ? relation.texts("labels") : List.of();
    if (labels.isEmpty()) {
      throw relation.error("a label of the relation", JsonFields.shown(relation.node()));
    }
    String from = relation.text("from_id");
    String to = relation.text("to_id");
    String direction = relation.has("direction") ? relation.text("direction") : "right";
    for (String label : labels) {
      if (!direction.equals("left")) {
        annotation.addRelation(relation, label, from, to);
      }
      if (!direction.equals("right")) {
        annotation.addRelation(relation, label, to, from);
      }
    }
  }
}
