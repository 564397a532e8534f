package ernie4j.training;

import ernie4j.engine.GoldenModel;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.SafetensorsFile;
import ernie4j.engine.head.Task;
import ernie4j.training.autograd.LossMean;
import ernie4j.training.autograd.Tape;
import ernie4j.training.autograd.Variable;
import ernie4j.training.evaluation.Evaluated;
import ernie4j.training.model.ModelOutputs;
import ernie4j.training.task.Objective;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * A golden batch for a joint model, with its pads and with its labels from the file: one example,
 * which is the whole batch. JointObjectiveTest checks that its losses equal those of the real
 * objective, which cannot have pads.
 */
public final class GoldenJointObjective implements Objective {
  private final RaggedBatch batch;
  private final int[] intents;
  private final int[] slots;

  /**
   * An objective over given labels.
   *
   * @param intents one for each sequence
   * @param slots one for each token, pads included; 0 is ignored
   */
  public GoldenJointObjective(RaggedBatch batch, int[] intents, int[] slots) {
    this.batch = batch;
    this.intents = intents.clone();
    this.slots = slots.clone();
  }

  /** The batch of a file whose tensors have a prefix; without labels if the file has none. */
  public static GoldenJointObjective of(SafetensorsFile file, String prefix) throws IOException {
    boolean labelled = file.contains(prefix + "intent_labels");
    return new GoldenJointObjective(
        GoldenModel.batch(file, prefix),
        labelled ? file.ints(prefix + "intent_labels") : new int[0],
        labelled ? file.ints(prefix + "slot_labels") : new int[0]);
  }

  /** The one example. */
  public static int[] all() {
    return new int[] {0};
  }

  @Override
  public Task task() {
    return Task.JOINT_INTENT_SLOTS;
  }

  @Override
  public Map<String, List<String>> labels() {
    return Map.of();
  }

  @Override
  public int examples() {
    return 1;
  }

  @Override
  public int tokens(int example) {
    return batch.tokens();
  }

  @Override
  public RaggedBatch batch(int[] examples) {
    return batch;
  }

  public Variable intentLoss(Tape tape, ModelOutputs outputs) {
    return tape.crossEntropy(outputs.logits().get(0), intents, -100, LossMean.VALID_ROWS);
  }

  public Variable slotLoss(Tape tape, ModelOutputs outputs) {
    return tape.crossEntropy(outputs.logits().get(1), slots, 0, LossMean.VALID_ROWS);
  }

  @Override
  public Variable loss(Tape tape, ModelOutputs outputs, int[] examples) {
    return tape.add(slotLoss(tape, outputs), intentLoss(tape, outputs));
  }

  @Override
  public Variable softLoss(
      Tape tape, ModelOutputs outputs, List<Variable> teacher, int[] examples, float temperature) {
    Variable ofIntents =
        tape.softCrossEntropy(outputs.logits().get(0), teacher.get(0), temperature);
    Variable ofSlots = tape.softCrossEntropy(outputs.logits().get(1), teacher.get(1), temperature);
    return tape.scale(tape.add(ofIntents, ofSlots), 0.5f);
  }

  @Override
  public String dataHash() {
    return "golden";
  }

  @Override
  public int heldOut() {
    return 1;
  }

  @Override
  public Evaluated evaluate(Model model) {
    throw new UnsupportedOperationException("there is nothing to evaluate on");
  }

  @Override
  public String bestMetric() {
    return "none";
  }

  @Override
  public String settings() {
    return "golden";
  }
}
