package ernie4j.training.slu;

import ernie4j.engine.Parallel;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Fine-tunes a joint intent and slot model. */
public final class SluTask implements TrainingTask {
  private final Model start;
  private final JointErnie joint;
  private final EncodedCorpus corpus;
  private final JointObjective objective;
  private final Kernels kernels;
  private final Parallel parallel;
  private final Map<String, String> provenance;
  private Map<String, Double> lastMetrics = Map.of();

  /**
   * A training of {@code start}, which has the joint head (see {@link SluModels#prepare}).
   *
   * @param dropout the probability of all dropouts
   * @param distillation a teacher besides the labels
   * @param provenance lines to add to the provenance of the trained model
   * @throws IllegalArgumentException if an example has a label that the model does not know, or the
   *     teacher does not fit
   */
  public SluTask(
      Model start,
      Tokenizer tokenizer,
      SluCorpus.Split corpus,
      float dropout,
      Optional<Distillation> distillation,
      Kernels kernels,
      Parallel parallel,
      Map<String, String> provenance) {
    this.start = start;
    this.kernels = kernels;
    this.parallel = parallel;
    this.provenance = Map.copyOf(provenance);
    this.corpus = EncodedCorpus.of(start, tokenizer, corpus);
    objective = new JointObjective(distillation, start, kernels, parallel);
    joint =
        new JointErnie(
            start.config(), TrainableParameters.of(start.parameters()), kernels, dropout);
  }

  @Override
  public int examples() {
    return corpus.train().size();
  }

  @Override
  public int tokens(int example) {
    return corpus.train().asList().get(example).ids().length;
  }

  @Override
  public Variable loss(Tape tape, int[] examples) {
    return objective.loss(tape, joint, corpus.train().batch(examples));
  }

  @Override
  public String settings() {
    return objective.settings();
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
    lastMetrics = corpus.evaluator().evaluate(now(), kernels, parallel).toMap();
    return lastMetrics;
  }

  private Model now() {
    return start.withParameters(start.config(), joint.parameters().toStore());
  }

  @Override
  public String bestMetric() {
    return SluMetrics.ACCURACY;
  }

  @Override
  public List<KeptModel> models() {
    return List.of(
        new KeptModel(
            Trainer.MODEL,
            SluMetrics.ACCURACY,
            () -> ModelParts.describe(now(), provenance, lastMetrics)));
  }
}
