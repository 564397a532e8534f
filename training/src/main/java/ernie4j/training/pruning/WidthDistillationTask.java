package ernie4j.training.pruning;

import ernie4j.engine.ParameterSource;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.file.Model;
import ernie4j.training.InputHash;
import ernie4j.training.TrainingTask;
import ernie4j.training.autograd.Tape;
import ernie4j.training.autograd.Variable;
import ernie4j.training.model.ModelOutputs;
import ernie4j.training.model.ModelParts;
import ernie4j.training.model.TrainableModel;
import ernie4j.training.model.TrainableParameters;
import ernie4j.training.task.Objective;
import ernie4j.training.task.ObjectiveLoss;
import ernie4j.training.task.TaskSetup;
import ernie4j.training.task.TeacherAnswers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Trains the sub-models of all widths at once. For every batch, the teacher runs once, then every
 * width; the losses of all widths add up to one optimizer step.
 */
final class WidthDistillationTask implements TrainingTask {
  private final TaskSetup setup;
  private final Objective objective;
  private final String startHash;
  private final Model fineTuned;
  private final List<SubModelShape> shapes;
  private final WidthPruningOptions options;
  private final DistillationLoss loss;
  private final TrainableModel teacher;
  private final @Nullable TeacherAnswers otherTeacher;
  private final SuperNet superNet;
  private final Map<Double, Map<String, Double>> metricsOfWidth = new LinkedHashMap<>();

  /**
   * A training that starts from {@code start}, the fine-tuned parameters in the order of their
   * importance.
   *
   * @param otherTeacher the model whose logits are learned; null for the fine-tuned model itself
   */
  WidthDistillationTask(
      TaskSetup setup,
      Objective objective,
      ParameterSource start,
      List<SubModelShape> shapes,
      WidthPruningOptions options,
      @Nullable TeacherAnswers otherTeacher) {
    this.setup = setup;
    this.objective = objective;
    objective.requireHeldOut();
    this.shapes = List.copyOf(shapes);
    this.options = options;
    this.otherTeacher = otherTeacher;
    fineTuned = setup.model();
    startHash = InputHash.of(fineTuned);
    loss = new DistillationLoss(options.hiddenWeight(), options.labelWeight());
    teacher =
        TrainableModel.of(
            objective.task(),
            fineTuned.config(),
            TrainableParameters.frozen(fineTuned.parameters()),
            setup.kernels(),
            options.dropout());
    superNet =
        new SuperNet(
            objective.task(),
            fineTuned.config(),
            start,
            shapes,
            setup.kernels(),
            options.dropout());
  }

  @Override
  public int examples() {
    return objective.examples();
  }

  @Override
  public int tokens(int example) {
    return objective.tokens(example);
  }

  @Override
  public double lossWeight(int[] examples) {
    return objective.lossWeight(examples);
  }

  @Override
  public void beginStep(long epoch) {
    objective.beginStep(epoch);
  }

  @Override
  public Variable loss(Tape tape, int[] examples) {
    tape.setTraining(options.teacherDropout());
    ModelOutputs targets = tape.unrecorded(() -> objective.forward(tape, teacher, examples));
    tape.setTraining(true);
    List<Variable> answers = otherTeacher == null ? targets.logits() : otherTeacher.of(examples);
    Variable sum = ofWidth(tape, 0, examples, targets, answers);
    for (int i = 1; i < shapes.size(); i++) {
      sum = tape.add(sum, ofWidth(tape, i, examples, targets, answers));
    }
    return sum;
  }

  private Variable ofWidth(
      Tape tape, int index, int[] examples, ModelOutputs targets, List<Variable> answers) {
    ModelOutputs outputs = objective.forward(tape, superNet.subModel(tape, index), examples);
    return loss.of(tape, objective, outputs, targets.states(), answers, examples).total();
  }

  @Override
  public TrainableParameters parameters() {
    return superNet.parameters();
  }

  @Override
  public void parametersChanged() {
    superNet.invalidate();
  }

  /**
   * The mean of the best metric over the widths, then all metrics of every width, with the width as
   * suffix.
   */
  @Override
  public Map<String, Double> evaluate() {
    ParameterStore full = superNet.parameters().toStore();
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put(bestMetric(), 0.0); // the mean comes first
    double sum = 0;
    for (SubModelShape shape : shapes) {
      Map<String, Double> own = objective.evaluate(subModel(full, shape)).metrics();
      metricsOfWidth.put(shape.width(), own);
      own.forEach((name, value) -> metrics.put(suffixed(name, shape), value));
      sum += Objects.requireNonNull(own.get(bestMetric()));
    }
    metrics.put(bestMetric(), sum / shapes.size());
    return metrics;
  }

  private static String suffixed(String metric, SubModelShape shape) {
    return metric + "_" + shape.width();
  }

  private Model subModel(ParameterSource full, SubModelShape shape) {
    ParameterStore pruned = WidthPruner.prune(fineTuned.config(), full, shape.width());
    return fineTuned.withParameters(fineTuned.config(), pruned);
  }

  @Override
  public List<String> cautions() {
    return objective.cautions();
  }

  @Override
  public String bestMetric() {
    return objective.bestMetric();
  }

  @Override
  public List<KeptModel> models() {
    return shapes.stream()
        .map(
            shape ->
                new KeptModel(
                    WidthPruning.modelFile(shape.width()),
                    suffixed(bestMetric(), shape),
                    () -> now(shape)))
        .toList();
  }

  private Model now(SubModelShape shape) {
    Map<String, String> lines = new TreeMap<>(setup.provenance());
    lines.put("width", Double.toString(shape.width()));
    return ModelParts.describe(
        subModel(superNet.parameters().toStore(), shape),
        lines,
        metricsOfWidth.getOrDefault(shape.width(), Map.of()));
  }

  @Override
  public boolean decays(String parameter) {
    return objective.decays(parameter);
  }

  @Override
  public Map<String, String> inputs() {
    return ObjectiveLoss.inputs(objective, startHash, otherTeacher);
  }

  @Override
  public String settings() {
    return "%s, %s, %s%s"
        .formatted(
            objective.task(),
            objective.settings(),
            options,
            otherTeacher == null ? "" : ", answers of another teacher");
  }
}
