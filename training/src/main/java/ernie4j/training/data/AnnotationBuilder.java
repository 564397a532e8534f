package ernie4j.training.data;

import ernie4j.training.data.AnnotatedText.Relation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Builds an {@link AnnotatedText} from the contents of a file, or reports what is wrong with them.
 */
final class AnnotationBuilder {
  private final String text;
  private final List<LabelledSpan> entities = new ArrayList<>();
  private final List<Relation> relations = new ArrayList<>();
  private final List<String> classes = new ArrayList<>();
  private final Map<String, Integer> byId = new HashMap<>();

  /**
   * A builder without any annotation yet.
   *
   * @param text the field that holds the text
   */
  AnnotationBuilder(JsonFields fields, JsonFields text) throws IOException {
    if (!text.node().isTextual() || text.node().asText().isBlank()) {
      throw fields.error("a text that is not blank", JsonFields.shown(text.node()));
    }
    this.text = text.node().asText();
  }

  /**
   * Adds an entity.
   *
   * @param id the name that relations refer to; null if none can
   * @param name the text that is expected at this place; null if the file does not say
   */
  void addEntity(
      JsonFields at, @Nullable String id, String label, int start, int end, @Nullable String name)
      throws IOException {
    if (label.isBlank()) {
      throw at.error("a label of the span", JsonFields.shown(at.node()));
    }
    LabelledSpan stated =
        name == null
            ? SpanFields.span(at, text, label, start, end)
            : SpanFields.span(at, text, label, start, end, name);
    LabelledSpan span = TaggedExample.withoutBlanks(text, stated);
    if (span.start() >= span.end()) {
      throw at.error("spans of at least one character", JsonFields.shown(at.node()));
    }
    if (id != null && byId.put(id, entities.size()) != null) {
      throw at.error("every id of an entity once", "'" + id + "' twice");
    }
    entities.add(span);
  }

  /** Adds a relation between two entities that were added before. */
  void addRelation(JsonFields at, String type, String from, String to) throws IOException {
    if (type.isBlank()) {
      throw at.error("a type of the relation", JsonFields.shown(at.node()));
    }
    relations.add(new Relation(type, entity(at, from), entity(at, to)));
  }

  private int entity(JsonFields at, String id) throws IOException {
    Integer index = byId.get(id);
    if (index == null) {
      throw at.error("a relation between entities of the text", "one with '" + id + "'");
    }
    return index;
  }

  void addClass(String name) {
    if (!classes.contains(name)) {
      classes.add(name);
    }
  }

  AnnotatedText build() {
    return new AnnotatedText(text, entities, relations, classes);
  }
}
