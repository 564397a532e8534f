package ernie4j.training.task;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.ParameterNames;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.head.HeadNames;
import ernie4j.engine.head.TaskNames;
import ernie4j.engine.kernels.Kernels;
import ernie4j.training.autograd.LossMean;
import ernie4j.training.autograd.Tape;
import ernie4j.training.autograd.Variable;
import ernie4j.training.data.Labels;
import ernie4j.training.data.Split;
import ernie4j.training.data.TextExample;
import ernie4j.training.model.RandomParameters;
import ernie4j.training.model.TrainableEncoder;
import ernie4j.training.model.TrainableHead;
import ernie4j.training.model.TrainableParameters;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Classes of texts or pairs: mean cross entropy of a classifier on the pooled output. */
public final class TextClassification implements Objective {
  private final Labels labels;
  private final List<TextExample> dev;
  private final List<Input> inputs;
  private final int[] expected;

  /**
   * An objective over encoded examples.
   *
   * @throws IllegalArgumentException if an example has no label or an unknown one
   */
  public TextClassification(TaskSetup setup, Labels labels, Split<TextExample> data) {
    this.labels = labels;
    this.dev = data.dev();
    this.inputs = TextClassifier.inputs(data.train(), setup.tokenizer(), setup.maxLength());
    this.expected = data.train().stream().mapToInt(e -> TextClassifier.label(labels, e)).toArray();
    data.dev().forEach(e -> TextClassifier.label(labels, e));
  }

  @Override
  public String task() {
    return TaskNames.SEQUENCE_CLASSIFICATION;
  }

  @Override
  public Map<String, List<String>> labels() {
    return Map.of(TaskNames.LABEL, labels.names());
  }

  @Override
  public void addHead(RandomParameters random, ParameterStore store, EncoderConfig config) {
    int hidden = config.hiddenSize();
    Objective.addLinear(random, store, ParameterNames.POOLER, hidden, hidden);
    Objective.addLinear(random, store, HeadNames.CLASSIFIER, hidden, labels.size());
  }

  @Override
  public TrainableHead head(
      Kernels kernels, TrainableParameters parameters, EncoderConfig config, float dropout) {
    return TrainableHead.ofSequences(kernels, parameters, dropout);
  }

  @Override
  public int examples() {
    return inputs.size();
  }

  @Override
  public int tokens(int example) {
    return inputs.get(example).length();
  }

  @Override
  public Variable loss(Tape tape, TrainableEncoder encoder, TrainableHead head, int[] examples) {
    RaggedBatch batch = Input.batch(inputs, examples);
    Variable logits = head.logits(tape, encoder.forward(tape, batch).last(), batch);
    int[] wanted = Arrays.stream(examples).map(e -> expected[e]).toArray();
    return tape.crossEntropy(logits, wanted, -100, LossMean.VALID_ROWS);
  }

  @Override
  public Evaluated evaluate(Inference model) {
    return new TextClassifier(model).evaluate(dev);
  }

  @Override
  public String bestMetric() {
    return TextClassifier.ACCURACY;
  }

  @Override
  public Map<String, Long> labelCounts() {
    return Arrays.stream(expected)
        .mapToObj(labels::name)
        .collect(Collectors.groupingBy(name -> name, TreeMap::new, Collectors.counting()));
  }

  @Override
  public String settings() {
    return "%d labels, %d examples".formatted(labels.size(), inputs.size());
  }
}
