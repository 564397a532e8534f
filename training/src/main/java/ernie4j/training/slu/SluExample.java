package ernie4j.training.slu;

import java.util.List;

/**
 * An utterance with its intent and slots.
 *
 * @param text the utterance
 * @param intent its intent
 * @param slots its slots in order of appearance, not overlapping
 */
public record SluExample(String text, String intent, List<Slot> slots) {
  /** Keeps an unmodifiable copy of the slots. */
  public SluExample {
    slots = List.copyOf(slots);
  }

  /**
   * A part of the utterance.
   *
   * @param type the slot's name
   * @param start index of its first char (UTF-16) in the text
   * @param end index behind its last char
   */
  public record Slot(String type, int start, int end) {}
}
