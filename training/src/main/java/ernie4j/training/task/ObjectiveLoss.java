package ernie4j.training.task;

import ernie4j.engine.file.Model;
import ernie4j.training.autograd.Tape;
import ernie4j.training.autograd.Variable;
import ernie4j.training.model.ModelOutputs;
import ernie4j.training.model.TrainableModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The loss of an objective against the labels and, if there is a teacher, against its outputs. */
public final class ObjectiveLoss {
  private final Objective objective;
  private final @Nullable TeacherAnswers teacher;
  private final float weight;
  private final float temperature;
  private final float divergenceWeight;

  /**
   * The loss of {@code student}.
   *
   * @param setup the arithmetic and the threads of the teacher
   * @param objective what to learn
   * @param distillation the teacher; empty to learn from labels alone
   * @param student the model that is trained, with its head
   * @throws IllegalArgumentException if the teacher does not fit, or there is none and examples
   *     have no labels
   */
  public ObjectiveLoss(
      TaskSetup setup, Objective objective, Optional<Distillation> distillation, Model student) {
    this(setup, objective, distillation, 0, student);
  }

  /**
   * The loss of {@code student} with R-Drop: every example is read twice with different dropout,
   * both answers learn from the labels, and they should be the same ({@link Objective#divergence}).
   *
   * @param divergenceWeight 0 for a loss without it
   * @throws IllegalArgumentException also if the weight is negative or not a finite number
   */
  ObjectiveLoss(
      TaskSetup setup,
      Objective objective,
      Optional<Distillation> distillation,
      double divergenceWeight,
      Model student) {
    if (!(divergenceWeight >= 0) || Double.isInfinite(divergenceWeight)) {
      throw new IllegalArgumentException(
          "R-Drop: expected a weight of at least 0, got " + divergenceWeight);
    }
    if (distillation.isEmpty() && objective.unlabelled() > 0) {
      throw new IllegalArgumentException(
          "%d examples have no labels: expected a teacher whose answers are learned for them, got none"
              .formatted(objective.unlabelled()));
    }
    this.objective = objective;
    teacher =
        distillation
            .map(
                d ->
                    new TeacherAnswers(
                        new FineTunedTeacher(
                            d.teachers(), student, setup.kernels(), setup.parallel()),
                        objective))
            .orElse(null);
    weight = distillation.map(d -> (float) d.weight()).orElse(0f);
    this.divergenceWeight = (float) divergenceWeight;
    temperature = distillation.map(d -> (float) d.temperature()).orElse(1f);
  }

  /**
   * Records the loss of a model on examples.
   *
   * @param tape the tape to record on
   * @param model the student
   * @param examples indices below {@link Objective#examples}
   * @return the loss, [1, 1]
   */
  public Variable of(Tape tape, TrainableModel model, int[] examples) {
    ModelOutputs outputs = objective.forward(tape, model, examples);
    Variable labels = objective.loss(tape, outputs, examples);
    if (divergenceWeight > 0) {
      ModelOutputs second = objective.forward(tape, model, examples);
      Variable both = tape.add(labels, objective.loss(tape, second, examples));
      Variable divergence = objective.divergence(tape, outputs, second, examples);
      labels = tape.add(tape.scale(both, 0.5f), tape.scale(divergence, divergenceWeight));
    }
    if (teacher == null) {
      return labels;
    }
    Variable soft = objective.softLoss(tape, outputs, teacher.of(examples), examples, temperature);
    return tape.add(labels, weight == 1 ? soft : tape.scale(soft, weight));
  }

  /**
   * The hashes of what a training with this loss begins with, for {@link
   * ernie4j.training.TrainingTask#inputs()}.
   *
   * @param startHash the hash of the model that is trained
   * @return hashes by descriptive names
   */
  public Map<String, String> inputs(String startHash) {
    return inputs(objective, startHash, teacher);
  }

  /**
   * Like {@link #inputs(String)}, for a training with another kind of loss.
   *
   * @param objective what to learn
   * @param startHash the hash of the model that is trained
   * @param teacher the teacher; null if there is none
   * @return hashes by descriptive names
   */
  public static Map<String, String> inputs(
      Objective objective, String startHash, @Nullable TeacherAnswers teacher) {
    Map<String, String> inputs = new TreeMap<>();
    inputs.put("start model", startHash);
    inputs.put("examples", objective.dataHash());
    if (teacher != null) {
      inputs.put("teacher", teacher.hash());
    }
    return inputs;
  }

  /**
   * {@return the parts of the loss besides the labels as text, for the settings of a checkpoint;
   * empty for labels alone}
   */
  public String settings() {
    List<String> parts = new ArrayList<>();
    if (teacher != null) {
      parts.add("distillation weight %s, temperature %s".formatted(weight, temperature));
    }
    if (divergenceWeight > 0) {
      parts.add("R-Drop weight " + divergenceWeight);
    }
    return String.join(", ", parts);
  }
}
