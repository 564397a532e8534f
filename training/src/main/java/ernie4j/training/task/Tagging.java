package ernie4j.training.task;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.head.HeadNames;
import ernie4j.engine.head.TaskNames;
import ernie4j.engine.kernels.Kernels;
import ernie4j.tokenizer.Encoding;
import ernie4j.training.autograd.LossMean;
import ernie4j.training.autograd.Tape;
import ernie4j.training.autograd.Variable;
import ernie4j.training.data.Labels;
import ernie4j.training.data.Split;
import ernie4j.training.data.TaggedExample;
import ernie4j.training.model.RandomParameters;
import ernie4j.training.model.TrainableEncoder;
import ernie4j.training.model.TrainableHead;
import ernie4j.training.model.TrainableParameters;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Spans in texts: mean cross entropy, over all tokens but [CLS] and [SEP], of a classifier on every
 * token. (Paddle 2.x divides by all tokens of the padded batch; that makes the loss depend on the
 * padding.)
 */
public final class Tagging implements Objective {
  private static final int IGNORED = -100;

  private final Labels labels;
  private final List<TaggedExample> dev;
  private final List<Input> inputs = new ArrayList<>();
  private final List<int[]> tags = new ArrayList<>();
  private final Map<String, Long> types = new TreeMap<>();

  /**
   * An objective over encoded examples.
   *
   * @param labels see {@link Labels#ofSpans}
   * @throws IllegalArgumentException if an example has an unknown label
   */
  public Tagging(TaskSetup setup, Labels labels, Split<TaggedExample> data) {
    this.labels = labels;
    this.dev = data.dev();
    for (TaggedExample example : data.train()) {
      example.spans().forEach(span -> types.merge(span.type(), 1L, Long::sum));
      Encoding encoding = Tagger.encode(example, setup.tokenizer(), setup.maxLength());
      int[] numbers = Tagger.tags(example, encoding, labels);
      numbers[0] = IGNORED;
      numbers[numbers.length - 1] = IGNORED;
      inputs.add(Input.of(encoding));
      tags.add(numbers);
    }
    data.dev().stream()
        .flatMap(e -> e.spans().stream())
        .forEach(span -> labels.index("B-" + span.type()));
  }

  @Override
  public String task() {
    return TaskNames.TOKEN_CLASSIFICATION;
  }

  @Override
  public Map<String, List<String>> labels() {
    return Map.of(TaskNames.LABEL, labels.names());
  }

  @Override
  public void addHead(RandomParameters random, ParameterStore store, EncoderConfig config) {
    Objective.removePooler(store);
    Objective.addLinear(random, store, HeadNames.CLASSIFIER, config.hiddenSize(), labels.size());
  }

  @Override
  public TrainableHead head(
      Kernels kernels, TrainableParameters parameters, EncoderConfig config, float dropout) {
    return TrainableHead.ofTokens(kernels, parameters, dropout);
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
  public double lossWeight(int[] examples) {
    double tokens = 0;
    for (int example : examples) {
      tokens += inputs.get(example).length() - 2;
    }
    return tokens;
  }

  @Override
  public Variable loss(Tape tape, TrainableEncoder encoder, TrainableHead head, int[] examples) {
    RaggedBatch batch = Input.batch(inputs, examples);
    Variable logits = head.logits(tape, encoder.forward(tape, batch).last(), batch);
    int[] wanted = new int[batch.tokens()];
    for (int s = 0; s < examples.length; s++) {
      System.arraycopy(tags.get(examples[s]), 0, wanted, batch.start(s), batch.length(s));
    }
    return tape.crossEntropy(logits, wanted, IGNORED, LossMean.VALID_ROWS);
  }

  @Override
  public Evaluated evaluate(Inference model) {
    return new Tagger(model).evaluate(dev);
  }

  @Override
  public String bestMetric() {
    return Tagger.F1;
  }

  @Override
  public Map<String, Long> labelCounts() {
    return Collections.unmodifiableMap(types);
  }

  @Override
  public String settings() {
    return "%d labels, %d examples".formatted(labels.size(), inputs.size());
  }
}
