package ernie4j.training.task;

import ernie4j.engine.file.Model;
import ernie4j.engine.head.Task;
import ernie4j.training.autograd.LossMean;
import ernie4j.training.autograd.Tape;
import ernie4j.training.autograd.Variable;
import ernie4j.training.data.Labels;
import ernie4j.training.data.Split;
import ernie4j.training.data.TextExample;
import ernie4j.training.data.TextFiles;
import ernie4j.training.evaluation.ClassificationEvaluation;
import ernie4j.training.evaluation.Evaluated;
import ernie4j.training.model.ModelOutputs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Classes of texts or pairs: the mean cross entropy of a classifier on the pooled output. */
public final class ClassificationObjective extends InputObjective<TextExample> {
  /** The target index of an example without a label, which the loss ignores. */
  static final int IGNORED = -100;

  private final TaskSetup setup;
  private final Labels labels;
  private final int[] expected;

  /**
   * An objective over the labels of the training examples, in the order of their first appearance.
   *
   * @param setup the model to start from, its tokenizer and the threads
   * @param data labelled examples to learn from and to evaluate on, and unlabelled ones for a
   *     teacher
   * @throws IllegalArgumentException if an example has no label, or all have the same label
   */
  public ClassificationObjective(TaskSetup setup, Split<TextExample> data) {
    this(setup, Labels.ofTexts(data.train()), data);
  }

  /**
   * An objective over given labels.
   *
   * @param setup the model to start from, its tokenizer and the threads
   * @param labels the classes in the order of the logits
   * @param data labelled examples to learn from and to evaluate on, and unlabelled ones for a
   *     teacher
   * @throws IllegalArgumentException if an example has no label or an unknown one, or there is only
   *     one class
   */
  public ClassificationObjective(TaskSetup setup, Labels labels, Split<TextExample> data) {
    super(data);
    this.setup = setup;
    this.labels = labels;
    data.train().forEach(e -> add(setup, e.text(), e.pair()));
    data.unlabelled().forEach(e -> add(setup, e.text(), e.pair()));
    expected = new int[inputs.size()];
    Arrays.fill(expected, IGNORED);
    for (int i = 0; i < data.train().size(); i++) {
      expected[i] = labels.index(data.train().get(i).requireLabel());
    }
    data.dev().forEach(e -> labels.index(e.requireLabel()));
    if (labels.size() < 2) {
      throw new IllegalArgumentException(
          "%s: expected examples of at least two classes, got only '%s'"
              .formatted(Task.SEQUENCE_CLASSIFICATION, labels.name(0)));
    }
  }

  /**
   * Creates an objective over a file, part of which is held out for evaluation.
   *
   * @param setup the model to start from, its tokenizer and the threads
   * @param file see {@link TextFiles}; the first line of a table has well-known column names
   * @param devShare the share of examples to hold out, in (0, 1), for example 0.1
   * @return an objective whose split depends on the seed of the setup
   * @throws IOException if the file cannot be read or a line of it is wrong
   * @throws IllegalArgumentException if there are fewer than two examples or fewer than two classes
   */
  public static ClassificationObjective of(TaskSetup setup, Path file, double devShare)
      throws IOException {
    List<TextExample> examples = TextFiles.read(file, null);
    return new ClassificationObjective(setup, Split.of(examples, devShare, setup.seed()));
  }

  @Override
  public Task task() {
    return Task.SEQUENCE_CLASSIFICATION;
  }

  @Override
  public Map<String, List<String>> labels() {
    return Map.of(Task.LABEL, labels.names());
  }

  @Override
  public Variable loss(Tape tape, ModelOutputs outputs, int[] examples) {
    int[] wanted = Arrays.stream(examples).map(e -> expected[e]).toArray();
    return tape.crossEntropy(outputs.logits().get(0), wanted, IGNORED, LossMean.VALID_ROWS);
  }

  @Override
  public Variable softLoss(
      Tape tape, ModelOutputs outputs, List<Variable> teacher, int[] examples, float temperature) {
    return tape.softCrossEntropy(outputs.logits().get(0), teacher.get(0), temperature);
  }

  @Override
  public Variable divergence(Tape tape, ModelOutputs first, ModelOutputs second, int[] examples) {
    return tape.symmetricDivergence(first.logits().get(0), second.logits().get(0));
  }

  @Override
  public List<String> cautions() {
    return ClassificationEvaluation.cautions(data.dev());
  }

  @Override
  public Evaluated evaluate(Model model) {
    return ClassificationEvaluation.of(
        ClassificationEvaluation.pipeline(model, setup.kernels(), setup.parallel()), data.dev());
  }

  @Override
  public String bestMetric() {
    return ClassificationEvaluation.ACCURACY;
  }

  @Override
  public Map<String, Long> labelCounts() {
    return data.train().stream()
        .map(TextExample::requireLabel)
        .collect(Collectors.groupingBy(name -> name, TreeMap::new, Collectors.counting()));
  }

  @Override
  public String settings() {
    return "%d labels, %s".formatted(labels.size(), Settings.examples("examples", this));
  }
}
