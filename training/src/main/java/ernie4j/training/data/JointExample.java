package ernie4j.training.data;

import java.util.List;

/**
 * An utterance with its intent and slots.
 *
 * @param text the utterance
 * @param intent what the speaker wants
 * @param slots the values in it, in order of appearance, not overlapping
 * @param dialogue names the dialogue that it is from; empty if that is not known
 */
public record JointExample(String text, String intent, List<LabelledSpan> slots, String dialogue) {
  /** Keeps an unmodifiable copy. */
  public JointExample {
    slots = List.copyOf(slots);
  }

  /**
   * Creates an utterance that is not part of a dialogue.
   *
   * @param text the utterance
   * @param intent what the speaker wants
   * @param slots the values in it, in order of appearance, not overlapping
   */
  public JointExample(String text, String intent, List<LabelledSpan> slots) {
    this(text, intent, slots, "");
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
   * their examples by this text.
   */
  @Override
  public String toString() {
    return "JointExample[text=" + text + ", intent=" + intent + ", slots=" + slots + "]";
  }
}
