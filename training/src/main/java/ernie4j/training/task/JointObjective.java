package ernie4j.training.task;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.ParameterNames;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.file.Model;
import ernie4j.engine.head.HeadNames;
import ernie4j.engine.head.TagScheme;
import ernie4j.engine.head.Task;
import ernie4j.training.autograd.LossMean;
import ernie4j.training.autograd.Tape;
import ernie4j.training.autograd.Variable;
import ernie4j.training.data.JointExample;
import ernie4j.training.data.Labels;
import ernie4j.training.data.Split;
import ernie4j.training.evaluation.Evaluated;
import ernie4j.training.evaluation.JointEvaluation;
import ernie4j.training.model.ModelOutputs;
import ernie4j.training.model.RandomParameters;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * JointErnie: an intent classifier on the pooled output and a slot classifier on every token,
 * trained together with the sum of both mean cross entropies. Slot label 0 is that of [CLS] and
 * [SEP], which the loss ignores; {@code O} is another one.
 */
public final class JointObjective extends TagObjective<JointExample> {
  private static final int UNKNOWN_INTENT = -100;
  private static final int IGNORED_SLOT = 0;

  private final TaskSetup setup;
  private final Labels intents;
  private final Labels slots;
  private final Set<String> intentsWithoutSlots;

  /**
   * Creates an objective over all labels of the data. As in the reference, the answer for a token
   * is its most likely tag.
   *
   * @param setup the start of the training
   * @param data the labelled utterances, and others without labels
   */
  public JointObjective(TaskSetup setup, Split<JointExample> data) {
    this(setup, Labels.ofIntents(both(data)), Labels.ofSlots(both(data)), data);
  }

  /**
   * An objective over the labels that occur in both parts of the data.
   *
   * @param setup the start of the training
   * @param constrainedTags whether the model answers only sequences of tags that {@link
   *     ernie4j.engine.head.ConstrainedTags} allows; stored in its options
   * @param data the labelled utterances, and others without labels
   * @return the objective
   */
  public static JointObjective of(
      TaskSetup setup, boolean constrainedTags, Split<JointExample> data) {
    return new JointObjective(
        setup, Labels.ofIntents(both(data)), Labels.ofSlots(both(data)), constrainedTags, data);
  }

  /**
   * Creates an objective over given labels. As in the reference, the answer for a token is its most
   * likely tag.
   *
   * @param setup the start of the training
   * @param intents the intents
   * @param slots padding, O, B-... and I-...
   * @param data the labelled utterances, and others without labels
   * @throws IllegalArgumentException if there is no O, it is label 0, or an example has a label
   *     that is not given
   */
  public JointObjective(TaskSetup setup, Labels intents, Labels slots, Split<JointExample> data) {
    this(setup, intents, slots, false, data);
  }

  /**
   * An objective over given labels.
   *
   * @param setup the start of the training
   * @param intents the intents
   * @param slots padding, O, B-... and I-...
   * @param constrainedTags whether the model answers only sequences of tags that {@link
   *     ernie4j.engine.head.ConstrainedTags} allows; stored in its options
   * @param data the labelled utterances, and others without labels
   * @throws IllegalArgumentException if there is no O, it is label 0, or an example has a label
   *     that is not given
   */
  public JointObjective(
      TaskSetup setup,
      Labels intents,
      Labels slots,
      boolean constrainedTags,
      Split<JointExample> data) {
    super(data, constrainedTags, IGNORED_SLOT);
    if (slots.names().indexOf(Labels.OUTSIDE) < 1) {
      throw new IllegalArgumentException(
          "joint-intent-slots: expected slot labels that begin with one for padding and include O, got "
              + slots.names());
    }
    this.setup = setup;
    this.intents = intents;
    this.slots = slots;
    intentsWithoutSlots = JointEvaluation.intentsWithoutSlots(both(data));
    for (JointExample example : data.dev()) {
      intents.index(example.intent());
      example.slots().forEach(slot -> slots.index("B-" + slot.type()));
    }
    data.train().forEach(example -> intents.index(example.intent()));
    TagScheme scheme = TagScheme.ofLabels(slots.names());
    for (JointExample example : data.train()) {
      addTagged(setup, example.text(), example.slots(), slots, scheme);
    }
    data.unlabelled().forEach(example -> addUntagged(setup, example.text()));
  }

  private static List<JointExample> both(Split<JointExample> data) {
    return Stream.concat(data.train().stream(), data.dev().stream()).toList();
  }

  @Override
  public Task task() {
    return Task.JOINT_INTENT_SLOTS;
  }

  @Override
  public Map<String, List<String>> labels() {
    return Map.of(Task.INTENT, intents.names(), Task.SLOT, slots.names());
  }

  /** As in the reference: Kaiming normal for weights and biases of both classifiers. */
  @Override
  public void initialize(RandomParameters random, ParameterStore store, EncoderConfig config) {
    int hidden = config.hiddenSize();
    if (!store.contains(ParameterNames.POOLER + ".weight")) {
      random.linear(store, ParameterNames.POOLER, hidden, hidden);
    }
    if (!store.contains(HeadNames.INTENT_CLASSIFIER + ".weight")) {
      random.kaimingLinear(store, HeadNames.INTENT_CLASSIFIER, hidden, intents.size());
      random.kaimingLinear(store, HeadNames.SLOT_CLASSIFIER, hidden, slots.size());
    }
  }

  @Override
  public Variable loss(Tape tape, ModelOutputs outputs, int[] examples) {
    int[] wantedIntents = new int[examples.length];
    for (int i = 0; i < examples.length; i++) {
      boolean labelled = examples[i] < data.train().size();
      wantedIntents[i] =
          labelled ? intents.index(data.train().get(examples[i]).intent()) : UNKNOWN_INTENT;
    }
    Variable intent =
        tape.crossEntropy(
            outputs.logits().get(0), wantedIntents, UNKNOWN_INTENT, LossMean.VALID_ROWS);
    Variable slot =
        tape.crossEntropy(
            outputs.logits().get(1), tags(examples), IGNORED_SLOT, LossMean.VALID_ROWS);
    return tape.add(slot, intent);
  }

  /** The mean of both. */
  @Override
  public Variable softLoss(
      Tape tape, ModelOutputs outputs, List<Variable> teacher, int[] examples, float temperature) {
    Variable ofIntents =
        tape.softCrossEntropy(outputs.logits().get(0), teacher.get(0), temperature);
    Variable ofSlots = tape.softCrossEntropy(outputs.logits().get(1), teacher.get(1), temperature);
    return tape.scale(tape.add(ofIntents, ofSlots), 0.5f);
  }

  /** The sum of both. */
  @Override
  public Variable divergence(Tape tape, ModelOutputs first, ModelOutputs second, int[] examples) {
    return tape.add(
        tape.symmetricDivergence(first.logits().get(0), second.logits().get(0)),
        tape.symmetricDivergence(first.logits().get(1), second.logits().get(1)));
  }

  @Override
  public List<String> cautions() {
    return JointEvaluation.cautions(data.train(), data.dev());
  }

  @Override
  public Evaluated evaluate(Model model) {
    return JointEvaluation.of(
        JointEvaluation.pipeline(model, setup.kernels(), setup.parallel()),
        data.dev(),
        intentsWithoutSlots);
  }

  @Override
  public String bestMetric() {
    return JointEvaluation.ACCURACY;
  }

  @Override
  public Map<String, Long> labelCounts() {
    return data.train().stream()
        .map(JointExample::intent)
        .collect(Collectors.groupingBy(name -> name, TreeMap::new, Collectors.counting()));
  }

  @Override
  public String settings() {
    return "%d intents, %d slot labels, %s"
        .formatted(intents.size(), slots.size(), tagSettings("utterances"));
  }
}
