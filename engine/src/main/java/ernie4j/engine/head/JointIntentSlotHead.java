package ernie4j.engine.head;

import ernie4j.engine.ParameterSource;
import ernie4j.engine.encoder.Encoder;
import ernie4j.engine.encoder.EncoderWorkspace;

/**
 * The head of JointErnie: one intent for an utterance from the pooled output, one slot label for
 * every token from its hidden state.
 */
public final class JointIntentSlotHead {
  private final SequenceClassificationHead intent;
  private final TokenClassificationHead slot;

  private JointIntentSlotHead(SequenceClassificationHead intent, TokenClassificationHead slot) {
    this.intent = intent;
    this.slot = slot;
  }

  /** The head under the names {@code intent_classifier} and {@code slot_classifier}. */
  public static JointIntentSlotHead of(Encoder encoder, ParameterSource parameters) {
    return new JointIntentSlotHead(
        SequenceClassificationHead.of(encoder, parameters, HeadNames.INTENT_CLASSIFIER),
        TokenClassificationHead.of(encoder, parameters, HeadNames.SLOT_CLASSIFIER));
  }

  /** The number of intents. */
  public int intents() {
    return intent.labels();
  }

  /** The number of slot labels. */
  public int slots() {
    return slot.labels();
  }

  /** Intent logits {@code [sequences, intents]}. */
  public float[] intentLogits(EncoderWorkspace states) {
    return intent.logits(states);
  }

  /** Slot logits {@code [tokens, slots]}. */
  public float[] slotLogits(EncoderWorkspace states) {
    return slot.logits(states);
  }
}
