package ernie4j.training.task;

import ernie4j.engine.file.Model;
import ernie4j.engine.head.HeadOptions;
import ernie4j.engine.head.Task;
import ernie4j.training.autograd.Tape;
import ernie4j.training.autograd.Variable;
import ernie4j.training.data.Labels;
import ernie4j.training.data.MultiLabelExample;
import ernie4j.training.data.Split;
import ernie4j.training.evaluation.Evaluated;
import ernie4j.training.evaluation.MultiLabelEvaluation;
import ernie4j.training.model.ModelOutputs;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Any number of labels of texts or pairs: the mean binary cross entropy of a classifier on the
 * pooled output, over texts and labels.
 */
public final class MultiLabelObjective extends InputObjective<MultiLabelExample> {
  private final TaskSetup setup;
  private final Labels labels;
  private final double threshold;

  /**
   * An objective over given labels.
   *
   * @param setup the model to start from, its tokenizer and the threads
   * @param labels the labels in the order of the logits
   * @param data examples to learn from and to evaluate on, and unlabelled ones for a teacher
   * @param threshold the probability, from 0 to 1, from which a label applies; stored in the model
   * @throws IllegalArgumentException if an example has an unknown label, no example has a label, or
   *     the threshold is not from 0 to 1
   */
  public MultiLabelObjective(
      TaskSetup setup, Labels labels, Split<MultiLabelExample> data, double threshold) {
    super(data);
    if (!(threshold >= 0 && threshold <= 1)) {
      throw new IllegalArgumentException(
          "MultiLabelObjective: expected a threshold from 0 to 1, got " + threshold);
    }
    this.setup = setup;
    this.labels = labels;
    this.threshold = threshold;
    data.train().forEach(e -> add(setup, e.text(), e.pair()));
    data.unlabelled().forEach(e -> add(setup, e.text(), e.pair()));
    data.train().forEach(e -> e.labels().forEach(labels::index));
    data.dev().forEach(e -> e.labels().forEach(labels::index));
    if (data.train().stream().allMatch(e -> e.labels().isEmpty())) {
      throw new IllegalArgumentException(
          "%s: expected examples with labels to learn from, got %,d without any"
              .formatted(Task.MULTI_LABEL_CLASSIFICATION, data.train().size()));
    }
  }

  @Override
  public Task task() {
    return Task.MULTI_LABEL_CLASSIFICATION;
  }

  @Override
  public Map<String, List<String>> labels() {
    return Map.of(Task.LABEL, labels.names());
  }

  @Override
  public Map<String, String> options() {
    return Map.of(HeadOptions.THRESHOLD, Double.toString(threshold));
  }

  @Override
  public Variable loss(Tape tape, ModelOutputs outputs, int[] examples) {
    float[] wanted = new float[examples.length * labels.size()];
    for (int i = 0; i < examples.length; i++) {
      int from = i * labels.size();
      if (examples[i] < data.train().size()) {
        data.train().get(examples[i]).labels().forEach(l -> wanted[from + labels.index(l)] = 1);
      } else {
        Arrays.fill(wanted, from, from + labels.size(), Float.NaN);
      }
    }
    return tape.binaryCrossEntropy(outputs.logits().get(0), wanted);
  }

  @Override
  public Variable softLoss(
      Tape tape, ModelOutputs outputs, List<Variable> teacher, int[] examples, float temperature) {
    return tape.softBinaryCrossEntropy(outputs.logits().get(0), teacher.get(0), temperature);
  }

  @Override
  public List<String> cautions() {
    return MultiLabelEvaluation.cautions(data.dev());
  }

  @Override
  public Evaluated evaluate(Model model) {
    return MultiLabelEvaluation.of(
        MultiLabelEvaluation.pipeline(model, setup.kernels(), setup.parallel()), data.dev());
  }

  @Override
  public String bestMetric() {
    return MultiLabelEvaluation.MICRO_F1;
  }

  @Override
  public Map<String, Long> labelCounts() {
    return data.train().stream()
        .flatMap(example -> example.labels().stream())
        .collect(Collectors.groupingBy(name -> name, TreeMap::new, Collectors.counting()));
  }

  @Override
  public String settings() {
    return "%d labels, threshold %s, %s"
        .formatted(labels.size(), threshold, Settings.examples("examples", this));
  }
}
