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
import ernie4j.training.autograd.Tape;
import ernie4j.training.model.JointErnie;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Runs a joint model over examples, on the engine that serves it or on a tape. */
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
    Predictions predictions = new Predictions(new int[examples.size()], new int[examples.size()][]);
    parallel.run(
        batches(),
        1,
        (part, from, to) -> {
          EncoderWorkspace workspace = encoder.newWorkspace();
          for (int b = from; b < to; b++) {
            RaggedBatch batch = batch(b);
            encoder.forward(batch, workspace);
            predictions.add(
                b * BATCH,
                batch,
                head.intentLogits(workspace),
                head.intents(),
                head.slotLogits(workspace),
                head.slots());
          }
        });
    return metrics(predictions);
  }

  /**
   * Evaluates a model in training as it computes itself, for example with fake quantization.
   *
   * @param tape used in evaluation mode, and reset: no pass of it may be in use
   */
  public SluMetrics evaluate(JointErnie model, Tape tape) {
    Predictions predictions = new Predictions(new int[examples.size()], new int[examples.size()][]);
    boolean training = tape.isTraining();
    tape.setTraining(false);
    try {
      for (int b = 0; b < batches(); b++) {
        tape.reset(0);
        RaggedBatch batch = batch(b);
        JointErnie.Logits logits = model.forward(tape, batch);
        predictions.add(
            b * BATCH,
            batch,
            logits.intents().value(),
            logits.intents().columns(),
            logits.slots().value(),
            logits.slots().columns());
      }
    } finally {
      tape.setTraining(training);
    }
    return metrics(predictions);
  }

  private int batches() {
    return (examples.size() + BATCH - 1) / BATCH;
  }

  private RaggedBatch batch(int index) {
    int first = index * BATCH;
    List<EncodedExample> part = examples.subList(first, Math.min(examples.size(), first + BATCH));
    return RaggedBatch.of(part.stream().map(EncodedExample::ids).toList());
  }

  private SluMetrics metrics(Predictions predictions) {
    SluMetrics metrics = new SluMetrics(labels, intentsWithoutSlots);
    for (int i = 0; i < examples.size(); i++) {
      EncodedExample e = examples.get(i);
      int[] expected = Arrays.copyOfRange(e.slots(), 1, e.slots().length - 1);
      metrics.add(e.intent(), predictions.intents[i], expected, predictions.slots[i]);
    }
    return metrics;
  }

  /** The best intent of every utterance and the best slot label of every token between the ends. */
  @SuppressWarnings("ArrayRecordComponent") // compared nowhere
  private record Predictions(int[] intents, int[][] slots) {
    void add(
        int first,
        RaggedBatch batch,
        float[] intentLogits,
        int intentLabels,
        float[] slotLogits,
        int slotLabels) {
      for (int s = 0; s < batch.sequences(); s++) {
        intents[first + s] = Logits.argmax(intentLogits, s * intentLabels, intentLabels);
        int[] row = new int[batch.length(s) - 2];
        for (int i = 0; i < row.length; i++) {
          row[i] = Logits.argmax(slotLogits, (batch.start(s) + 1 + i) * slotLabels, slotLabels);
        }
        slots[first + s] = row;
      }
    }
  }
}
