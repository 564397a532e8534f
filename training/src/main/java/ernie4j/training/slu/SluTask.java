package ernie4j.training.slu;

import ernie4j.engine.Parallel;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.file.Model;
import ernie4j.engine.kernels.Kernels;
import ernie4j.tokenizer.Tokenizer;
import ernie4j.training.TrainingTask;
import ernie4j.training.autograd.Tape;
import ernie4j.training.autograd.Variable;
import ernie4j.training.model.JointErnie;
import ernie4j.training.model.TrainableParameters;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Fine-tunes a joint intent and slot model. */
public final class SluTask implements TrainingTask {
  private final Model start;
  private final JointErnie joint;
  private final SluEvaluator evaluator;
  private final List<EncodedExample> train;
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
    SluLabels labels = SluLabels.of(start.labels());
    int maxLength = start.config().maxPositions();
    train = EncodedExample.all(corpus.train(), tokenizer, labels, maxLength);
    List<SluExample> all = new ArrayList<>(corpus.train());
    all.addAll(corpus.dev());
    evaluator =
        new SluEvaluator(
            EncodedExample.all(corpus.dev(), tokenizer, labels, maxLength),
            labels,
            SluEvaluator.intentsWithoutSlots(all, labels));
    joint =
        new JointErnie(
            start.config(), TrainableParameters.of(start.parameters()), kernels, dropout);
  }

  @Override
  public int examples() {
    return train.size();
  }

  @Override
  public Variable loss(Tape tape, int[] examples) {
    List<int[]> ids = new ArrayList<>();
    int[] intents = new int[examples.length];
    int tokens = 0;
    for (int i = 0; i < examples.length; i++) {
      EncodedExample e = train.get(examples[i]);
      ids.add(e.ids());
      intents[i] = e.intent();
      tokens += e.ids().length;
    }
    int[] slots = new int[tokens];
    int at = 0;
    for (int example : examples) {
      int[] labels = train.get(example).slots();
      System.arraycopy(labels, 0, slots, at, labels.length);
      at += labels.length;
    }
    JointErnie.Logits logits = joint.forward(tape, RaggedBatch.of(ids));
    return logits.loss(tape, intents, slots, SluLabels.PADDING).total();
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
    lastMetrics = evaluator.evaluate(now, kernels, parallel).toMap();
    return lastMetrics;
  }

  @Override
  public String bestMetric() {
    return "accuracy";
  }

  @Override
  public Model toModel() {
    Model model = start.withParameters(start.config(), joint.parameters().toStore());
    for (Map.Entry<String, String> line : provenance.entrySet()) {
      model = model.withProvenance(line.getKey(), line.getValue());
    }
    for (Map.Entry<String, Double> metric : lastMetrics.entrySet()) {
      model = model.withProvenance("dev_" + metric.getKey(), "%.2f".formatted(metric.getValue()));
    }
    return model;
  }
}
