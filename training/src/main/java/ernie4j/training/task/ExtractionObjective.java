package ernie4j.training.task;

import ernie4j.engine.file.Model;
import ernie4j.engine.head.Task;
import ernie4j.pipeline.InformationExtractor;
import ernie4j.tokenizer.Encoding;
import ernie4j.training.autograd.Tape;
import ernie4j.training.autograd.Variable;
import ernie4j.training.data.ExtractionExample;
import ernie4j.training.data.ExtractionLabels;
import ernie4j.training.data.ExtractionPieces;
import ernie4j.training.data.Split;
import ernie4j.training.evaluation.Evaluated;
import ernie4j.training.evaluation.ExtractionEvaluation;
import ernie4j.training.model.ModelOutputs;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Spans of a text that answer a prompt (UIE): half the sum of the mean binary cross entropies of
 * whether a span begins, and whether one ends, at a token. An input is {@code [CLS] prompt [SEP]
 * text [SEP]}; a long text is split into pieces ({@link ExtractionPieces}). There is no dropout
 * before the head, and all parameters decay, biases and norms too, as in the reference.
 *
 * <p>The mean is over the tokens of a batch. The reference averages over the padding up to 512
 * tokens, too. Its loss is smaller by a constant factor, the share of tokens in all positions,
 * which AdamW cancels. It also trains padding positions not to begin or end a span, which no
 * prediction ever uses. On a padded batch the two losses are equal.
 */
public final class ExtractionObjective extends InputObjective<ExtractionExample> {
  private final TaskSetup setup;
  private final Map<String, String> options;
  private final List<ExtractionEdges> edges = new ArrayList<>();
  private final Map<String, Long> counts = new TreeMap<>();
  private final int labelled;

  /**
   * An objective that keeps the options of the setup's model, such as the language of its prompts,
   * if that model is an extractor.
   *
   * @param setup the model to start from, its tokenizer and the threads
   * @param data prompts with answers to learn from and to evaluate on, and unlabelled ones for a
   *     teacher
   * @throws IllegalArgumentException if a prompt leaves no room for a text, or no example has an
   *     answer
   */
  public ExtractionObjective(TaskSetup setup, Split<ExtractionExample> data) {
    this(setup, data, kept(setup.model()));
  }

  /**
   * An objective over examples.
   *
   * @param setup the model to start from, its tokenizer and the threads
   * @param data prompts with answers to learn from and to evaluate on, and unlabelled ones for a
   *     teacher
   * @param options the options of the trained model, see {@link ernie4j.engine.head.HeadOptions}
   * @throws IllegalArgumentException if a prompt leaves no room for a text, or no example has an
   *     answer
   */
  public ExtractionObjective(
      TaskSetup setup, Split<ExtractionExample> data, Map<String, String> options) {
    super(data);
    this.setup = setup;
    this.options = Map.copyOf(options);
    Map<String, String> kinds = ExtractionLabels.of(data.train());
    for (ExtractionExample example : data.train()) {
      if (!example.answers().isEmpty()) {
        counts.merge(
            kinds.getOrDefault(example.prompt(), example.prompt()),
            (long) example.answers().size(),
            Long::sum);
      }
      ExtractionPieces.of(example, setup.maxLength()).forEach(this::add);
    }
    labelled = inputs.size();
    if (edges.stream().allMatch(e -> e.starts().length == 0)) {
      throw new IllegalArgumentException(
          "%s: expected prompts with answers to learn from, got %,d without any"
              .formatted(Task.INFORMATION_EXTRACTION, data.train().size()));
    }
    for (ExtractionExample example : data.unlabelled()) {
      ExtractionExample open =
          new ExtractionExample(example.content(), example.prompt(), List.of());
      ExtractionPieces.of(open, setup.maxLength()).forEach(this::add);
    }
    data.dev().forEach(e -> ExtractionPieces.room(e.prompt(), setup.maxLength()));
  }

  /**
   * The options that continued training of an extractor keeps: its threshold and the language of
   * its prompts.
   */
  private static Map<String, String> kept(Model model) {
    return model.task().equals(Task.INFORMATION_EXTRACTION.id()) ? model.options() : Map.of();
  }

  private void add(ExtractionExample piece) {
    Encoding encoding =
        InformationExtractor.encode(
            setup.tokenizer(), piece.prompt(), piece.content(), setup.maxLength());
    inputs.add(Input.of(encoding));
    edges.add(ExtractionEdges.of(piece, ExtractionEdges.Places.of(encoding)));
  }

  @Override
  public Task task() {
    return Task.INFORMATION_EXTRACTION;
  }

  @Override
  public Map<String, List<String>> labels() {
    return Map.of();
  }

  @Override
  public Map<String, String> options() {
    return options;
  }

  @Override
  public int unlabelled() {
    return inputs.size() - labelled;
  }

  @Override
  public double lossWeight(int[] examples) {
    return Arrays.stream(examples).mapToDouble(this::tokens).sum();
  }

  @Override
  public boolean decays(String parameter) {
    return true;
  }

  @Override
  public Variable loss(Tape tape, ModelOutputs outputs, int[] examples) {
    return loss(tape, outputs, wanted(examples, true), wanted(examples, false));
  }

  /** The loss against labels of every token of a batch: 0, 1, or NaN where the label is unknown. */
  static Variable loss(Tape tape, ModelOutputs outputs, float[] starts, float[] ends) {
    return tape.scale(
        tape.add(
            tape.binaryCrossEntropy(outputs.logits().get(0), starts),
            tape.binaryCrossEntropy(outputs.logits().get(1), ends)),
        0.5f);
  }

  private float[] wanted(int[] examples, boolean starts) {
    float[] wanted = new float[Arrays.stream(examples).map(this::tokens).sum()];
    int from = 0;
    for (int example : examples) {
      if (example >= labelled) {
        Arrays.fill(wanted, from, from + tokens(example), Float.NaN);
      }
      ExtractionEdges own = edges.get(example);
      for (int token : starts ? own.starts() : own.ends()) {
        wanted[from + token] = 1;
      }
      from += tokens(example);
    }
    return wanted;
  }

  @Override
  public Variable softLoss(
      Tape tape, ModelOutputs outputs, List<Variable> teacher, int[] examples, float temperature) {
    List<Variable> own = outputs.logits();
    return tape.scale(
        tape.add(
            tape.softBinaryCrossEntropy(own.get(0), teacher.get(0), temperature),
            tape.softBinaryCrossEntropy(own.get(1), teacher.get(1), temperature)),
        0.5f);
  }

  @Override
  public List<String> cautions() {
    List<String> cautions = new ArrayList<>(ExtractionEvaluation.cautions(data.dev()));
    long all = data.train().stream().mapToLong(e -> e.answers().size()).sum();
    long overlapping = data.train().stream().mapToLong(ExtractionExample::overlaps).sum();
    if (overlapping > 0) {
      cautions.add(
          "%,d of %,d answers in the training data overlap other answers to the same prompt; an extractor returns spans without overlaps, so it cannot learn all of them"
              .formatted(overlapping, all));
    }
    long missing = missing();
    if (missing > 0) {
      cautions.add(
          "%,d of %,d answers in the training data are not learned, because they begin or end at a blank or are longer than an input"
              .formatted(missing, all));
    }
    long contradictions = contradictions();
    if (contradictions > 0) {
      cautions.add(
          "%,d prompts in the training data occur twice for the same text, with different answers"
              .formatted(contradictions));
    }
    return cautions;
  }

  /** How many answers in texts became labels of no input. */
  private long missing() {
    long missing = edges.stream().mapToLong(ExtractionEdges::missing).sum();
    for (ExtractionExample example : data.train()) {
      long inText = inText(example);
      if (inText > 0) {
        List<ExtractionExample> pieces = ExtractionPieces.of(example, setup.maxLength());
        missing += inText - pieces.stream().mapToLong(ExtractionObjective::inText).sum();
      }
    }
    return missing;
  }

  private static long inText(ExtractionExample example) {
    return example.answers().stream().filter(a -> !a.inPrompt()).count();
  }

  private long contradictions() {
    Map<String, Set<ExtractionExample.Answer>> seen = new HashMap<>();
    long contradictions = 0;
    for (ExtractionExample example : data.train()) {
      Set<ExtractionExample.Answer> answers = new HashSet<>(example.answers());
      Set<ExtractionExample.Answer> before =
          seen.putIfAbsent(example.prompt() + "\n" + example.content(), answers);
      contradictions += before == null || before.equals(answers) ? 0 : 1;
    }
    return contradictions;
  }

  @Override
  public Evaluated evaluate(Model model) {
    return ExtractionEvaluation.of(
        ExtractionEvaluation.pipeline(model, setup.kernels(), setup.parallel()), data.dev());
  }

  @Override
  public String bestMetric() {
    return ExtractionEvaluation.F1;
  }

  @Override
  public Map<String, Long> labelCounts() {
    return Collections.unmodifiableMap(counts);
  }

  @Override
  public String settings() {
    return Settings.examples("prompts", this);
  }
}
