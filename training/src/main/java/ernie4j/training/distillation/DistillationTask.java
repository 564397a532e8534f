package ernie4j.training.distillation;

import ernie4j.engine.Parallel;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.file.Model;
import ernie4j.engine.kernels.Kernels;
import ernie4j.tokenizer.Tokenizer;
import ernie4j.tokenizer.Truncation;
import ernie4j.training.ExampleOrder;
import ernie4j.training.Trainer;
import ernie4j.training.TrainingTask;
import ernie4j.training.autograd.Tape;
import ernie4j.training.autograd.Variable;
import ernie4j.training.model.TrainableParameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Distils a teacher into a student of any smaller shape, on plain text: the relations between the
 * tokens in the last layer (MiniLMv2) and the last hidden states. The result is a start for
 * fine-tuning.
 */
public final class DistillationTask implements TrainingTask {
  private static final int EVALUATION_BATCH = 32;

  private final Teacher teacher;
  private final Student student;
  private final Tokenizer tokenizer;
  private final TextCorpus texts;
  private final DistillationOptions options;
  private final int maxLength;
  private final int[] order;
  private final Tape evaluationTape;
  private final Map<String, String> provenance;
  private Map<String, Double> lastMetrics = Map.of();

  /**
   * A distillation of {@code teacher} into {@code start}.
   *
   * @param start see {@link StudentStart}; has the teacher's vocabulary
   * @param tokenizer of both
   * @param texts must stay open
   * @param seed chooses the texts that are held out, and the start of the projection
   * @param provenance lines to add to the provenance of the student
   * @throws IllegalArgumentException if there are not more texts than are held out, or the relation
   *     heads do not divide the widths
   */
  public DistillationTask(
      Model teacher,
      Model start,
      Tokenizer tokenizer,
      TextCorpus texts,
      DistillationOptions options,
      long seed,
      Kernels kernels,
      Parallel parallel,
      Map<String, String> provenance) {
    if (texts.size() <= options.heldOut()) {
      throw new IllegalArgumentException(
          "distillation: expected more texts than the %d held out to evaluate on, got %d"
              .formatted(options.heldOut(), texts.size()));
    }
    this.teacher = new Teacher(teacher, kernels, parallel);
    this.tokenizer = tokenizer;
    this.texts = texts;
    this.options = options;
    this.maxLength = Math.min(options.maxLength(), start.config().maxPositions());
    this.order = ExampleOrder.shuffled(texts.size(), seed);
    int[] first = Arrays.copyOf(order, Math.min(EVALUATION_BATCH, options.heldOut()));
    float variance = this.teacher.read(batch(first)).hiddenVariance();
    this.student = new Student(start, this.teacher, variance, options, seed, kernels);
    this.evaluationTape = new Tape(kernels, parallel);
    this.evaluationTape.setTraining(false);
    this.provenance = Map.copyOf(provenance);
  }

  @Override
  public String settings() {
    return "%s, %d texts".formatted(options, texts.size());
  }

  @Override
  public int examples() {
    return order.length - options.heldOut();
  }

  @Override
  public Variable loss(Tape tape, int[] examples) {
    // The first texts of the shuffled order are held out.
    int[] indices = Arrays.stream(examples).map(e -> order[options.heldOut() + e]).toArray();
    return loss(tape, batch(indices)).total();
  }

  private Student.Loss loss(Tape tape, RaggedBatch batch) {
    return student.loss(tape, batch, teacher.read(batch));
  }

  private RaggedBatch batch(int[] indices) {
    List<int[]> ids = new ArrayList<>();
    for (int index : indices) {
      ids.add(tokenizer.encode(texts.text(index), Truncation.LONGEST_FIRST, maxLength).ids());
    }
    return RaggedBatch.of(ids);
  }

  @Override
  public TrainableParameters parameters() {
    return student.parameters();
  }

  @Override
  public void parametersChanged() {
    student.invalidate();
  }

  @Override
  public Map<String, Double> evaluate() {
    double relation = 0;
    double hidden = 0;
    long tokens = 0;
    for (int from = 0; from < options.heldOut(); from += EVALUATION_BATCH) {
      int to = Math.min(options.heldOut(), from + EVALUATION_BATCH);
      RaggedBatch batch = batch(Arrays.copyOfRange(order, from, to));
      evaluationTape.reset(0);
      Student.Loss loss = loss(evaluationTape, batch);
      relation += (double) loss.relation().scalar() * batch.tokens();
      hidden += (double) loss.hidden().scalar() * batch.tokens();
      tokens += batch.tokens();
    }
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put(bestMetric(), -(relation + options.hiddenWeight() * hidden) / tokens);
    metrics.put("relation_loss", relation / tokens);
    metrics.put("hidden_error", hidden / tokens);
    lastMetrics = metrics;
    return metrics;
  }

  /** Minus the held-out loss. */
  @Override
  public String bestMetric() {
    return "score";
  }

  @Override
  public List<KeptModel> models() {
    return List.of(new KeptModel(Trainer.MODEL, bestMetric(), this::toModel));
  }

  private Model toModel() {
    Model model = student.toModel();
    for (Map.Entry<String, String> line : provenance.entrySet()) {
      model = model.withProvenance(line.getKey(), line.getValue());
    }
    for (Map.Entry<String, Double> metric : lastMetrics.entrySet()) {
      model =
          model.withProvenance(
              "held_out_" + metric.getKey(), String.format(Locale.ROOT, "%.4f", metric.getValue()));
    }
    return model;
  }
}
