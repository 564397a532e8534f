package ernie4j.training.task;

import ernie4j.engine.ParameterStore;
import ernie4j.engine.file.Model;
import ernie4j.training.InputHash;
import ernie4j.training.Trainer;
import ernie4j.training.TrainingTask;
import ernie4j.training.autograd.Tape;
import ernie4j.training.autograd.Variable;
import ernie4j.training.evaluation.Evaluated;
import ernie4j.training.model.ModelParts;
import ernie4j.training.model.RandomParameters;
import ernie4j.training.model.TrainableModel;
import ernie4j.training.model.TrainableParameters;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Fine-tunes an encoder and one head for one objective. */
public final class FineTuning implements TrainingTask {
  private final TaskSetup setup;
  private final Objective objective;
  private final Model start;
  private final String startHash;
  private final TrainableModel model;
  private final ObjectiveLoss loss;
  private Map<String, Double> lastMetrics = Map.of();

  /**
   * A training of the setup's model with a head for the objective.
   *
   * @param setup the model to start from, its tokenizer and the threads
   * @param objective what to learn
   * @throws IllegalArgumentException if there is nothing to evaluate on, or examples have no labels
   */
  public FineTuning(TaskSetup setup, Objective objective) {
    this(setup, objective, Optional.empty());
  }

  /**
   * A training in which a teacher's outputs are learned besides the labels.
   *
   * @param setup the model to start from, its tokenizer and the threads
   * @param objective what to learn
   * @param distillation the teacher; empty to learn from labels alone
   * @throws IllegalArgumentException if there is nothing to evaluate on, the teacher does not fit,
   *     or there is none and examples have no labels
   */
  public FineTuning(TaskSetup setup, Objective objective, Optional<Distillation> distillation) {
    this(setup, objective, distillation, 0);
  }

  /**
   * Creates a training with R-Drop (Liang et al., 2021): every example is read twice with different
   * dropout, and the loss grows with the difference between the two answers.
   *
   * @param setup the model to start from, its tokenizer and the threads
   * @param objective what to learn
   * @param distillation the teacher; empty to learn from labels alone
   * @param divergenceWeight the factor of the symmetric divergence of the two answers in the loss;
   *     0 for a training without R-Drop
   * @throws IllegalArgumentException in the cases of the other constructors, and if the weight is
   *     negative or not a number
   */
  public FineTuning(
      TaskSetup setup,
      Objective objective,
      Optional<Distillation> distillation,
      double divergenceWeight) {
    this.setup = setup;
    this.objective = objective;
    objective.requireHeldOut();
    start = start(setup, objective);
    startHash = InputHash.of(start);
    loss = new ObjectiveLoss(setup, objective, distillation, divergenceWeight, start);
    model =
        TrainableModel.of(
            objective.task(),
            start.config(),
            TrainableParameters.of(start.parameters()),
            setup.kernels(),
            setup.dropout());
  }

  /**
   * The model that a training starts from: the encoder with a new head, or with the head it has.
   */
  static Model start(TaskSetup setup, Objective objective) {
    Model base = setup.model();
    ParameterStore store = ModelParts.encoder(base);
    if (base.task().equals(objective.task().id()) && base.labels().equals(objective.labels())) {
      for (String name : objective.task().shapes(base.config(), base.labels()).keySet()) {
        if (!store.contains(name) && base.parameters().contains(name)) {
          store.put(name, base.parameters().get(name));
        }
      }
    }
    if (!objective.task().usesPooler()) {
      ModelParts.removePooler(store); // nothing would train it
    }
    objective.initialize(new RandomParameters(setup.seed()), store, base.config());
    return base.withParameters(base.config(), store)
        .withTask(objective.task(), objective.labels())
        .withOptions(objective.options());
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
    return loss.of(tape, model, examples);
  }

  @Override
  public TrainableParameters parameters() {
    return model.parameters();
  }

  @Override
  public void parametersChanged() {
    model.invalidate();
  }

  @Override
  public List<String> cautions() {
    return objective.cautions();
  }

  @Override
  public Map<String, Double> evaluate() {
    Evaluated evaluated = objective.evaluate(now());
    lastMetrics = evaluated.metrics();
    return lastMetrics;
  }

  private Model now() {
    return start.withParameters(start.config(), model.parameters().toStore());
  }

  @Override
  public String bestMetric() {
    return objective.bestMetric();
  }

  @Override
  public List<KeptModel> models() {
    return List.of(
        new KeptModel(
            Trainer.MODEL,
            bestMetric(),
            () -> ModelParts.describe(now(), setup.provenance(), lastMetrics)));
  }

  @Override
  public boolean decays(String parameter) {
    return objective.decays(parameter);
  }

  @Override
  public Map<String, String> inputs() {
    return loss.inputs(startHash);
  }

  @Override
  public String settings() {
    String own =
        "%s, longest input %d, dropout %s, head of seed %d, %s"
            .formatted(
                objective.task(),
                setup.maxLength(),
                setup.dropout(),
                setup.seed(),
                objective.settings());
    return loss.settings().isEmpty() ? own : own + ", " + loss.settings();
  }
}
