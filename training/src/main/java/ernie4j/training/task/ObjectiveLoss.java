package ernie4j.training.task;

import ernie4j.engine.file.Model;
import ernie4j.training.autograd.Tape;
import ernie4j.training.autograd.Variable;
import ernie4j.training.model.ModelOutputs;
import ernie4j.training.model.TrainableModel;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The loss of an objective against the labels, and against a teacher's answers if there is one. */
public final class ObjectiveLoss {
  private final Objective objective;
  private final @Nullable FineTunedTeacher teacher;
  private final float weight;
  private final float temperature;

  /**
   * The loss of {@code student}.
   *
   * @param distillation empty: labels alone
   * @throws IllegalArgumentException if the teacher does not fit, or there is none and examples
   *     have no labels
   */
  public ObjectiveLoss(
      TaskSetup setup, Objective objective, Optional<Distillation> distillation, Model student) {
    if (distillation.isEmpty() && objective.unlabelled() > 0) {
      throw new IllegalArgumentException(
          "%d examples have no labels: expected a teacher whose answers are learnt for them, got none"
              .formatted(objective.unlabelled()));
    }
    this.objective = objective;
    teacher =
        distillation
            .map(
                d -> new FineTunedTeacher(d.teachers(), student, setup.kernels(), setup.parallel()))
            .orElse(null);
    weight = distillation.map(d -> (float) d.weight()).orElse(0f);
    temperature = distillation.map(d -> (float) d.temperature()).orElse(1f);
  }

  /** Records the loss of a model for examples. */
  public Variable of(Tape tape, TrainableModel model, int[] examples) {
    ModelOutputs outputs = objective.forward(tape, model, examples);
    Variable labels = objective.loss(tape, outputs, examples);
    if (teacher == null) {
      return labels;
    }
    Variable soft =
        objective.softLoss(
            tape, outputs, teacher.logits(objective.batch(examples)), examples, temperature);
    return tape.add(labels, weight == 1 ? soft : tape.scale(soft, weight));
  }

  /**
   * What a training with this loss begins with, for {@link ernie4j.training.TrainingTask#inputs()}.
   *
   * @param startHash of the model that is trained
   */
  public Map<String, String> inputs(String startHash) {
    return inputs(objective, startHash, teacher);
  }

  /** As {@link #inputs(String)}, for a training whose loss is another one. */
  public static Map<String, String> inputs(
      Objective objective, String startHash, @Nullable FineTunedTeacher teacher) {
    Map<String, String> inputs = new TreeMap<>();
    inputs.put("start model", startHash);
    inputs.put("examples", objective.dataHash());
    if (teacher != null) {
      inputs.put("teacher", teacher.hash());
    }
    return inputs;
  }

  /** The teacher's part as text, for the settings of a checkpoint; empty for labels alone. */
  public String settings() {
    return teacher == null
        ? ""
        : "distillation weight %s, temperature %s".formatted(weight, temperature);
  }
}
