package ernie4j.training.slu;

import ernie4j.engine.Parallel;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.encoder.Encoder;
import ernie4j.engine.encoder.EncoderWorkspace;
import ernie4j.engine.file.Model;
import ernie4j.engine.head.JointIntentSlotHead;
import ernie4j.engine.head.Logits;
import ernie4j.engine.kernels.Kernels;
import ernie4j.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Runs a joint model over examples, on the same engine that serves it. */
public final class SluEvaluator {
  private static final int BATCH = 32;

  private final List<EncodedExample> examples;
  private final SluLabels labels;
  private final Set<Integer> intentsWithoutSlots;

  SluEvaluator(List<EncodedExample> examples, SluLabels labels, Set<Integer> intentsWithoutSlots) {
    this.examples = examples;
    this.labels = labels;
    this.intentsWithoutSlots = intentsWithoutSlots;
  }

  /**
   * An evaluation of a model on utterances.
   *
   * @param maxLength tokens that an utterance is cut to
   * @throws IllegalArgumentException if an utterance has a label that the model does not know
   */
  public static SluEvaluator of(
      List<SluExample> examples, Tokenizer tokenizer, SluLabels labels, int maxLength) {
    return new SluEvaluator(
        EncodedExample.all(examples, tokenizer, labels, maxLength),
        labels,
        intentsWithoutSlots(examples, labels));
  }

  /** The intents that have no slot in any example. */
  static Set<Integer> intentsWithoutSlots(List<SluExample> examples, SluLabels labels) {
    Set<Integer> without = new HashSet<>();
    for (int i = 0; i < labels.intents().size(); i++) {
      without.add(i);
    }
    for (SluExample example : examples) {
      if (!example.slots().isEmpty()) {
        without.remove(labels.intent(example.intent()));
      }
    }
    return without;
  }

  /** Evaluates a model; threads share the utterances. */
  public SluMetrics evaluate(Model model, Kernels kernels, Parallel parallel) {
    Encoder encoder = Encoder.of(model.config(), model.parameters(), kernels);
    JointIntentSlotHead head = JointIntentSlotHead.of(encoder, model.parameters());
    int[] intents = new int[examples.size()];
    int[][] slots = new int[examples.size()][];
    int batches = (examples.size() + BATCH - 1) / BATCH;
    parallel.run(
        batches,
        1,
        (part, from, to) -> {
          EncoderWorkspace workspace = encoder.newWorkspace();
          for (int b = from; b < to; b++) {
            predict(encoder, head, workspace, b * BATCH, intents, slots);
          }
        });
    SluMetrics metrics = new SluMetrics(labels, intentsWithoutSlots);
    for (int i = 0; i < examples.size(); i++) {
      EncodedExample e = examples.get(i);
      int[] expected = Arrays.copyOfRange(e.slots(), 1, e.slots().length - 1);
      metrics.add(e.intent(), intents[i], expected, slots[i]);
    }
    return metrics;
  }

  private void predict(
      Encoder encoder,
      JointIntentSlotHead head,
      EncoderWorkspace workspace,
      int first,
      int[] intents,
      int[][] slots) {
    List<EncodedExample> part = examples.subList(first, Math.min(examples.size(), first + BATCH));
    RaggedBatch batch = RaggedBatch.of(part.stream().map(EncodedExample::ids).toList());
    encoder.forward(batch, workspace);
    float[] intentLogits = head.intentLogits(workspace);
    float[] slotLogits = head.slotLogits(workspace);
    for (int s = 0; s < batch.sequences(); s++) {
      intents[first + s] = Logits.argmax(intentLogits, s * head.intents(), head.intents());
      int[] row = new int[batch.length(s) - 2];
      for (int i = 0; i < row.length; i++) {
        row[i] = Logits.argmax(slotLogits, (batch.start(s) + 1 + i) * head.slots(), head.slots());
      }
      slots[first + s] = row;
    }
  }
}
