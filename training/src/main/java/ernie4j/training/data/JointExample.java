package ernie4j.training.data;

import java.util.List;

/**
 * An utterance with its intent and slots.
 *
 * @param text the utterance
 * @param intent what the speaker wants
 * @param slots the values in it, in order of appearance, not overlapping
 */
public record JointExample(String text, String intent, List<LabelledSpan> slots) {
  /** Keeps an unmodifiable copy of the slots. */
  public JointExample {
    slots = List.copyOf(slots);
  }

  /** An utterance whose intent and slots are not known. */
  public static JointExample unlabelled(String text) {
    return new JointExample(text, "", List.of());
  }
}
