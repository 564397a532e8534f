package ernie4j.training.slu;

import ernie4j.engine.head.TaskNames;
import java.io.IOException;
import java.nio.file.Files;
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
 * The names behind the logits. Slot label 0 is the padding label, which the loss ignores; {@code O}
 * is another one.
 *
 * @param intents intent names in the order of the intent logits
 * @param slots slot labels in the order of the slot logits: padding, O, B-..., I-...
 */
public record SluLabels(List<String> intents, List<String> slots) {
  /** The slot label of tokens that do not count. */
  public static final int PADDING = 0;

  private static final String OUTSIDE = "O";

  /**
   * Keeps unmodifiable copies.
   *
   * @throws IllegalArgumentException if there is no O, O is label 0, or a name appears twice
   */
  public SluLabels {
    intents = List.copyOf(intents);
    slots = List.copyOf(slots);
    if (intents.isEmpty() || Set.copyOf(intents).size() != intents.size()) {
      throw new IllegalArgumentException("SluLabels: expected different intents, got " + intents);
    }
    if (slots.indexOf(OUTSIDE) < 1 || Set.copyOf(slots).size() != slots.size()) {
      throw new IllegalArgumentException(
          "SluLabels: expected a padding label, O and different B-/I- labels, got " + slots);
    }
  }

  /** Reads two files with one name a line. */
  public static SluLabels read(Path intentFile, Path slotFile) throws IOException {
    try {
      return new SluLabels(names(intentFile), names(slotFile));
    } catch (IllegalArgumentException e) {
      throw new IOException("%s, %s: %s".formatted(intentFile, slotFile, e.getMessage()), e);
    }
  }

  private static List<String> names(Path file) throws IOException {
    return Files.readAllLines(file).stream().map(String::strip).filter(s -> !s.isEmpty()).toList();
  }

  /** The labels that occur in examples: intents by falling frequency, slots by name. */
  public static SluLabels of(List<SluExample> examples) {
    Map<String, Integer> counts = new TreeMap<>();
    Set<String> types = new TreeSet<>();
    for (SluExample example : examples) {
      counts.merge(example.intent(), 1, Integer::sum);
      example.slots().forEach(slot -> types.add(slot.type()));
    }
    List<String> intents = new ArrayList<>(counts.keySet());
    intents.sort((a, b) -> Integer.compare(counts.getOrDefault(b, 0), counts.getOrDefault(a, 0)));
    Set<String> slots = new LinkedHashSet<>(List.of("PAD", OUTSIDE));
    types.forEach(type -> slots.add("B-" + type));
    types.forEach(type -> slots.add("I-" + type));
    return new SluLabels(intents, List.copyOf(slots));
  }

  /** The labels of a model file. */
  public static SluLabels of(Map<String, List<String>> labels) {
    return new SluLabels(
        Objects.requireNonNull(labels.get(TaskNames.INTENT), "the model has no intent labels"),
        Objects.requireNonNull(labels.get(TaskNames.SLOT), "the model has no slot labels"));
  }

  /** The labels as a model file keeps them. */
  public Map<String, List<String>> toMap() {
    return Map.of(TaskNames.INTENT, intents, TaskNames.SLOT, slots);
  }

  /** The id of {@code O}. */
  public int outside() {
    return slots.indexOf(OUTSIDE);
  }

  /**
   * The id of an intent.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public int intent(String name) {
    return index("intent", intents, name);
  }

  /**
   * The id of a slot label such as {@code B-song}.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public int slot(String label) {
    return index("slot label", slots, label);
  }

  private static int index(String what, List<String> names, String name) {
    int index = names.indexOf(name);
    if (index < 0) {
      throw new IllegalArgumentException(
          "unknown %s '%s'; the model knows %s".formatted(what, name, names));
    }
    return index;
  }
}
