package ernie4j.training.evaluation;

import ernie4j.training.data.JointExample;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How many utterances to evaluate on are from dialogues that are also in the training data. People
 * repeat themselves, so these utterances are the easier ones.
 *
 * @param utterances the number of utterances to evaluate on
 * @param known how many of them are from dialogues that are also in the training data
 */
public record HeldOutDialogues(long utterances, long known) {
  /**
   * Counts the utterances to evaluate on, and those from dialogues that are also in the training
   * data.
   *
   * @param train the utterances to learn from
   * @param dev the utterances to evaluate on
   * @return the counts; empty if there is nothing to learn from, an utterance to learn from has no
   *     dialogue, or all utterances are from the same one
   */
  public static Optional<HeldOutDialogues> of(List<JointExample> train, List<JointExample> dev) {
    Set<String> learned = train.stream().map(JointExample::dialogue).collect(Collectors.toSet());
    long known = dev.stream().filter(e -> learned.contains(e.dialogue())).count();
    boolean same = learned.size() == 1 && known == dev.size();
    return learned.isEmpty() || learned.contains("") || same
        ? Optional.empty()
        : Optional.of(new HeldOutDialogues(dev.size(), known));
  }

  /** {@return these counts in words, in English, without a full stop} */
  public String sentence() {
    return known == 0
        ? String.format(
            Locale.ROOT,
            "%,d utterances of dialogues that are not in the training data",
            utterances)
        : String.format(
            Locale.ROOT,
            "%,d utterances, %,d of them from dialogues that are also in the training data",
            utterances,
            known);
  }
}
