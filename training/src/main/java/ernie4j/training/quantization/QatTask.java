package ernie4j.training.quantization;

import ernie4j.engine.ParameterStore;
import ernie4j.engine.file.Model;
import ernie4j.quant.ModelQuantizer;
import ernie4j.training.ExampleOrder;
import ernie4j.training.InputHash;
import ernie4j.training.Trainer;
import ernie4j.training.TrainingTask;
import ernie4j.training.autograd.Tape;
import ernie4j.training.autograd.Variable;
import ernie4j.training.model.ModelParts;
import ernie4j.training.model.TrainableModel;
import ernie4j.training.model.TrainableParameters;
import ernie4j.training.task.Distillation;
import ernie4j.training.task.Objective;
import ernie4j.training.task.ObjectiveLoss;
import ernie4j.training.task.TaskSetup;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Quantization-aware training (reference: PaddleNLP's QAT step): a fine-tuned, possibly
 * width-pruned model is trained further on the labels, while inputs and weights of its linear
 * layers are fake-quantized ({@link ernie4j.quant.FakeQuantizer}), each weight with one scale per
 * output column, each input with one scale that follows the maxima of the training batches.
 * Attention, GELU, norms, embeddings and biases stay float. Gradients go straight through.
 *
 * <pre>{@code
 * QatTask task = new QatTask(setup, objective, QatOptions.defaults(), Optional.empty());
 * setup.trainer(task, trainingOptions, folder).run();
 * CalibratedModel best = CalibratedModel.of(ModelFile.read(folder.resolve(Trainer.MODEL)));
 * }</pre>
 *
 * <p>Evaluations use the int8 model with the current weights and scales, so the best model is the
 * one that is best when quantized. The observers are part of the checkpoint, so a resumed training
 * ends with the same bits.
 */
public final class QatTask implements TrainingTask {
  private final TaskSetup setup;
  private final Objective objective;
  private final String startHash;
  private final Model start;
  private final TrainableModel model;
  private final FakeQuantizedModel quantized;
  private final QatOptions options;
  private final ObjectiveLoss loss;
  private Map<String, Double> lastMetrics = Map.of();

  /**
   * A training of the setup's model, which must be a float model. The constructor runs the initial
   * calibration.
   *
   * @param setup the fine-tuned float model, its tokenizer and the threads
   * @param objective what the model was fine-tuned for
   * @param options how to quantize
   * @param distillation a teacher besides the labels; empty for none
   * @throws IllegalArgumentException if the objective's task or labels are not the model's, a
   *     parameter has NaN or infinity, an excluded layer does not exist, or the teacher does not
   *     fit
   */
  public QatTask(
      TaskSetup setup,
      Objective objective,
      QatOptions options,
      Optional<Distillation> distillation) {
    this.setup = setup;
    this.objective = objective;
    this.options = options;
    objective.requireFit(setup.model());
    objective.requireHeldOut();
    ParameterStore parameters = CalibratedModel.startOf(setup.model());
    start = setup.model().withParameters(setup.model().config(), parameters);
    startHash = InputHash.of(start);
    loss = new ObjectiveLoss(setup, objective, distillation, start);
    model =
        TrainableModel.of(
            objective.task(),
            start.config(),
            TrainableParameters.of(parameters),
            setup.kernels(),
            setup.dropout());
    quantized = new FakeQuantizedModel(model, options);
    calibrate();
  }

  private void calibrate() {
    if (options.calibrationBatches() == 0) {
      return;
    }
    if (objective.examples() == 0) {
      throw new IllegalArgumentException(
          "QatTask: there is no training example to calibrate the observers with");
    }
    Tape tape = new Tape(setup.kernels(), setup.parallel());
    tape.setTraining(false);
    List<int[]> batches =
        batches(
            objective,
            options.calibrationBatches(),
            QatOptions.CALIBRATION_BATCH_SIZE,
            setup.seed());
    quantized.calibrate(objective, batches, tape);
    options
        .pact()
        .filter(pact -> pact.initialClip().isEmpty())
        .ifPresent(pact -> quantized.startClipsAtScales());
  }

  /**
   * Chooses random training examples for the calibration, because those at the beginning of a file
   * may all be alike.
   *
   * @param objective the examples to choose from
   * @param batches the number of batches; fewer are returned if there are not enough examples
   * @param size the number of examples per batch, at least 1; the last batch may be smaller
   * @param seed the same seed always gives the same batches
   * @return batches of indices of examples
   */
  public static List<int[]> batches(Objective objective, int batches, int size, long seed) {
    int[] order = ExampleOrder.shuffled(objective.examples(), seed);
    List<int[]> chosen = new ArrayList<>();
    for (int b = 0; b < batches && b * size < order.length; b++) {
      chosen.add(Arrays.copyOfRange(order, b * size, Math.min(order.length, (b + 1) * size)));
    }
    return chosen;
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

  /** The parameters of the model, and with PACT {@code <layer>.input_clip}. */
  @Override
  public TrainableParameters parameters() {
    return model.parameters();
  }

  @Override
  public double learningRateFactor(String parameter) {
    return FakeQuantizedModel.isClip(parameter)
        ? options.pact().map(Pact::learningRateFactor).orElse(1.0)
        : 1;
  }

  @Override
  public void parametersChanged() {
    quantized.parametersChanged();
  }

  @Override
  public Map<String, Double> evaluate() {
    lastMetrics = objective.evaluate(int8(calibrated())).metrics();
    return lastMetrics;
  }

  /** If weights have no codes, the training has diverged; it is not a wrong argument. */
  private static Model int8(CalibratedModel now) {
    try {
      return ModelQuantizer.linear(now.model(), now.inputScales().keySet(), now.inputScales());
    } catch (IllegalArgumentException e) {
      ArithmeticException diverged =
          new ArithmeticException(
              "Quantization: %s; the training diverged, try a smaller learning rate"
                  .formatted(e.getMessage()));
      diverged.initCause(e);
      throw diverged;
    }
  }

  @Override
  public List<String> cautions() {
    return objective.cautions();
  }

  @Override
  public String bestMetric() {
    return objective.bestMetric();
  }

  /**
   * The current model: the real weights, not the fake-quantized ones, and its scales.
   *
   * @return a model that can be converted to int8
   */
  public CalibratedModel calibrated() {
    ParameterStore store = model.parameters().toStore();
    store.names().stream().filter(FakeQuantizedModel::isClip).toList().forEach(store::remove);
    Model described =
        ModelParts.describe(
            start.withParameters(start.config(), store), setup.provenance(), lastMetrics);
    return new CalibratedModel(described, quantized.inputScales());
  }

  /**
   * A single model: the float model with the input scales among its parameters, see {@link
   * CalibratedModel#of}.
   */
  @Override
  public List<KeptModel> models() {
    return List.of(new KeptModel(Trainer.MODEL, bestMetric(), () -> calibrated().toModel()));
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
    String own = "%s, %s, %s".formatted(objective.task(), objective.settings(), options);
    return loss.settings().isEmpty() ? own : own + ", " + loss.settings();
  }

  @Override
  public Map<String, Double> state() {
    return quantized.state();
  }

  @Override
  public void restore(Map<String, Double> state) {
    quantized.restore(state);
  }
}
