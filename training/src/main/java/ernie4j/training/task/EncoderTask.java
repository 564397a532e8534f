package ernie4j.training.task;

import ernie4j.engine.ParameterStore;
import ernie4j.engine.file.Model;
import ernie4j.training.Trainer;
import ernie4j.training.TrainingTask;
import ernie4j.training.autograd.Tape;
import ernie4j.training.autograd.Variable;
import ernie4j.training.model.ModelParts;
import ernie4j.training.model.RandomParameters;
import ernie4j.training.model.TrainableEncoder;
import ernie4j.training.model.TrainableHead;
import ernie4j.training.model.TrainableParameters;
import java.util.List;
import java.util.Map;

/** Fine-tunes an encoder and one head for one objective. */
public final class EncoderTask implements TrainingTask {
  private final TaskSetup setup;
  private final Objective objective;
  private final Model start;
  private final TrainableParameters parameters;
  private final TrainableEncoder encoder;
  private final TrainableHead head;
  private Map<String, Double> lastMetrics = Map.of();

  /** A training of the setup's encoder with a head for the objective. */
  public EncoderTask(TaskSetup setup, Objective objective) {
    this.setup = setup;
    this.objective = objective;
    start = start(setup, objective);
    parameters = TrainableParameters.of(start.parameters());
    encoder =
        new TrainableEncoder(
            start.config(), parameters, setup.kernels(), setup.dropout(), setup.dropout());
    head = objective.head(setup.kernels(), parameters, start.config(), setup.dropout());
  }

  /** The model that a training begins with: the encoder and a new head, or the one it has. */
  static Model start(TaskSetup setup, Objective objective) {
    Model base = setup.encoder();
    ParameterStore store = ModelParts.encoder(base);
    if (base.task().equals(objective.task()) && base.labels().equals(objective.labels())) {
      base.parameters().asMap().forEach((name, tensor) -> addHead(store, name, base));
    }
    objective.addHead(new RandomParameters(setup.seed()), store, base.config());
    return base.withParameters(base.config(), store).withTask(objective.task(), objective.labels());
  }

  private static void addHead(ParameterStore store, String name, Model base) {
    if (!ModelParts.isEncoder(name)) {
      store.put(name, base.parameters().get(name));
    }
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
    return objective.loss(tape, encoder, head, examples);
  }

  @Override
  public TrainableParameters parameters() {
    return parameters;
  }

  @Override
  public void parametersChanged() {
    encoder.invalidate();
    head.invalidate();
  }

  @Override
  public Map<String, Double> evaluate() {
    lastMetrics = objective.evaluate(setup.inference(now())).metrics();
    return lastMetrics;
  }

  private Model now() {
    return start.withParameters(start.config(), parameters.toStore());
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
  public String settings() {
    return "%s, longest input %d, dropout %s, head of seed %d, %s"
        .formatted(
            objective.task(),
            setup.maxLength(),
            setup.dropout(),
            setup.seed(),
            objective.settings());
  }
}
