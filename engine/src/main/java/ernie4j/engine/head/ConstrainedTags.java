package ernie4j.engine.head;

import java.util.ArrayList;
import java.util.List;

/**
 * The most likely sequence of labels in which every span has a beginning: {@code I-x} follows only
 * {@code B-x} or {@code I-x}. It is the sequence of the most likely labels wherever that is such a
 * sequence.
 */
public final class ConstrainedTags {
  private final int labels;
  private final boolean[] begins;
  private final boolean[][] follows;

  /**
   * Reads the tag scheme of labels.
   *
   * @param names the labels of a model, in the order of its logits
   */
  public ConstrainedTags(List<String> names) {
    TagScheme scheme = TagScheme.ofLabels(names);
    List<TagScheme.Tag> tags = new ArrayList<>();
    names.forEach(name -> tags.add(scheme.tag(name)));
    labels = names.size();
    begins = new boolean[labels];
    follows = new boolean[labels][labels];
    for (int next = 0; next < labels; next++) {
      TagScheme.Tag tag = tags.get(next);
      boolean goesOn = tag.place() == TagScheme.Place.INSIDE || tag.place() == TagScheme.Place.LAST;
      begins[next] = !goesOn || scheme.insideBegins();
      for (int before = 0; before < labels; before++) {
        TagScheme.Tag last = tags.get(before);
        boolean open =
            last.place() == TagScheme.Place.FIRST || last.place() == TagScheme.Place.INSIDE;
        follows[before][next] = begins[next] || (open && last.type().equals(tag.type()));
      }
    }
  }

  /**
   * Finds the labels of consecutive tokens: of all allowed sequences, the one with the greatest
   * product of probabilities; of several the first.
   *
   * @param logits {@code [rows, labels]}
   * @param from the row of the first token, from 0 on
   * @param to the row after that of the last token
   * @return the index of a label for each token, from 0 on
   */
  public int[] best(float[] logits, int from, int to) {
    int tokens = to - from;
    int[] best = new int[tokens];
    if (tokens == 0) {
      return best;
    }
    double[] scores = new double[labels];
    int[][] before = new int[tokens][labels];
    for (int j = 0; j < labels; j++) {
      scores[j] = begins[j] ? logits[from * labels + j] : Double.NEGATIVE_INFINITY;
    }
    for (int t = 1; t < tokens; t++) {
      scores = advanced(scores, logits, (from + t) * labels, before[t]);
    }
    int last = 0;
    for (int j = 1; j < labels; j++) {
      last = scores[j] > scores[last] ? j : last;
    }
    for (int t = tokens - 1; t >= 0; t--) {
      best[t] = last;
      last = before[t][last];
    }
    return best;
  }

  /** The scores of the best sequences one token longer, by their last label. */
  private double[] advanced(double[] scores, float[] logits, int offset, int[] before) {
    double[] next = new double[labels];
    for (int j = 0; j < labels; j++) {
      int from = -1;
      for (int i = 0; i < labels; i++) {
        if (follows[i][j] && (from < 0 || scores[i] > scores[from])) {
          from = i;
        }
      }
      before[j] = Math.max(0, from);
      next[j] = from < 0 ? Double.NEGATIVE_INFINITY : scores[from] + logits[offset + j];
    }
    return next;
  }
}
