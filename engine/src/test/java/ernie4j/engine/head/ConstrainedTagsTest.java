package ernie4j.engine.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ConstrainedTagsTest {
  private static final List<String> LABELS = List.of("PAD", "O", "B-x", "B-y", "I-x", "I-y");
  private static final ConstrainedTags TAGS = new ConstrainedTags(LABELS);

  private static boolean isAllowed(int[] sequence) {
    String before = "O";
    for (int label : sequence) {
      String name = LABELS.get(label);
      if (name.startsWith("I-")
          && (before.length() < 3 || before.equals("PAD") || !before.endsWith(name.substring(2)))) {
        return false;
      }
      before = name;
    }
    return true;
  }

  private static List<int[]> allowedSequences(int tokens) {
    List<int[]> allowed = new ArrayList<>();
    int all = (int) Math.pow(LABELS.size(), tokens);
    for (int number = 0; number < all; number++) {
      int[] sequence = new int[tokens];
      for (int t = 0, rest = number; t < tokens; t++, rest /= LABELS.size()) {
        sequence[t] = rest % LABELS.size();
      }
      if (isAllowed(sequence)) {
        allowed.add(sequence);
      }
    }
    return allowed;
  }

  /** The best allowed sequence, found by trying all sequences. */
  private static int[] searched(float[] logits, int from, int tokens) {
    int[] best = new int[tokens];
    double bestScore = Double.NEGATIVE_INFINITY;
    for (int[] sequence : allowedSequences(tokens)) {
      double score = 0;
      for (int t = 0; t < tokens; t++) {
        score += logits[(from + t) * LABELS.size() + sequence[t]];
      }
      if (score > bestScore) {
        bestScore = score;
        best = sequence;
      }
    }
    return best;
  }

  /** The sum over all allowed sequences. */
  private static double allowedProbability(float[] logits, int from, int tokens) {
    double sum = 0;
    for (int[] sequence : allowedSequences(tokens)) {
      double probability = 1;
      for (int t = 0; t < tokens; t++) {
        int row = (from + t) * LABELS.size();
        probability *= Logits.probability(logits, row, LABELS.size(), sequence[t]);
      }
      sum += probability;
    }
    return sum;
  }

  @Property(tries = 200)
  void theBestAllowedSequenceIsFound(
      @ForAll long seed,
      @ForAll @IntRange(max = 5) int tokens,
      @ForAll @IntRange(max = 2) int from) {
    Random random = new Random(seed);
    float[] logits = new float[(from + tokens + 1) * LABELS.size()];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) random.nextGaussian();
    }
    int[] best = TAGS.best(logits, from, from + tokens);
    assertThat(best).isEqualTo(searched(logits, from, tokens));
    assertThat(TAGS.probability(logits, from, from + tokens))
        .isCloseTo(allowedProbability(logits, from, tokens), within(1e-12));
    int[] greedy = new int[tokens];
    for (int t = 0; t < tokens; t++) {
      greedy[t] = Logits.argmax(logits, (from + t) * LABELS.size(), LABELS.size());
    }
    if (isAllowed(greedy)) {
      assertThat(best).isEqualTo(greedy);
    }
  }

  @Test
  void everySequenceIsAllowedIfInsideCanBegin() {
    float[] logits = {0, 1, 0, 1};
    assertThat(new ConstrainedTags(List.of("O", "I-x")).best(logits, 0, 2)).containsExactly(1, 1);
  }
}
