package ernie4j.training.task;

import ernie4j.engine.file.Model;
import ernie4j.engine.head.TagScheme;
import ernie4j.engine.head.Task;
import ernie4j.training.autograd.LossMean;
import ernie4j.training.autograd.Tape;
import ernie4j.training.autograd.Variable;
import ernie4j.training.data.Labels;
import ernie4j.training.data.Split;
import ernie4j.training.data.TaggedExample;
import ernie4j.training.evaluation.Evaluated;
import ernie4j.training.evaluation.TaggingEvaluation;
import ernie4j.training.model.ModelOutputs;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Spans in texts: the mean cross entropy of a classifier on every token but [CLS] and [SEP].
 * (Paddle 2.x divides by all tokens of the padded batch, which makes the loss depend on the
 * padding.)
 */
public final class TaggingObjective extends TagObjective<TaggedExample> {
  private static final int IGNORED = -100;

  private final TaskSetup setup;
  private final Labels labels;
  private final Map<String, Long> types = new TreeMap<>();

  /**
   * An objective over the types of the training examples, see {@link Labels#ofSpans}.
   *
   * @param setup the model to start from, its tokenizer and the threads
   * @param data texts with spans to learn from and to evaluate on, and unlabelled ones for a
   *     teacher
   * @throws IllegalArgumentException if an example to evaluate on has an unknown type, or none to
   *     learn from has a span
   */
  public TaggingObjective(TaskSetup setup, Split<TaggedExample> data) {
    this(setup, Labels.ofSpans(data.train()), data);
  }

  /**
   * An objective over given tags. The answer for a token is its most likely tag.
   *
   * @param setup the model to start from, its tokenizer and the threads
   * @param labels the tags in the order of the logits, in any scheme that {@link TagScheme} knows
   * @param data texts with spans to learn from and to evaluate on, and unlabelled ones for a
   *     teacher
   * @throws IllegalArgumentException if an example has an unknown label, or none has a span
   */
  public TaggingObjective(TaskSetup setup, Labels labels, Split<TaggedExample> data) {
    this(setup, labels, false, data);
  }

  /**
   * An objective over given tags.
   *
   * @param setup the model to start from, its tokenizer and the threads
   * @param labels the tags in the order of the logits, in any scheme that {@link TagScheme} knows
   * @param constrainedTags whether the model answers only sequences of tags that {@link
   *     ernie4j.engine.head.ConstrainedTags} allows; stored in its options
   * @param data texts with spans to learn from and to evaluate on, and unlabelled ones for a
   *     teacher
   * @throws IllegalArgumentException if an example has an unknown label, or none has a span
   */
  public TaggingObjective(
      TaskSetup setup, Labels labels, boolean constrainedTags, Split<TaggedExample> data) {
    super(data, constrainedTags, IGNORED);
    this.setup = setup;
    this.labels = labels;
    TagScheme scheme = TagScheme.ofLabels(labels.names());
    for (TaggedExample example : data.train()) {
      example.spans().forEach(span -> types.merge(span.type(), 1L, Long::sum));
      addTagged(setup, example.text(), example.spans(), labels, scheme);
    }
    data.unlabelled().forEach(example -> addUntagged(setup, example.text()));
    if (types.isEmpty()) {
      throw new IllegalArgumentException(
          "%s: expected examples with spans to learn from, got %,d without any"
              .formatted(Task.TOKEN_CLASSIFICATION, data.train().size()));
    }
    data.dev().stream()
        .flatMap(e -> e.spans().stream())
        .filter(span -> !scheme.types().contains(span.type()))
        .forEach(span -> labels.index("B-" + span.type()));
  }

  @Override
  public Task task() {
    return Task.TOKEN_CLASSIFICATION;
  }

  @Override
  public Map<String, List<String>> labels() {
    return Map.of(Task.LABEL, labels.names());
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
  public Variable loss(Tape tape, ModelOutputs outputs, int[] examples) {
    return tape.crossEntropy(outputs.logits().get(0), tags(examples), IGNORED, LossMean.VALID_ROWS);
  }

  @Override
  public Variable softLoss(
      Tape tape, ModelOutputs outputs, List<Variable> teacher, int[] examples, float temperature) {
    return tape.softCrossEntropy(outputs.logits().get(0), teacher.get(0), temperature);
  }

  @Override
  public List<String> cautions() {
    return TaggingEvaluation.cautions(data.dev());
  }

  @Override
  public Evaluated evaluate(Model model) {
    return TaggingEvaluation.of(
        TaggingEvaluation.pipeline(model, setup.kernels(), setup.parallel()), data.dev());
  }

  @Override
  public String bestMetric() {
    return TaggingEvaluation.F1;
  }

  @Override
  public Map<String, Long> labelCounts() {
    return Collections.unmodifiableMap(types);
  }

  @Override
  public String settings() {
    return "%d labels, %s".formatted(labels.size(), tagSettings("examples"));
  }
}
