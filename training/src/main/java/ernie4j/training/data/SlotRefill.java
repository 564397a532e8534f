package ernie4j.training.data;

import ernie4j.training.ExampleOrder;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Makes new utterances for a teacher to answer: copies of utterances with slots, in which each
 * value is replaced by another one of the same type, for example a song by another song.
 *
 * <p>The new utterances have no labels. Those of the original would often be wrong: a song in the
 * place of a singer's name may be what other speakers call a contact.
 */
public final class SlotRefill {
  private static final int DRAWN = 11;

  private final Map<String, List<String>> values;
  private final Random random;

  private SlotRefill(Map<String, List<String>> values, Random random) {
    this.values = values;
    this.random = random;
  }

  /**
   * Refills utterances. A frequent value is drawn more often than a rare one.
   *
   * @param utterances those to refill, which also supply the values
   * @param copies how many copies of each utterance with slots are refilled, at least 1
   * @param seed the same seed always gives the same texts
   * @return new texts, each once, without those of the given utterances
   * @throws IllegalArgumentException if there are no copies to make or no utterance has a slot
   */
  public static List<String> texts(List<JointExample> utterances, int copies, long seed) {
    List<JointExample> filled = utterances.stream().filter(e -> !e.slots().isEmpty()).toList();
    if (copies < 1 || filled.isEmpty()) {
      throw new IllegalArgumentException(
          "SlotRefill: expected at least one copy of utterances with slots, got %d copies of %,d utterances of which %,d have slots"
              .formatted(copies, utterances.size(), filled.size()));
    }
    Map<String, List<String>> values =
        filled.stream()
            .flatMap(e -> e.slots().stream().map(slot -> Map.entry(slot.type(), value(e, slot))))
            .collect(
                Collectors.groupingBy(
                    Map.Entry::getKey,
                    TreeMap::new,
                    Collectors.mapping(Map.Entry::getValue, Collectors.toList())));
    SlotRefill refill = new SlotRefill(values, new Random(ExampleOrder.mixed(seed, DRAWN)));
    Set<String> known = new HashSet<>();
    utterances.forEach(e -> known.add(e.text()));
    Set<String> made = new LinkedHashSet<>();
    for (int copy = 0; copy < copies; copy++) {
      filled.stream().map(refill::refilled).filter(t -> !known.contains(t)).forEach(made::add);
    }
    return List.copyOf(made);
  }

  private static String value(JointExample example, LabelledSpan slot) {
    return example.text().substring(slot.start(), slot.end());
  }

  private String refilled(JointExample example) {
    StringBuilder text = new StringBuilder();
    int done = 0;
    for (LabelledSpan slot : example.slots()) {
      List<String> choices = values.getOrDefault(slot.type(), List.of());
      text.append(example.text(), done, slot.start());
      text.append(choices.get(random.nextInt(choices.size())));
      done = slot.end();
    }
    return text.append(example.text().substring(done)).toString();
  }
}
