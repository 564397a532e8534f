package ernie4j.training.pruning;

import ernie4j.engine.Parallel;
import ernie4j.engine.ParameterSource;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.file.Model;
import ernie4j.engine.kernels.Kernels;
import ernie4j.training.TrainingTask;
import ernie4j.training.autograd.Tape;
import ernie4j.training.autograd.Variable;
import ernie4j.training.model.JointErnie;
import ernie4j.training.model.ModelParts;
import ernie4j.training.model.TrainableParameters;
import ernie4j.training.slu.EncodedCorpus;
import ernie4j.training.slu.SluBatch;
import ernie4j.training.slu.SluMetrics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Trains the sub-models of all widths at once. The teacher runs once per batch, then every width;
 * the losses of the widths add up to one optimizer step.
 */
final class WidthDistillationTask implements TrainingTask {
  private final Model fineTuned;
  private final List<SubModelShape> shapes;
  private final EncodedCorpus corpus;
  private final WidthPruningOptions options;
  private final DistillationLoss loss;
  private final JointErnie teacher;
  private final SuperNet superNet;
  private final Kernels kernels;
  private final Parallel parallel;
  private final Map<String, String> provenance;
  private final Map<Double, Map<String, Double>> metricsOfWidth = new LinkedHashMap<>();

  /**
   * A training that starts from {@code start}, the fine-tuned parameters in the order of their
   * importance.
   */
  WidthDistillationTask(
      Model fineTuned,
      ParameterSource start,
      List<SubModelShape> shapes,
      EncodedCorpus corpus,
      WidthPruningOptions options,
      Kernels kernels,
      Parallel parallel,
      Map<String, String> provenance) {
    this.fineTuned = fineTuned;
    this.shapes = List.copyOf(shapes);
    this.corpus = corpus;
    this.options = options;
    this.kernels = kernels;
    this.parallel = parallel;
    this.provenance = Map.copyOf(provenance);
    loss = new DistillationLoss(options.hiddenWeight(), options.labelWeight());
    teacher =
        new JointErnie(
            fineTuned.config(),
            TrainableParameters.frozen(fineTuned.parameters()),
            kernels,
            options.dropout());
    superNet = new SuperNet(fineTuned.config(), start, shapes, kernels, options.dropout());
  }

  @Override
  public int examples() {
    return corpus.train().size();
  }

  @Override
  public Variable loss(Tape tape, int[] examples) {
    SluBatch batch = corpus.train().batch(examples);
    tape.setTraining(options.teacherDropout());
    JointErnie.Logits targets = tape.unrecorded(() -> teacher.forward(tape, batch.tokens()));
    tape.setTraining(true);
    Variable sum = ofWidth(tape, 0, batch, targets);
    for (int i = 1; i < shapes.size(); i++) {
      sum = tape.add(sum, ofWidth(tape, i, batch, targets));
    }
    return sum;
  }

  private Variable ofWidth(Tape tape, int index, SluBatch batch, JointErnie.Logits targets) {
    JointErnie.Logits logits = superNet.subModel(tape, index).forward(tape, batch.tokens());
    return loss.of(tape, logits, targets, batch).total();
  }

  @Override
  public TrainableParameters parameters() {
    return superNet.parameters();
  }

  @Override
  public void parametersChanged() {
    superNet.invalidate();
  }

  /** The mean accuracy over the widths, then all metrics of every width with it as suffix. */
  @Override
  public Map<String, Double> evaluate() {
    ParameterStore full = superNet.parameters().toStore();
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put(SluMetrics.ACCURACY, 0.0); // the mean comes first
    double sum = 0;
    for (SubModelShape shape : shapes) {
      SluMetrics own = corpus.evaluator().evaluate(subModel(full, shape), kernels, parallel);
      metricsOfWidth.put(shape.width(), own.toMap());
      own.toMap().forEach((name, value) -> metrics.put(suffixed(name, shape), value));
      sum += own.accuracy();
    }
    metrics.put(SluMetrics.ACCURACY, sum / shapes.size());
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
  public String bestMetric() {
    return SluMetrics.ACCURACY;
  }

  @Override
  public List<KeptModel> models() {
    return shapes.stream()
        .map(
            shape ->
                new KeptModel(
                    WidthPruning.modelFile(shape.width()),
                    suffixed(SluMetrics.ACCURACY, shape),
                    () -> now(shape)))
        .toList();
  }

  private Model now(SubModelShape shape) {
    Map<String, String> lines = new TreeMap<>(provenance);
    lines.put("width", Double.toString(shape.width()));
    return ModelParts.describe(
        subModel(superNet.parameters().toStore(), shape),
        lines,
        metricsOfWidth.getOrDefault(shape.width(), Map.of()));
  }

  @Override
  public String settings() {
    return options.toString();
  }
}
