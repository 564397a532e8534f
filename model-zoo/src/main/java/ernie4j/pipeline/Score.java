package ernie4j.pipeline;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A label and its probability.
 *
 * @param label the label, as in the model
 * @param probability from 0 to 1
 */
public record Score(String label, double probability) {
  /** A score for each of some labels, in their order. */
  static List<Score> of(List<String> labels, double[] probabilities) {
    List<Score> scores = new ArrayList<>(labels.size());
    for (int i = 0; i < probabilities.length; i++) {
      scores.add(new Score(labels.get(i), probabilities[i]));
    }
    return scores;
  }

  /**
   * Returns the most probable of some scores. Of equal ones the first comes first.
   *
   * @param scores the scores, in any order
   * @param count the most scores to return
   * @return the scores, the most probable first; unmodifiable
   */
  public static List<Score> best(List<Score> scores, int count) {
    return List.copyOf(
        scores.stream()
            .sorted(Comparator.comparingDouble(Score::probability).reversed())
            .limit(count)
            .collect(Collectors.toList()));
  }
}
