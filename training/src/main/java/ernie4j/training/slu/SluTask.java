package ernie4j.training.slu;

import ernie4j.engine.Parallel;
import ernie4j.engine.file.Model;
import ernie4j.engine.kernels.Kernels;
import ernie4j.tokenizer.Tokenizer;
import ernie4j.training.TrainingTask;
import ernie4j.training.autograd.Tape;
import ernie4j.training.autograd.Variable;
import ernie4j.training.model.JointErnie;
import ernie4j.training.model.TrainableParameters;
import java.util.Map;

/** Fine-tunes a joint intent and slot model. */
public final class SluTask implements TrainingTask {
  private final Model start;
  private final JointErnie joint;
  private final SluTrainingSet data;
  private final Kernels kernels;
  private final Parallel parallel;
  private final Map<String, String> provenance;
  private Map<String, Double> lastMetrics = Map.of();

  /**
   * A training of {@code start}, which has the joint head (see {@link SluModels#prepare}).
   *
   * @param dropout the probability of all dropouts
   * @param provenance lines to add to the provenance of the trained model
   * @throws IllegalArgumentException if an example has a label that the model does not know
   */
  public SluTask(
      Model start,
      Tokenizer tokenizer,
      SluCorpus.Split corpus,
      float dropout,
      Kernels kernels,
      Parallel parallel,
      Map<String, String> provenance) {
    this.start = start;
    this.kernels = kernels;
    this.parallel = parallel;
    this.provenance = Map.copyOf(provenance);
    data = SluTrainingSet.of(start, tokenizer, corpus);
    joint =
        new JointErnie(
            start.config(), TrainableParameters.of(start.parameters()), kernels, dropout);
  }

  @Override
  public int examples() {
    return data.size();
  }

  @Override
  public Variable loss(Tape tape, int[] examples) {
    SluTrainingSet.Batch batch = data.batch(examples);
    return batch.loss(tape, joint.forward(tape, batch.tokens())).total();
  }

  @Override
  public TrainableParameters parameters() {
    return joint.parameters();
  }

  @Override
  public void parametersChanged() {
    joint.invalidate();
  }

  @Override
  public Map<String, Double> evaluate() {
    Model now = start.withParameters(start.config(), joint.parameters().toStore());
    lastMetrics = data.evaluator().evaluate(now, kernels, parallel).toMap();
    return lastMetrics;
  }

  @Override
  public String bestMetric() {
    return "accuracy";
  }

  @Override
  public Model toModel() {
    return SluModels.trained(
        start.withParameters(start.config(), joint.parameters().toStore()),
        provenance,
        lastMetrics);
  }
}
