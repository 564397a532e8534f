package ernie4j.training.model;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.ParameterNames;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.head.HeadNames;
import ernie4j.engine.kernels.Kernels;
import ernie4j.training.autograd.LossMean;
import ernie4j.training.autograd.Tape;
import ernie4j.training.autograd.TrainableLinear;
import ernie4j.training.autograd.Variable;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * JointErnie: an encoder with an intent classifier on the pooled output and a slot classifier on
 * every token, trained together with the sum of both mean cross entropies.
 */
public final class JointErnie {
  private final TrainableParameters parameters;
  private final TrainableEncoder encoder;
  private final TrainablePooler pooler;
  private final TrainableLinear intentClassifier;
  private final TrainableLinear slotClassifier;
  private final float dropout;

  /**
   * A model over parameters that include pooler and both classifiers.
   *
   * @param dropout the one probability of all dropouts, 0.1 in the reference
   */
  public JointErnie(
      EncoderConfig config, TrainableParameters parameters, Kernels kernels, float dropout) {
    this.parameters = parameters;
    this.dropout = dropout;
    encoder = new TrainableEncoder(config, parameters, kernels, dropout, dropout);
    pooler = new TrainablePooler(kernels, parameters);
    intentClassifier = TrainableEncoder.linear(kernels, parameters, HeadNames.INTENT_CLASSIFIER);
    slotClassifier = TrainableEncoder.linear(kernels, parameters, HeadNames.SLOT_CLASSIFIER);
  }

  public TrainableParameters parameters() {
    return parameters;
  }

  /** Says that the optimizer has changed the parameters. */
  public void invalidate() {
    encoder.invalidate();
    pooler.dense().invalidate();
    intentClassifier.invalidate();
    slotClassifier.invalidate();
  }

  /**
   * Visits all products with the names of the layers that each computes: one name, or Q, K and V.
   */
  public void forEachLinear(BiConsumer<List<String>, TrainableLinear> visit) {
    encoder.forEachLinear(visit);
    visit.accept(List.of(ParameterNames.POOLER), pooler.dense());
    visit.accept(List.of(HeadNames.INTENT_CLASSIFIER), intentClassifier);
    visit.accept(List.of(HeadNames.SLOT_CLASSIFIER), slotClassifier);
  }

  /** The logits of a batch; the sequence dropout is drawn before the pooled one. */
  public Logits forward(Tape tape, RaggedBatch batch) {
    TrainableEncoder.States states = encoder.forward(tape, batch);
    Variable hidden = states.last();
    Variable pooled = pooler.pool(tape, hidden, batch);
    Variable slots = tape.linear(tape.dropout(hidden, dropout), slotClassifier);
    Variable intents = tape.linear(tape.dropout(pooled, dropout), intentClassifier);
    return new Logits(intents, slots, states);
  }

  /**
   * Logits of a batch.
   *
   * @param intents {@code [sequences, intents]}
   * @param slots {@code [tokens, slot labels]}
   * @param states what the encoder went through
   */
  public record Logits(Variable intents, Variable slots, TrainableEncoder.States states) {
    /**
     * Intent loss + slot loss.
     *
     * @param intentLabels one per sequence
     * @param slotLabels one per token
     * @param ignoredSlot the label of tokens that do not count ([CLS], [SEP]): 0 in the reference
     */
    public Loss loss(Tape tape, int[] intentLabels, int[] slotLabels, int ignoredSlot) {
      Variable intent = tape.crossEntropy(intents, intentLabels, -100, LossMean.VALID_ROWS);
      Variable slot = tape.crossEntropy(slots, slotLabels, ignoredSlot, LossMean.VALID_ROWS);
      return new Loss(tape.add(slot, intent), intent, slot);
    }
  }

  /** The sum that is minimised and its two parts. */
  public record Loss(Variable total, Variable intent, Variable slot) {}
}
