package ernie4j.training.pruning;

import ernie4j.training.autograd.Tape;
import ernie4j.training.autograd.Variable;
import ernie4j.training.model.ModelOutputs;
import ernie4j.training.model.TrainableEncoder;
import ernie4j.training.task.Objective;
import java.util.List;

/**
 * What a student has to learn from its teacher; {@link WidthPruning} has the formula.
 *
 * <p>The means of the original include padding. A batch in which padding consists of ordinary
 * tokens that attention ignores reproduces its numbers; the test against expected values does that.
 *
 * @param hiddenWeight 0.1 in the original
 * @param labelWeight 0 in the original, which ignores labels here
 */
record DistillationLoss(double hiddenWeight, double labelWeight) {
  /**
   * A loss and its parts.
   *
   * @param total the sum to minimize
   * @param hidden weighted sum of the mean squared errors
   * @param logits the objective's loss against the teacher's logits
   */
  record Parts(Variable total, Variable hidden, Variable logits) {}

  /**
   * Records the loss of examples.
   *
   * @param teacher the intermediate states of the teacher
   * @param answers the logits that the student learns
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
