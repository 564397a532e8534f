package ernie4j.training.pruning;

import ernie4j.training.autograd.Tape;
import ernie4j.training.autograd.Variable;
import ernie4j.training.model.ModelOutputs;
import ernie4j.training.model.TrainableEncoder;
import ernie4j.training.task.Objective;
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
   * @param logits the objective's loss against the teacher's logits
   */
  record Parts(Variable total, Variable hidden, Variable logits) {}

  /**
   * Records the loss of examples.
   *
   * @param teacher what the teacher went through
   * @param answers the logits that the student's should be like
   */
  Parts of(
      Tape tape,
      Objective objective,
      ModelOutputs student,
      TrainableEncoder.States teacher,
      List<Variable> answers,
      int[] examples) {
    Variable hidden =
        tape.scale(
            squaredErrors(tape, student.states().hidden(), teacher.hidden()), (float) hiddenWeight);
    Variable logits = objective.softLoss(tape, student, answers, examples, 1f);
    Variable total = tape.add(hidden, logits);
    if (labelWeight > 0) {
      Variable labels = objective.loss(tape, student, examples);
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
