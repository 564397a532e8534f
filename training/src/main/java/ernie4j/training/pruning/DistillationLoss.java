package ernie4j.training.pruning;

import ernie4j.training.autograd.Tape;
import ernie4j.training.autograd.Variable;
import ernie4j.training.model.JointErnie;
import ernie4j.training.slu.SluBatch;
import ernie4j.training.slu.SluLabels;
import java.util.List;

/**
 * What a student has to learn of its teacher; {@link WidthPruning} has the formula.
 *
 * <p>A batch in which pads are ordinary tokens that attention does not see gives the numbers of the
 * original, whose means run over pads as well; the test against expected values does that.
 *
 * @param hiddenWeight 0.1 in the original
 * @param labelWeight 0 in the original, which does not look at labels here
 */
record DistillationLoss(double hiddenWeight, double labelWeight) {
  /**
   * A loss and its parts.
   *
   * @param total what is minimised
   * @param hidden weighted sum of the mean squared errors
   * @param logits mean of both soft cross entropies
   */
  record Parts(Variable total, Variable hidden, Variable logits) {}

  /** Records the loss of a batch. */
  Parts of(Tape tape, JointErnie.Logits student, JointErnie.Logits teacher, SluBatch batch) {
    Variable hidden =
        tape.scale(
            squaredErrors(tape, student.states().hidden(), teacher.states().hidden()),
            (float) hiddenWeight);
    Variable intents = tape.softCrossEntropy(student.intents(), teacher.intents(), 1f);
    Variable slots = tape.softCrossEntropy(student.slots(), teacher.slots(), 1f);
    Variable logits = tape.scale(tape.add(intents, slots), 0.5f);
    Variable total = tape.add(hidden, logits);
    if (labelWeight > 0) {
      Variable labels =
          student.loss(tape, batch.intents(), batch.slots(), SluLabels.PADDING).total();
      total = tape.add(total, tape.scale(labels, (float) labelWeight));
    }
    return new Parts(total, hidden, logits);
  }

  private static Variable squaredErrors(Tape tape, List<Variable> student, List<Variable> teacher) {
    Variable sum = tape.meanSquaredError(student.get(0), teacher.get(0));
    for (int i = 1; i < student.size(); i++) {
      sum = tape.add(sum, tape.meanSquaredError(student.get(i), teacher.get(i)));
    }
    return sum;
  }
}
