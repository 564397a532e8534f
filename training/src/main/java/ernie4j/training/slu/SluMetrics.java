package ernie4j.training.slu;

import ernie4j.engine.head.LabelSpans;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Counts right answers.
 *
 * <p>An utterance is right if its intent is, and every slot label of its tokens as well; the slots
 * of intents that never have any do not count. Tokens beyond the longest sequence do not exist
 * here, so a cut utterance can be right. This is the reference's accuracy ({@code
 * compute_metrics}).
 */
public final class SluMetrics {
  /** The name of the metric that counts. */
  public static final String ACCURACY = "accuracy";

  private final SluLabels labels;
  private final Set<Integer> intentsWithoutSlots;
  private int examples;
  private int right;
  private int intentRight;
  private int truePositives;
  private int predictedSpans;
  private int expectedSpans;

  /**
   * Starts counting.
   *
   * @param intentsWithoutSlots ids of intents whose slots are not compared
   */
  public SluMetrics(SluLabels labels, Set<Integer> intentsWithoutSlots) {
    this.labels = labels;
    this.intentsWithoutSlots = Set.copyOf(intentsWithoutSlots);
  }

  /**
   * Adds an utterance.
   *
   * @param expectedSlots labels of the tokens between [CLS] and [SEP]
   * @param predictedSlots as many predictions
   */
  public void add(
      int expectedIntent, int predictedIntent, int[] expectedSlots, int[] predictedSlots) {
    examples++;
    boolean sameIntent = expectedIntent == predictedIntent;
    boolean sameSlots =
        intentsWithoutSlots.contains(expectedIntent)
            || Arrays.equals(expectedSlots, predictedSlots);
    intentRight += sameIntent ? 1 : 0;
    right += sameIntent && sameSlots ? 1 : 0;
    List<LabelSpans.Span> expected = spans(expectedSlots);
    List<LabelSpans.Span> predicted = spans(predictedSlots);
    expectedSpans += expected.size();
    predictedSpans += predicted.size();
    expected.retainAll(predicted);
    truePositives += expected.size();
  }

  private List<LabelSpans.Span> spans(int[] slots) {
    List<String> names = new ArrayList<>();
    for (int slot : slots) {
      names.add(labels.slots().get(slot));
    }
    return new ArrayList<>(LabelSpans.of(names));
  }

  /** Percent of utterances with the right intent and the right slots. */
  public double accuracy() {
    return 100.0 * right / Math.max(1, examples);
  }

  /** Percent of utterances with the right intent. */
  public double intentAccuracy() {
    return 100.0 * intentRight / Math.max(1, examples);
  }

  /** F1 in percent over all slots: type and both ends must agree. */
  public double slotF1() {
    int spans = expectedSpans + predictedSpans;
    return spans == 0 ? 100 : 200.0 * truePositives / spans;
  }

  /** The number of utterances. */
  public int examples() {
    return examples;
  }

  /** The metrics by name, the accuracy first. */
  public Map<String, Double> toMap() {
    Map<String, Double> map = new LinkedHashMap<>();
    map.put(ACCURACY, accuracy());
    map.put("intent_accuracy", intentAccuracy());
    map.put("slot_f1", slotF1());
    return map;
  }
}
