package ernie4j.training.data;

import java.util.List;

/**
 * An utterance with its intent and slots.
 *
 * @param text the utterance
 * @param intent what the speaker wants
 * @param slots the values in it, in order of appearance, not overlapping
 * @param dialogue names the dialogue that it is from; empty if that is not known
 * @param history all that was said before in this dialogue, the oldest first
 */
public record JointExample(
    String text, String intent, List<LabelledSpan> slots, String dialogue, List<String> history) {
  /** Keeps unmodifiable copies of slots and history. */
  public JointExample {
    slots = List.copyOf(slots);
    history = List.copyOf(history);
  }

  /**
   * Creates an utterance that is not part of a dialogue.
   *
   * @param text the utterance
   * @param intent what the speaker wants
   * @param slots the values in it, in order of appearance, not overlapping
   */
  public JointExample(String text, String intent, List<LabelledSpan> slots) {
    this(text, intent, slots, "", List.of());
  }

  /**
   * Creates an utterance whose intent and slots are not known.
   *
   * @param text the utterance
   * @return an example with an empty intent, no slots and no dialogue
   */
  public static JointExample unlabelled(String text) {
    return new JointExample(text, "", List.of());
  }

  /**
   * Shows what is learned from the utterance alone, without its dialogue. Checkpoints recognize
   * their examples by this text. Models that read earlier turns also recognize them by these.
   */
  @Override
  public String toString() {
    return "JointExample[text=" + text + ", intent=" + intent + ", slots=" + slots + "]";
  }
}
