package ernie4j.engine.head;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The most likely sequence of labels in which every span has a beginning: {@code I-x} follows only
 * {@code B-x} or {@code I-x}. It is the sequence of the most likely labels wherever that is such a
 * sequence.
 */
public final class ConstrainedTags {
  private final int labels;
  private final boolean[] begins;
  private final boolean[][] follows;

  /** For each label, those that it may follow. */
  private final int[][] predecessors;

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
    predecessors = new int[labels][];
    for (int next = 0; next < labels; next++) {
      int label = next;
      predecessors[next] = IntStream.range(0, labels).filter(i -> follows[i][label]).toArray();
    }
  }

  /**
   * Returns which sequences of labels a model may answer.
   *
   * @param options the options of the model, see {@link HeadOptions#CONSTRAINED_TAGS}
   * @param names the labels of the model, in the order of its logits
   * @return the constraint; empty if all sequences are allowed
   * @throws WrongTaskException if the option is neither true nor false
   */
  public static Optional<ConstrainedTags> of(Map<String, String> options, List<String> names) {
    return HeadOptions.isOn(options, HeadOptions.CONSTRAINED_TAGS)
        ? Optional.of(new ConstrainedTags(names))
        : Optional.empty();
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
    int[] mostLikely = Logits.argmaxOfRows(logits, from, to, labels);
    return allows(mostLikely) ? mostLikely : bestAllowed(logits, from, to - from);
  }

  /**
   * Computes how probable allowed sequences are together, if the labels of tokens do not depend on
   * each other. Divided by it, the probability of an allowed sequence is that among all allowed
   * ones.
   *
   * @param logits {@code [rows, labels]}
   * @param from the row of the first token, from 0 on
   * @param to the row after that of the last token
   * @return the sum of the probabilities of all allowed sequences, from 0 to 1
   */
  public double probability(float[] logits, int from, int to) {
    double[] ending = new double[labels];
    double sum = 1;
    for (int t = from; t < to; t++) {
      double[] own = Logits.probabilities(logits, t * labels, labels);
      double[] next = new double[labels];
      double nextSum = 0;
      for (int j = 0; j < labels; j++) {
        next[j] = own[j] * (begins[j] ? sum : before(j, ending));
        nextSum += next[j];
      }
      ending = next;
      sum = nextSum;
    }
    return sum;
  }

  /** The probability of the sequences that a label may follow, by their last label. */
  private double before(int label, double[] ending) {
    double sum = 0;
    for (int i : predecessors[label]) {
      sum += ending[i];
    }
    return sum;
  }

  private boolean allows(int[] sequence) {
    for (int t = 0; t < sequence.length; t++) {
      if (t == 0 ? !begins[sequence[0]] : !follows[sequence[t - 1]][sequence[t]]) {
        return false;
      }
    }
    return true;
  }

  /** The Viterbi algorithm, for at least one token. */
  private int[] bestAllowed(float[] logits, int from, int tokens) {
    int[] best = new int[tokens];
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
      for (int i : predecessors[j]) {
        if (from < 0 || scores[i] > scores[from]) {
          from = i;
        }
      }
      before[j] = Math.max(0, from);
      next[j] = from < 0 ? Double.NEGATIVE_INFINITY : scores[from] + logits[offset + j];
    }
    return next;
  }
}
