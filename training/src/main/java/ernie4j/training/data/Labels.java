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
 * The names of the classes in the order of the logits. The order is the given one, or that in which
 * the names first appear in the training data: the same data always give the same order.
 *
 * @param names different, at least one
 */
public record Labels(List<String> names) {
  /** The label of a token outside of all spans. */
  public static final String OUTSIDE = "O";

  /** The first slot label, of tokens that do not count. */
  public static final String PADDING = "PAD";

  /**
   * Keeps an unmodifiable copy.
   *
   * @throws IllegalArgumentException if there is none or one appears twice
   */
  public Labels {
    names = List.copyOf(names);
    if (names.isEmpty() || Set.copyOf(names).size() != names.size()) {
      throw new IllegalArgumentException(
          "Labels: expected at least one label and none twice, got " + names);
    }
  }

  /** Reads a file with one label a line; blank lines do not count. */
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
   * The labels of texts in the order of their first appearance.
   *
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
   * The labels of texts that have any number of them, in the order of their first appearance.
   *
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

  /** The intents of utterances by falling frequency; of equals the first by name. */
  public static Labels ofIntents(List<JointExample> examples) {
    Map<String, Integer> counts = new TreeMap<>();
    examples.forEach(example -> counts.merge(example.intent(), 1, Integer::sum));
    List<String> intents = new ArrayList<>(counts.keySet());
    intents.sort((a, b) -> Integer.compare(counts.getOrDefault(b, 0), counts.getOrDefault(a, 0)));
    return new Labels(intents);
  }

  /** The slot labels of utterances: {@value #PADDING}, O, B-... and I-..., each by name. */
  public static Labels ofSlots(List<JointExample> examples) {
    Set<String> types = new TreeSet<>();
    examples.forEach(example -> example.slots().forEach(slot -> types.add(slot.type())));
    List<String> names = new ArrayList<>(List.of(PADDING, OUTSIDE));
    types.forEach(type -> names.add("B-" + type));
    types.forEach(type -> names.add("I-" + type));
    return new Labels(names);
  }

  /** {@code O}, then {@code B-x} and {@code I-x} of every type x by its first appearance. */
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

  /** The number of labels. */
  public int size() {
    return names.size();
  }

  /** The name of a label. */
  public String name(int index) {
    return Objects.requireNonNull(names.get(index));
  }

  /**
   * The index of a label.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public int index(String name) {
    int index = names.indexOf(name);
    if (index < 0) {
      throw new IllegalArgumentException(
          "label '%s' is unknown; the model has %s. Give it examples to learn it from, or a list of labels"
              .formatted(name, names));
    }
    return index;
  }
}
