package ernie4j.training.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The names of the classes in the order of the logits. It is either given or the order in which the
 * names first appear in the training data, so the same data always give the same order.
 *
 * @param names at least one, all different
 */
public record Labels(List<String> names) {
  /** The tag of a token outside of all spans. */
  public static final String OUTSIDE = "O";

  /** The first slot tag, given to tokens that do not count. */
  public static final String PADDING = "PAD";

  /**
   * Keeps an unmodifiable copy.
   *
   * @throws IllegalArgumentException if there is no name or one appears twice
   */
  public Labels {
    names = List.copyOf(names);
    if (names.isEmpty() || Set.copyOf(names).size() != names.size()) {
      throw new IllegalArgumentException(
          "Labels: expected at least one label and none twice, got " + names);
    }
  }

  /**
   * Reads a file with one label per line; blank lines do not count.
   *
   * @param file a text file in UTF-8
   * @return the labels in the order of the file
   * @throws IOException if the file cannot be read, is not UTF-8, holds no label or one twice
   */
  public static Labels read(Path file) throws IOException {
    List<String> names = new ArrayList<>();
    for (TextLines.Line line : TextLines.read(file)) {
      if (!line.text().isBlank()) {
        names.add(line.text().strip());
      }
    }
    try {
      return new Labels(names);
    } catch (IllegalArgumentException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  /**
   * Collects the labels of texts.
   *
   * @param examples labelled texts
   * @return the labels in the order of their first appearance
   * @throws IllegalArgumentException if a text has no label
   */
  public static Labels ofTexts(List<TextExample> examples) {
    Set<String> names = new LinkedHashSet<>();
    for (TextExample example : examples) {
      names.add(example.requireLabel());
    }
    return new Labels(List.copyOf(names));
  }

  /**
   * Collects the labels of texts that may have several.
   *
   * @param examples texts with any number of labels
   * @return the labels in the order of their first appearance
   * @throws IllegalArgumentException if no text has a label
   */
  public static Labels ofMultiLabelTexts(List<MultiLabelExample> examples) {
    Set<String> names = new LinkedHashSet<>();
    examples.forEach(example -> names.addAll(example.labels()));
    if (names.isEmpty()) {
      throw new IllegalArgumentException(
          "expected texts with labels to learn from, got %,d without any"
              .formatted(examples.size()));
    }
    return new Labels(List.copyOf(names));
  }

  /**
   * Collects the intents of utterances.
   *
   * @param examples utterances with an intent each
   * @return the intents by descending frequency, those of equal frequency by name
   */
  public static Labels ofIntents(List<JointExample> examples) {
    Map<String, Integer> counts = new TreeMap<>();
    examples.forEach(example -> counts.merge(example.intent(), 1, Integer::sum));
    List<String> intents = new ArrayList<>(counts.keySet());
    intents.sort((a, b) -> Integer.compare(counts.getOrDefault(b, 0), counts.getOrDefault(a, 0)));
    return new Labels(intents);
  }

  /**
   * Collects the slot tags of utterances.
   *
   * @param examples utterances with slots
   * @return {@value #PADDING}, {@value #OUTSIDE}, then all {@code B-x} and all {@code I-x}, each
   *     sorted by the type x
   */
  public static Labels ofSlots(List<JointExample> examples) {
    Set<String> types = new TreeSet<>();
    examples.forEach(example -> example.slots().forEach(slot -> types.add(slot.type())));
    List<String> names = new ArrayList<>(List.of(PADDING, OUTSIDE));
    types.forEach(type -> names.add("B-" + type));
    types.forEach(type -> names.add("I-" + type));
    return new Labels(names);
  }

  /**
   * Collects the tags of typed spans.
   *
   * @param examples texts with spans
   * @return {@value #OUTSIDE}, then {@code B-x} and {@code I-x} of every type x in the order of
   *     first appearance
   */
  public static Labels ofSpans(List<TaggedExample> examples) {
    Set<String> names = new LinkedHashSet<>(List.of(OUTSIDE));
    for (TaggedExample example : examples) {
      for (LabelledSpan span : example.spans()) {
        names.add("B-" + span.type());
        names.add("I-" + span.type());
      }
    }
    return new Labels(List.copyOf(names));
  }

  /** {@return the number of labels} */
  public int size() {
    return names.size();
  }

  /**
   * Finds the name of a label.
   *
   * @param index from 0 to {@code size() - 1}
   * @return the name of the label
   */
  public String name(int index) {
    return Objects.requireNonNull(names.get(index));
  }

  /**
   * Finds the index of a label.
   *
   * @param name the name of the label
   * @return from 0 to {@code size() - 1}
   * @throws IllegalArgumentException if there is no such label
   */
  public int index(String name) {
    int index = names.indexOf(name);
    if (index < 0) {
      throw new IllegalArgumentException(
          "label '%s' is unknown; the model has %s. Add training examples with this label, or give a list of labels"
              .formatted(name, names));
    }
    return index;
  }
}
