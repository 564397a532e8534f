package ernie4j.training.evaluation;

import ernie4j.engine.Parallel;
import ernie4j.engine.file.Model;
import ernie4j.engine.head.LabelSpans;
import ernie4j.engine.kernels.Kernels;
import ernie4j.pipeline.Attempt;
import ernie4j.pipeline.JointSlu;
import ernie4j.training.data.JointExample;
import ernie4j.training.data.LabelledSpan;
import ernie4j.training.data.Labels;
import ernie4j.training.data.TokenTags;
import ernie4j.training.evaluation.Evaluated.Measures;
import ernie4j.training.evaluation.Evaluated.Outcome;
import ernie4j.training.evaluation.Evaluated.Part;
import ernie4j.training.metrics.ConfusionMatrix;
import ernie4j.training.metrics.Reliability;
import ernie4j.training.metrics.SpanScores;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Evaluates intents and slots of utterances.
 *
 * <p>An utterance is right if its intent and the slot labels of all its tokens are right; the slots
 * of intents that never have any do not count. Tokens beyond the longest sequence do not count
 * either, so a cut utterance can be right. This is the reference's accuracy ({@code
 * compute_metrics}).
 */
public final class JointEvaluation {
  /** The name of the metric for utterances that are right, in percent. */
  public static final String ACCURACY = "accuracy";

  private static final String SLOT_F1 = "slot_f1";

  private JointEvaluation() {}

  /**
   * Returns the pipeline to evaluate, which cuts utterances that are too long.
   *
   * @param model a model for intents and slots
   * @param kernels the arithmetic to compute with
   * @param parallel the threads to compute on; stays open
   * @return a new pipeline
   */
  public static JointSlu pipeline(Model model, Kernels kernels, Parallel parallel) {
    return JointSlu.of(model, kernels).withExecution(Attempts.execution(parallel));
  }

  /**
   * Returns reasons why metrics on these examples say little.
   *
   * @param examples the utterances to evaluate on
   * @return one sentence for each reason; empty if there is none
   */
  public static List<String> cautions(List<JointExample> examples) {
    List<String> cautions = new ArrayList<>();
    cautions.addAll(
        Cautions.ifSame(
            examples,
            JointExample::intent,
            "all %,d utterances to evaluate on have the intent '%s'; a model that always predicts it gets every intent right"));
    cautions.addAll(
        Cautions.ifAll(
            examples,
            example -> example.slots().isEmpty(),
            "none of the %,d utterances to evaluate on has a slot; slot_f1 is 0"));
    return cautions;
  }

  /**
   * Returns the same reasons as {@link #cautions(List)}, and one more if the two parts have
   * dialogues in common.
   *
   * @param train the utterances to learn from
   * @param dev the utterances to evaluate on
   * @return one sentence for each reason; empty if there is none
   */
  public static List<String> cautions(List<JointExample> train, List<JointExample> dev) {
    List<String> cautions = new ArrayList<>(cautions(dev));
    HeldOutDialogues.of(train, dev)
        .filter(dialogues -> dialogues.known() > 0)
        .ifPresent(
            dialogues ->
                cautions.add(
                    dialogues.sentence()
                        + ": other dialogues are harder; 'split-dialogues' makes parts that have none in common"));
    return cautions;
  }

  /**
   * Returns the answers of a pipeline to examples. It does not look at their labels.
   *
   * @param slu the pipeline to run
   * @param examples the utterances
   * @return one answer or error for each example, in their order
   */
  public static List<Attempt<JointSlu.Result>> answers(JointSlu slu, List<JointExample> examples) {
    return slu.tryParse(examples.stream().map(JointExample::text).toList());
  }

  /**
   * Compares how sure a pipeline is of intents with how often they are right. Slots do not count.
   *
   * @param slu the pipeline to run
   * @param examples the utterances with their intents
   * @return the confidence of every answer; examples without an answer are left out
   */
  public static Reliability intentReliability(JointSlu slu, List<JointExample> examples) {
    Reliability reliability = new Reliability();
    List<Attempt<JointSlu.Result>> answers = answers(slu, examples);
    for (int i = 0; i < answers.size(); i++) {
      Attempt<JointSlu.Result> answer = answers.get(i);
      if (answer.isSuccess()) {
        String intent = answer.result().intent();
        reliability.add(answer.result().probability(), intent.equals(examples.get(i).intent()));
      }
    }
    return reliability;
  }

  /**
   * Returns the intents that have no slot in any example.
   *
   * @param examples the utterances with their intents and slots
   * @return a new set in alphabetical order
   */
  public static Set<String> intentsWithoutSlots(List<JointExample> examples) {
    Set<String> without = new TreeSet<>();
    examples.forEach(example -> without.add(example.intent()));
    examples.stream()
        .filter(example -> !example.slots().isEmpty())
        .forEach(example -> without.remove(example.intent()));
    return without;
  }

  /**
   * Evaluates a pipeline. The slots of intents that have none in these examples are not compared.
   *
   * @param slu the pipeline to evaluate
   * @param examples the utterances to evaluate on; every intent that has slots needs an example
   *     with one
   * @return the metrics in percent, the confusion of intents, the outcome of each example, the
   *     measures of each slot and the metrics of each intent
   * @throws IllegalArgumentException if an example has a label that the model does not know
   */
  public static Evaluated of(JointSlu slu, List<JointExample> examples) {
    return of(slu, examples, intentsWithoutSlots(examples));
  }

  /**
   * Evaluates a pipeline.
   *
   * @param slu the pipeline to evaluate
   * @param examples the utterances to evaluate on
   * @param intentsWithoutSlots intents whose slots are not compared
   * @return the metrics in percent, the confusion of intents, the outcome of each example, the
   *     measures of each slot and the metrics of each intent
   * @throws IllegalArgumentException if an example has a label that the model does not know
   */
  public static Evaluated of(
      JointSlu slu, List<JointExample> examples, Set<String> intentsWithoutSlots) {
    Labels slots = new Labels(slu.slotLabels());
    List<List<String>> expected = new ArrayList<>();
    for (JointExample example : examples) {
      List<String> labels = TokenTags.of(slu.tokenizer().encode(example.text()), example.slots());
      labels.forEach(slots::index);
      expected.add(labels);
    }
    Labels intents = new Labels(slu.intents());
    Counts all = new Counts(intents, intentsWithoutSlots);
    Map<String, Counts> byIntent = new TreeMap<>();
    List<Attempt<JointSlu.Result>> answers = answers(slu, examples);
    for (int i = 0; i < answers.size(); i++) {
      JointExample example = examples.get(i);
      all.add(example, expected.get(i), answers.get(i));
      byIntent
          .computeIfAbsent(example.intent(), intent -> new Counts(intents, intentsWithoutSlots))
          .add(example, expected.get(i), answers.get(i));
    }
    Map<String, Part> parts = new LinkedHashMap<>();
    byIntent.forEach(
        (intent, own) ->
            parts.put("intent " + intent, new Part(own.outcomes.size(), own.metricsOfIntent())));
    return new Evaluated(
        all.metrics(), Optional.of(all.confusion), all.outcomes, all.ofSlots(), parts);
  }

  private static final class Counts {
    private final Labels intents;
    private final Set<String> intentsWithoutSlots;
    private final ConfusionMatrix confusion;
    private final SpanScores slots = new SpanScores();
    private final Map<String, SpanScores> slotsByType = new TreeMap<>();
    private final List<Outcome> outcomes = new ArrayList<>();
    private int right;

    Counts(Labels intents, Set<String> intentsWithoutSlots) {
      this.intents = intents;
      this.intentsWithoutSlots = intentsWithoutSlots;
      confusion = new ConfusionMatrix(intents.names());
    }

    void add(JointExample example, List<String> ofText, Attempt<JointSlu.Result> answer) {
      int intent = intents.index(example.intent());
      String shown = shown(example);
      if (!answer.isSuccess()) {
        addSlots(LabelSpans.of(ofText), List.of());
        confusion.addUnanswered(intent);
        outcomes.add(new Outcome(example.text(), shown, answer.error().orElse(""), 0, 0, false));
        return;
      }
      JointSlu.Result result = answer.result();
      List<String> expected = ofText.subList(0, result.labels().size());
      addSlots(LabelSpans.of(expected), LabelSpans.of(result.labels()));
      confusion.add(intent, intents.index(result.intent()));
      boolean sameSlots =
          intentsWithoutSlots.contains(example.intent()) || expected.equals(result.labels());
      boolean isRight = sameSlots && result.intent().equals(example.intent());
      right += isRight ? 1 : 0;
      double probability = result.intents().get(intent).probability();
      outcomes.add(
          new Outcome(
              example.text(),
              shown,
              isRight ? shown : shown(result),
              sameSlots ? probability : probability / 2,
              result.confidence(),
              isRight));
    }

    private void addSlots(List<LabelSpans.Span> expected, List<LabelSpans.Span> predicted) {
      slots.add(expected, predicted);
      Stream.concat(expected.stream(), predicted.stream())
          .map(LabelSpans.Span::type)
          .distinct()
          .forEach(
              type ->
                  slotsByType
                      .computeIfAbsent(type, t -> new SpanScores())
                      .add(ofType(type, expected), ofType(type, predicted)));
    }

    private static List<LabelSpans.Span> ofType(String type, List<LabelSpans.Span> spans) {
      return spans.stream().filter(span -> span.type().equals(type)).toList();
    }

    private static String shown(JointExample example) {
      return shown(example.intent(), TaggingEvaluation.shown(example.text(), example.slots()));
    }

    private static String shown(JointSlu.Result result) {
      List<LabelledSpan> found = TaggingEvaluation.labelled(result.slots());
      return shown(result.intent(), TaggingEvaluation.shown(result.text(), found));
    }

    private static String shown(String intent, String slots) {
      return slots.isEmpty() ? intent : intent + ": " + slots;
    }

    Map<String, Double> metrics() {
      Map<String, Double> metrics = new LinkedHashMap<>();
      metrics.put(ACCURACY, 100.0 * right / Math.max(1, outcomes.size()));
      metrics.put("intent_accuracy", confusion.accuracy());
      metrics.put(SLOT_F1, slots.f1());
      return metrics;
    }

    /** Without the F1 of slots if none is expected: it would be 0 and look like a failure. */
    Map<String, Double> metricsOfIntent() {
      Map<String, Double> metrics = metrics();
      if (slots.expected() == 0) {
        metrics.remove(SLOT_F1);
      }
      return metrics;
    }

    Map<String, Measures> ofSlots() {
      Map<String, Measures> measures = new LinkedHashMap<>();
      slotsByType.forEach((type, s) -> measures.put("slot " + type, Measures.of(s)));
      return measures;
    }
  }
}
