package ernie4j.training.distillation;

import ernie4j.engine.Parallel;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.file.Model;
import ernie4j.engine.kernels.Kernels;
import ernie4j.tokenizer.Tokenizer;
import ernie4j.tokenizer.Truncation;
import ernie4j.training.ExampleOrder;
import ernie4j.training.InputHash;
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
import java.util.Objects;

/**
 * Distills a teacher into one or several students of any smaller shapes, on plain text: the
 * relations between the tokens in the last layer (MiniLMv2) and the last hidden states. The results
 * are starting points for fine-tuning.
 *
 * <p>All students learn from one pass of the teacher over every batch (online distillation). For
 * each student, its own best model is kept. They share the optimizer's step, so clipping applies to
 * the gradients of all together.
 */
public final class DistillationTask implements TrainingTask {
  private static final int EVALUATION_BATCH = 32;

  private final Teacher teacher;
  private final Map<String, Student> students = new LinkedHashMap<>();
  private final Map<String, String> startHashes = new LinkedHashMap<>();
  private final TrainableParameters parameters;
  private final Tokenizer tokenizer;
  private final TextCorpus texts;
  private final DistillationOptions options;
  private final int maxLength;
  private final int[] order;
  private final Tape evaluationTape;
  private final Map<String, String> provenance;
  private Map<String, Double> lastMetrics = Map.of();

  /**
   * A distillation of {@code teacher} into students.
   *
   * @param teacher the encoder to learn from; not changed
   * @param starts the students by name, see {@link StudentStart}, with the teacher's vocabulary. A
   *     name becomes part of a file name
   * @param tokenizer the tokenizer of teacher and students
   * @param texts the texts to learn from; must stay open
   * @param options what to learn
   * @param seed determines which texts are held out, and the initial values of the projection
   * @param kernels the arithmetic to compute with
   * @param parallel the threads to compute on; stays open
   * @param provenance lines to add to the provenance of the students, by name
   * @throws IllegalArgumentException if there are not more texts than are held out, or the relation
   *     heads do not divide the widths
   */
  public DistillationTask(
      Model teacher,
      Map<String, Model> starts,
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
    startHashes.put("teacher", InputHash.of(teacher));
    starts.forEach((name, start) -> startHashes.put("start of " + name, InputHash.of(start)));
    this.tokenizer = tokenizer;
    this.texts = texts;
    this.options = options;
    this.maxLength = Math.min(options.maxLength(), teacher.config().maxPositions());
    this.order = ExampleOrder.shuffled(texts.size(), seed);
    int[] first = Arrays.copyOf(order, Math.min(EVALUATION_BATCH, options.heldOut()));
    float variance = this.teacher.read(batch(first)).hiddenVariance();
    Map<String, TrainableParameters> all = new LinkedHashMap<>();
    starts.forEach(
        (name, start) -> {
          Student student = new Student(start, this.teacher, variance, options, seed, kernels);
          students.put(name, student);
          all.put(name, student.parameters());
        });
    this.parameters =
        all.size() == 1 ? all.values().iterator().next() : TrainableParameters.joined(all);
    this.evaluationTape = new Tape(kernels, parallel);
    this.evaluationTape.setTraining(false);
    this.provenance = Map.copyOf(provenance);
  }

  @Override
  public Map<String, String> inputs() {
    Map<String, String> inputs = new LinkedHashMap<>(startHashes);
    inputs.put("texts", texts.hash());
    return inputs;
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
    RaggedBatch batch = batch(indices);
    Teacher.Knowledge knowledge = teacher.read(batch);
    return students.values().stream()
        .map(student -> student.loss(tape, batch, knowledge).total())
        .reduce(tape::add)
        .orElseThrow();
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
    return parameters;
  }

  @Override
  public void parametersChanged() {
    students.values().forEach(Student::invalidate);
  }

  @Override
  public Map<String, Double> evaluate() {
    Map<String, HeldOut> sums = new LinkedHashMap<>();
    students.keySet().forEach(name -> sums.put(name, new HeldOut()));
    for (int from = 0; from < options.heldOut(); from += EVALUATION_BATCH) {
      int to = Math.min(options.heldOut(), from + EVALUATION_BATCH);
      RaggedBatch batch = batch(Arrays.copyOfRange(order, from, to));
      Teacher.Knowledge knowledge = teacher.read(batch);
      for (Map.Entry<String, HeldOut> sum : sums.entrySet()) {
        evaluationTape.reset(0);
        Student student = Objects.requireNonNull(students.get(sum.getKey()));
        sum.getValue().add(student.loss(evaluationTape, batch, knowledge), batch.tokens());
      }
    }
    Map<String, Double> metrics = new LinkedHashMap<>();
    if (sums.size() > 1) {
      double score = sums.values().stream().mapToDouble(this::score).average().orElseThrow();
      metrics.put(bestMetric(), score);
    }
    sums.forEach(
        (name, sum) -> {
          metrics.put(metric(name, bestMetric()), score(sum));
          metrics.put(metric(name, "relation_loss"), sum.relation / sum.tokens);
          metrics.put(metric(name, "hidden_error"), sum.hidden / sum.tokens);
        });
    lastMetrics = metrics;
    return metrics;
  }

  private double score(HeldOut sum) {
    return -(sum.relation + options.hiddenWeight() * sum.hidden) / sum.tokens;
  }

  /** The losses of one student on the held-out texts. */
  private static final class HeldOut {
    private double relation;
    private double hidden;
    private long tokens;

    void add(Student.Loss loss, int count) {
      relation += (double) loss.relation().scalar() * count;
      hidden += (double) loss.hidden().scalar() * count;
      tokens += count;
    }
  }

  /** The metrics of a single student do not carry its name. */
  private String metric(String student, String name) {
    return students.size() == 1 ? name : student + "_" + name;
  }

  /** The negative held-out loss; with several students, its mean. */
  @Override
  public String bestMetric() {
    return "score";
  }

  /** {@code model.ernie} or, with several students, {@code NAME.ernie} for each. */
  @Override
  public List<KeptModel> models() {
    return students.keySet().stream()
        .map(
            name ->
                new KeptModel(
                    students.size() == 1 ? Trainer.MODEL : name + ".ernie",
                    metric(name, bestMetric()),
                    () -> toModel(name)))
        .toList();
  }

  private Model toModel(String name) {
    Model model = Objects.requireNonNull(students.get(name)).toModel();
    for (Map.Entry<String, String> line : provenance.entrySet()) {
      model = model.withProvenance(line.getKey(), line.getValue());
    }
    for (String metric : List.of(bestMetric(), "relation_loss", "hidden_error")) {
      Double value = lastMetrics.get(metric(name, metric));
      if (value != null) {
        model =
            model.withProvenance("held_out_" + metric, String.format(Locale.ROOT, "%.4f", value));
      }
    }
    return model;
  }
}
