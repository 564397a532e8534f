package ernie4j.training.quantization;

import ernie4j.engine.Parallel;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.file.Model;
import ernie4j.engine.kernels.Kernels;
import ernie4j.tokenizer.Tokenizer;
import ernie4j.training.Trainer;
import ernie4j.training.TrainingTask;
import ernie4j.training.autograd.Tape;
import ernie4j.training.autograd.Variable;
import ernie4j.training.model.JointErnie;
import ernie4j.training.model.ModelParts;
import ernie4j.training.model.TrainableParameters;
import ernie4j.training.slu.Distillation;
import ernie4j.training.slu.EncodedCorpus;
import ernie4j.training.slu.JointObjective;
import ernie4j.training.slu.SluCorpus;
import ernie4j.training.slu.SluMetrics;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Quantization-aware training of a joint intent and slot model (reference: PaddleNLP's QAT step):
 * the fine-tuned, possibly width-pruned model goes on learning from the labels, while inputs and
 * weights of its linear layers are fake-quantized ({@link ernie4j.quant.FakeQuantizer}), each
 * weight with one scale per output column, each input with one scale that follows the maxima of the
 * training batches. Attention, GELU, norms, embeddings and biases stay float. Gradients go straight
 * through.
 *
 * <pre>{@code
 * QatTask task = new QatTask(fineTuned, tokenizer, corpus, 0.1f, QatOptions.defaults(),
 *     Optional.empty(), kernels, parallel, Map.of());
 * new Trainer(task, trainingOptions, kernels, parallel, folder, List.of()).run();
 * CalibratedModel best = CalibratedModel.of(ModelFile.read(folder.resolve(Trainer.MODEL)));
 * }</pre>
 *
 * <p>An evaluation is one of the fake-quantized model with its scales as they are, so the best
 * model is the one that is best when quantized. The observers are part of the checkpoint: a resumed
 * training ends with the same bits.
 */
public final class QatTask implements TrainingTask {
  private final Model start;
  private final EncodedCorpus data;
  private final JointErnie joint;
  private final QuantizedJointErnie quantized;
  private final QatOptions options;
  private final JointObjective objective;
  private final Tape evaluation;
  private final Map<String, String> provenance;
  private Map<String, Double> lastMetrics = Map.of();

  /**
   * A training of {@code start}; the initial calibration runs here.
   *
   * @param start a float model with the joint head
   * @param dropout the probability of all dropouts
   * @param distillation a teacher besides the labels
   * @param provenance lines to add to the provenance of the trained model
   * @throws IllegalArgumentException if a parameter has NaN or infinity, an excluded layer does not
   *     exist, an example has a label that the model does not know, or the teacher does not fit
   */
  public QatTask(
      Model start,
      Tokenizer tokenizer,
      SluCorpus.Split corpus,
      float dropout,
      QatOptions options,
      Optional<Distillation> distillation,
      Kernels kernels,
      Parallel parallel,
      Map<String, String> provenance) {
    ParameterStore parameters = CalibratedModel.startOf(start);
    this.start = start.withParameters(start.config(), parameters);
    this.options = options;
    this.provenance = Map.copyOf(provenance);
    data = EncodedCorpus.of(start, tokenizer, corpus);
    objective = new JointObjective(distillation, start, kernels, parallel);
    joint = new JointErnie(start.config(), TrainableParameters.of(parameters), kernels, dropout);
    quantized = new QuantizedJointErnie(joint, options);
    evaluation = new Tape(kernels, parallel);
    evaluation.setTraining(false);
    calibrate();
  }

  private void calibrate() {
    if (options.calibrationBatches() == 0) {
      return;
    }
    if (data.train().size() == 0) {
      throw new IllegalArgumentException(
          "QatTask: there is no training example to calibrate the observers with");
    }
    quantized.calibrate(
        data.train().firstBatches(options.calibrationBatches(), QatOptions.CALIBRATION_BATCH_SIZE),
        evaluation);
    options
        .pact()
        .filter(pact -> pact.initialClip().isEmpty())
        .ifPresent(pact -> quantized.startClipsAtScales());
  }

  @Override
  public int examples() {
    return data.train().size();
  }

  @Override
  public Variable loss(Tape tape, int[] examples) {
    return objective.loss(tape, joint, data.train().batch(examples));
  }

  /** The parameters of the model, and with PACT {@code <layer>.input_clip}. */
  @Override
  public TrainableParameters parameters() {
    return joint.parameters();
  }

  @Override
  public double learningRateFactor(String parameter) {
    return QuantizedJointErnie.isClip(parameter)
        ? options.pact().map(Pact::learningRateFactor).orElse(1.0)
        : 1;
  }

  @Override
  public void parametersChanged() {
    quantized.parametersChanged();
  }

  @Override
  public Map<String, Double> evaluate() {
    lastMetrics = data.evaluator().evaluate(joint, evaluation).toMap();
    return lastMetrics;
  }

  @Override
  public String bestMetric() {
    return SluMetrics.ACCURACY;
  }

  /** The model as it is now: the real weights, not the fake-quantized ones, and its scales. */
  public CalibratedModel calibrated() {
    ParameterStore store = joint.parameters().toStore();
    store.names().stream().filter(QuantizedJointErnie::isClip).toList().forEach(store::remove);
    Model model =
        ModelParts.describe(start.withParameters(start.config(), store), provenance, lastMetrics);
    return new CalibratedModel(model, quantized.inputScales());
  }

  /**
   * One: the float model with the input scales among its parameters, see {@link
   * CalibratedModel#of}.
   */
  @Override
  public List<KeptModel> models() {
    return List.of(new KeptModel(Trainer.MODEL, bestMetric(), () -> calibrated().toModel()));
  }

  @Override
  public String settings() {
    String teacher = objective.settings();
    return teacher.isEmpty() ? options.toString() : options + ", " + teacher;
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
