package ernie4j.training.task;

import ernie4j.engine.file.Model;
import ernie4j.engine.head.HeadOptions;
import ernie4j.engine.head.Task;
import ernie4j.engine.head.WrongTaskException;
import ernie4j.training.autograd.Tape;
import ernie4j.training.autograd.Variable;
import ernie4j.training.data.ScoredExample;
import ernie4j.training.data.Split;
import ernie4j.training.evaluation.Evaluated;
import ernie4j.training.evaluation.ScoringEvaluation;
import ernie4j.training.model.ModelOutputs;
import java.util.List;
import java.util.Map;

/** One number for a text or a pair, computed from the pooled output. */
public final class ScoringObjective extends InputObjective<ScoredExample> {
  /** How the difference between a score and the expected one is measured. */
  public enum Loss {
    /**
     * Binary cross entropy of {@code sigmoid(x)}, for scores from 0 to 1, such as the probability
     * that a document answers a query.
     */
    CROSS_ENTROPY,
    /** Mean squared error of x, for any numbers. */
    SQUARED_ERROR
  }

  private final TaskSetup setup;
  private final Loss loss;

  /**
   * An objective over texts or pairs with scores.
   *
   * @param setup the model to start from, its tokenizer and the threads
   * @param data scored examples to learn from and to evaluate on, and unlabelled ones for a teacher
   * @param loss what to minimize; it also determines the activation of the model's output
   * @throws IllegalArgumentException if an expected score is not a number, or for {@link
   *     Loss#CROSS_ENTROPY} not from 0 to 1
   */
  public ScoringObjective(TaskSetup setup, Split<ScoredExample> data, Loss loss) {
    super(data);
    this.setup = setup;
    this.loss = loss;
    data.train().forEach(this::requireScore);
    data.dev().forEach(this::requireScore);
    data.train().forEach(e -> add(setup, e.text(), e.pair()));
    data.unlabelled().forEach(e -> add(setup, e.text(), e.pair()));
  }

  private void requireScore(ScoredExample example) {
    double score = example.score();
    boolean probability = score >= 0 && score <= 1;
    if (loss == Loss.CROSS_ENTROPY ? !probability : !Double.isFinite(score)) {
      throw new IllegalArgumentException(
          "expected a score %s for every text, got %s for '%s'%s"
              .formatted(
                  loss == Loss.CROSS_ENTROPY ? "from 0 to 1" : "that is a number",
                  score,
                  example.toDisplay(),
                  loss == Loss.CROSS_ENTROPY
                      ? "; for other scores use the loss SQUARED_ERROR"
                      : ""));
    }
  }

  @Override
  public Task task() {
    return Task.SCORING;
  }

  @Override
  public Map<String, List<String>> labels() {
    return Map.of();
  }

  @Override
  public Map<String, String> options() {
    return loss == Loss.CROSS_ENTROPY
        ? Map.of(HeadOptions.ACTIVATION, HeadOptions.SIGMOID)
        : Map.of();
  }

  @Override
  public void requireFit(Model model) {
    super.requireFit(model);
    String expected = activation(options());
    if (!activation(model.options()).equals(expected)) {
      throw new WrongTaskException(
          "%s: expected a model whose scores go through %s, got %s; use the loss that it was fine-tuned with"
              .formatted(loss, expected, activation(model.options())));
    }
  }

  private static String activation(Map<String, String> options) {
    return options.getOrDefault(HeadOptions.ACTIVATION, HeadOptions.IDENTITY);
  }

  @Override
  public Variable loss(Tape tape, ModelOutputs outputs, int[] examples) {
    float[] wanted = new float[examples.length];
    for (int i = 0; i < wanted.length; i++) {
      boolean labelled = examples[i] < data.train().size();
      wanted[i] = labelled ? (float) data.train().get(examples[i]).score() : Float.NaN;
    }
    Variable scores = outputs.logits().get(0);
    return loss == Loss.CROSS_ENTROPY
        ? tape.binaryCrossEntropy(scores, wanted)
        : tape.meanSquaredError(scores, wanted);
  }

  /** With the squared error, the temperature has no effect. */
  @Override
  public Variable softLoss(
      Tape tape, ModelOutputs outputs, List<Variable> teacher, int[] examples, float temperature) {
    Variable scores = outputs.logits().get(0);
    return loss == Loss.CROSS_ENTROPY
        ? tape.softBinaryCrossEntropy(scores, teacher.get(0), temperature)
        : tape.meanSquaredError(scores, teacher.get(0));
  }

  @Override
  public List<String> cautions() {
    return ScoringEvaluation.cautions(data.dev());
  }

  @Override
  public Evaluated evaluate(Model model) {
    return ScoringEvaluation.of(
        ScoringEvaluation.pipeline(model, setup.kernels(), setup.parallel()), data.dev());
  }

  @Override
  public String bestMetric() {
    return ScoringEvaluation.SPEARMAN;
  }

  @Override
  public String settings() {
    return "%s, %s".formatted(loss, Settings.examples("examples", this));
  }
}
