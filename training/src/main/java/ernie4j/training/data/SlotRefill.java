package ernie4j.training.data;

import ernie4j.training.ExampleOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Makes more utterances to learn from: copies of those with slots, in which each value is replaced
 * by one of the same type from the training data, for example a song by another song. This way, a
 * model learns where values occur rather than which values there are.
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
   * Adds refilled utterances after the given ones.
   *
   * @param train the utterances to learn from, which also supply the values
   * @param share how many refilled ones there are for each utterance with slots, on average
   * @param seed the same seed always gives the same utterances
   * @return all utterances to learn from
   * @throws IllegalArgumentException if the share is negative or not a finite number
   */
  public static List<JointExample> extended(List<JointExample> train, double share, long seed) {
    if (!(share >= 0) || Double.isInfinite(share)) {
      throw new IllegalArgumentException(
          "SlotRefill: expected a share of at least 0, got " + share);
    }
    List<JointExample> filled = train.stream().filter(e -> !e.slots().isEmpty()).toList();
    Map<String, List<String>> values =
        filled.stream()
            .flatMap(e -> e.slots().stream().map(slot -> Map.entry(slot.type(), value(e, slot))))
            .collect(
                Collectors.groupingBy(
                    Map.Entry::getKey,
                    TreeMap::new,
                    Collectors.mapping(Map.Entry::getValue, Collectors.toList())));
    SlotRefill refill = new SlotRefill(values, new Random(ExampleOrder.mixed(seed, DRAWN)));
    List<JointExample> all = new ArrayList<>(train);
    long count = Math.round(share * filled.size());
    while (all.size() < train.size() + count) {
      // Every utterance is refilled equally often, as far as possible.
      int next = (all.size() - train.size()) % filled.size();
      all.add(refill.refilled(filled.get(next)));
    }
    return all;
  }

  private static String value(JointExample example, LabelledSpan slot) {
    return example.text().substring(slot.start(), slot.end());
  }

  private JointExample refilled(JointExample example) {
    StringBuilder text = new StringBuilder();
    List<LabelledSpan> slots = new ArrayList<>();
    int done = 0;
    for (LabelledSpan slot : example.slots()) {
      List<String> choices = values.getOrDefault(slot.type(), List.of());
      text.append(example.text(), done, slot.start());
      int start = text.length();
      text.append(choices.get(random.nextInt(choices.size())));
      slots.add(new LabelledSpan(slot.type(), start, text.length()));
      done = slot.end();
    }
    text.append(example.text().substring(done));
    return new JointExample(text.toString(), example.intent(), slots, example.dialogue());
  }
}
