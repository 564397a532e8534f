package ernie4j.zoo.conversion;

import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A model of another framework in this project's own terms.
 *
 * @param model the model
 * @param notes what a user should know: what was missing, not used, or had to be assumed
 */
public record ImportedModel(Model model, List<String> notes) {
  /** Keeps an unmodifiable copy of the notes. */
  public ImportedModel {
    notes = List.copyOf(notes);
  }

  /**
   * Puts the parts of a model together.
   *
   * @param source where it comes from, for its provenance and for messages
   * @throws ModelFileException if there are more words than rows in the embedding
   */
  public static ImportedModel of(
      ImportedEncoder encoder, ImportedHead head, TextSide text, String source)
      throws ModelFileException {
    List<String> notes = new ArrayList<>(encoder.notes());
    notes.addAll(text.notes());
    VocabularyFit.note(text.vocabulary(), text.options()).ifPresent(notes::add);
    if (!encoder.missing().isEmpty()) {
      notes.add("not in the file, initialised when a task needs them: " + encoder.missing());
    }
    if (!encoder.ignored().isEmpty()) {
      notes.add("in the file but not part of the encoder: " + encoder.ignored());
    }
    try {
      Model model =
          new Model(
              encoder.config(),
              head.task().id(),
              encoder.parameters(),
              text.vocabulary(),
              head.labels(),
              text.options().toMap(),
              head.options(),
              Map.of("source", source));
      return new ImportedModel(model, notes);
    } catch (IllegalArgumentException e) {
      throw new ModelFileException(
          source, "weights and vocabulary do not belong together: " + e.getMessage(), e);
    }
  }
}
