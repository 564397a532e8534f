package ernie4j.zoo.conversion;

import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFileException;
import ernie4j.engine.head.HeadOutput;
import ernie4j.engine.head.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * A model of another framework in this project's own terms.
 *
 * @param model the model
 * @param notes what a user should know: what was missing, not used, or had to be assumed
 */
public record ImportedModel(Model model, List<String> notes) {
  private static final String UNKNOWN_HEAD = "There is a classifier";

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
    if (head.task() == Task.ENCODER && !ImportedHead.layersIn(encoder.parameters()).isEmpty()) {
      notes.add(
          "%s %s, but no config.json whose architectures say what it classifies; the model is imported as an encoder. If you know the task, name it: convert --task."
              .formatted(UNKNOWN_HEAD, ImportedHead.layersIn(encoder.parameters())));
    }
    VocabularyFit.note(text.vocabulary(), text.options()).ifPresent(notes::add);
    if (!encoder.missing().isEmpty()) {
      notes.add("not in the file, initialized when a task needs them: " + encoder.missing());
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

  /**
   * This model for a task that its files do not state. Labels without names are called LABEL_0,
   * LABEL_1 and so on, as in transformers.
   *
   * @throws ModelFileException if the head of the task is not among the parameters, or has another
   *     number of outputs
   */
  public ImportedModel withTask(Task task, String source) throws ModelFileException {
    if (task == Task.ENCODER) {
      return new ImportedModel(model.withTask(task, Map.of()).withOptions(model.options()), notes);
    }
    if (!ImportedHead.isIn(task, model.parameters())) {
      throw new ModelFileException(
          source,
          "task %s: expected a head of the layers %s, found %s"
              .formatted(task, task.layers(), ImportedHead.layersIn(model.parameters())));
    }
    Map<String, List<String>> labels = new TreeMap<>();
    for (HeadOutput output : task.outputs()) {
      int columns = model.parameters().shape(output.layer() + ".bias")[0];
      if (!output.suits(columns)) {
        throw new ModelFileException(
            source,
            "task %s: the layer '%s' has %d outputs, which are not as many as it needs"
                .formatted(task, output.layer(), columns));
      }
      List<String> known = model.labels().getOrDefault(output.labels(), List.of());
      if (output.isLabelled()) {
        labels.put(
            output.labels(),
            known.size() == columns
                ? known
                : IntStream.range(0, columns).mapToObj(i -> "LABEL_" + i).toList());
      }
    }
    List<String> rest = notes.stream().filter(note -> !note.startsWith(UNKNOWN_HEAD)).toList();
    return new ImportedModel(model.withTask(task, labels).withOptions(model.options()), rest);
  }
}
