package ernie4j.training.task;

import ernie4j.engine.ParameterStore;
import ernie4j.engine.file.Model;
import ernie4j.engine.head.Task;
import ernie4j.training.ExampleOrder;
import ernie4j.training.InputHash;
import ernie4j.training.Trainer;
import ernie4j.training.TrainingTask;
import ernie4j.training.autograd.Tape;
import ernie4j.training.autograd.Variable;
import ernie4j.training.model.ModelParts;
import ernie4j.training.model.TrainableEncoder;
import ernie4j.training.model.TrainableHead;
import ernie4j.training.model.TrainableModel;
import ernie4j.training.model.TrainableParameters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Fine-tunes one encoder for several objectives at once, each with a head of its own, for example
 * to prepare a teacher before it is distilled. Every batch belongs to one objective. An epoch
 * contains the batches of all objectives in random order; with sampling exponent 1, it contains
 * each of them exactly once. A smaller exponent keeps the number of batches but gives small
 * objectives more of them: they start over before the others are through.
 *
 * <p>To the trainer, an example is a batch: give it {@code batchSize(1)} and, for n batches per
 * optimizer step, {@code accumulation(n)}. The training keeps {@code model.ernie}, the encoder from
 * when the mean of the objectives' own metrics was highest, and {@code <name>.ernie} for every
 * objective, from when its own metric was highest.
 */
public final class MultiTask implements TrainingTask {
  private static final String AVERAGE = "average";

  private final TaskSetup setup;
  private final String startHash;
  private final int batchSize;
  private final double samplingExponent;
  private final TrainableParameters parameters;
  private final TrainableEncoder encoder;
  private final List<Member> members = new ArrayList<>();
  private final int batches;
  private long epoch;
  private Map<String, Double> lastMetrics = Map.of();

  /**
   * An objective with its head over the shared encoder.
   *
   * @param first the index of its first batch in an epoch of all objectives
   * @param share the number of its batches in an epoch of all objectives
   */
  private record Member(
      String name,
      Objective objective,
      Model start,
      TrainableModel model,
      ObjectiveLoss loss,
      ExampleOrder order,
      int first,
      int share) {
    String metric() {
      return name + "_" + objective.bestMetric();
    }

    Model now() {
      return start.withParameters(start.config(), model.parameters().toStore());
    }
  }

  /**
   * A training of all objectives together.
   *
   * @param setup the model to start from, its tokenizer and the threads
   * @param objectives the objectives by name, which becomes part of file names and metrics
   * @param batchSize examples per batch, at least 1
   * @param samplingExponent from 0 to 1; the share of an objective with n batches of examples is
   *     proportional to n to this power, at least one batch an epoch. With 1 it is proportional to
   *     its examples, with 0 it is the same for all
   * @throws IllegalArgumentException if there is no objective, one has nothing to evaluate on, a
   *     name is not a file name, the exponent is not from 0 to 1, or examples have no labels: there
   *     is no teacher here
   */
  public MultiTask(
      TaskSetup setup, Map<String, Objective> objectives, int batchSize, double samplingExponent) {
    if (objectives.isEmpty() || batchSize < 1) {
      throw new IllegalArgumentException(
          "MultiTask: expected at least one objective and a batch size of at least 1, got %d and %d"
              .formatted(objectives.size(), batchSize));
    }
    if (!(samplingExponent >= 0 && samplingExponent <= 1)) {
      throw new IllegalArgumentException(
          "MultiTask: expected a sampling exponent from 0 to 1, got " + samplingExponent);
    }
    this.setup = setup;
    startHash = InputHash.of(setup.model());
    this.batchSize = batchSize;
    this.samplingExponent = samplingExponent;
    parameters = TrainableParameters.of(ModelParts.encoder(withoutPooler(setup.model())));
    encoder =
        new TrainableEncoder(
            setup.model().config(), parameters, setup.kernels(), setup.dropout(), setup.dropout());
    Map<String, Variable> shared = Map.copyOf(parameters.asMap());
    int[] own = objectives.values().stream().mapToInt(this::ownBatches).toArray();
    int[] shares = shares(own, samplingExponent);
    int sum = 0;
    for (Map.Entry<String, Objective> entry : objectives.entrySet()) {
      int i = members.size();
      members.add(member(entry.getKey(), entry.getValue(), shared, sum, shares[i]));
      sum += shares[i];
    }
    batches = sum;
  }

  /** How many batches the examples of an objective make. */
  private int ownBatches(Objective objective) {
    return (objective.examples() + batchSize - 1) / batchSize;
  }

  /** How many of all batches each objective gets. */
  static int[] shares(int[] batches, double exponent) {
    double weights = Arrays.stream(batches).mapToDouble(n -> Math.pow(n, exponent)).sum();
    int all = Arrays.stream(batches).sum();
    return Arrays.stream(batches)
        .map(n -> (int) Math.max(1, Math.round(all * Math.pow(n, exponent) / weights)))
        .toArray();
  }

  /** A pooler belongs to a head: every objective has its own. */
  private static Model withoutPooler(Model model) {
    ParameterStore store = ModelParts.encoder(model);
    ModelParts.removePooler(store);
    return model.withParameters(model.config(), store);
  }

  private Member member(
      String name, Objective objective, Map<String, Variable> shared, int first, int share) {
    if (!name.matches("[\\p{L}\\p{N}_-]+") || (name + ".ernie").equals(Trainer.MODEL)) {
      throw new IllegalArgumentException(
          "MultiTask: expected a name of letters, digits, - and _ other than 'model', got '%s'"
              .formatted(name));
    }
    objective.requireHeldOut();
    Model start = FineTuning.start(setup, objective);
    TrainableParameters own = TrainableParameters.of(start.parameters()).with(shared);
    for (String parameter : own.asMap().keySet()) {
      if (!shared.containsKey(parameter)) {
        // Not prefixed with the name of the objective: one called "norm" would not decay.
        parameters.share("head" + members.size() + "." + parameter, own, parameter);
      }
    }
    TrainableHead head =
        new TrainableHead(objective.task(), start.config(), own, setup.kernels(), setup.dropout());
    return new Member(
        name,
        objective,
        start,
        new TrainableModel(own, encoder, head),
        new ObjectiveLoss(setup, objective, Optional.empty(), start),
        new ExampleOrder(objective.examples(), setup.seed() + members.size()),
        first,
        share);
  }

  @Override
  public int examples() {
    return batches;
  }

  private Member memberOf(int batch) {
    int i = members.size() - 1;
    while (members.get(i).first > batch) {
      i--;
    }
    return members.get(i);
  }

  /**
   * The examples of a batch in this epoch. A member goes through all its examples, then shuffles
   * them again.
   */
  private int[] batch(Member member, int batch) {
    long position = epoch * member.share + batch - member.first;
    int own = ownBatches(member.objective);
    int from = (int) (position % own) * batchSize;
    int to = Math.min(member.objective.examples(), from + batchSize);
    return Arrays.copyOfRange(member.order.epoch(position / own), from, to);
  }

  @Override
  public int tokens(int batch) {
    Member member = memberOf(batch);
    return Arrays.stream(batch(member, batch)).map(member.objective::tokens).sum();
  }

  @Override
  public void beginStep(long number) {
    epoch = number;
    members.forEach(m -> m.objective.beginStep(number));
  }

  @Override
  public Variable loss(Tape tape, int[] chosen) {
    Variable sum = loss(tape, chosen[0]);
    for (int i = 1; i < chosen.length; i++) {
      sum = tape.add(sum, loss(tape, chosen[i]));
    }
    return chosen.length == 1 ? sum : tape.scale(sum, 1f / chosen.length);
  }

  private Variable loss(Tape tape, int batch) {
    Member member = memberOf(batch);
    return member.loss.of(tape, member.model, batch(member, batch));
  }

  @Override
  public TrainableParameters parameters() {
    return parameters;
  }

  @Override
  public void parametersChanged() {
    encoder.invalidate();
    members.forEach(m -> m.model.head().invalidate());
  }

  @Override
  public List<String> cautions() {
    List<String> all = new ArrayList<>();
    members.forEach(m -> m.objective.cautions().forEach(c -> all.add(m.name + ": " + c)));
    return all;
  }

  @Override
  public Map<String, Double> evaluate() {
    Map<String, Double> metrics = new LinkedHashMap<>();
    double sum = 0;
    metrics.put(AVERAGE, 0.0);
    for (Member member : members) {
      Map<String, Double> own = member.objective.evaluate(member.now()).metrics();
      own.forEach((name, value) -> metrics.put(member.name + "_" + name, value));
      sum += Objects.requireNonNull(own.get(member.objective.bestMetric()));
    }
    metrics.put(AVERAGE, sum / members.size());
    lastMetrics = metrics;
    return metrics;
  }

  /** The mean of the best metrics of all objectives. */
  @Override
  public String bestMetric() {
    return AVERAGE;
  }

  @Override
  public List<KeptModel> models() {
    List<KeptModel> kept = new ArrayList<>();
    kept.add(new KeptModel(Trainer.MODEL, AVERAGE, this::encoderNow));
    for (Member m : members) {
      kept.add(new KeptModel(m.name + ".ernie", m.metric(), () -> described(m.now())));
    }
    return kept;
  }

  private Model encoderNow() {
    Model start = withoutPooler(setup.model()).withTask(Task.ENCODER, Map.of());
    Map<String, Variable> all = new HashMap<>(parameters.asMap());
    all.keySet().removeIf(name -> !ModelParts.isEncoder(name));
    TrainableParameters now = TrainableParameters.of(start.parameters()).with(all);
    return described(start.withParameters(start.config(), now.toStore()));
  }

  private Model described(Model model) {
    return ModelParts.describe(model, setup.provenance(), lastMetrics);
  }

  @Override
  public Map<String, String> inputs() {
    Map<String, String> inputs = new LinkedHashMap<>();
    inputs.put("start model", startHash);
    members.forEach(m -> inputs.put("examples of '" + m.name + "'", m.objective.dataHash()));
    return inputs;
  }

  @Override
  public String settings() {
    StringBuilder text =
        new StringBuilder(
            "batches of %d of one task, sampling exponent %s, longest input %d, dropout %s, heads of seed %d"
                .formatted(
                    batchSize, samplingExponent, setup.maxLength(), setup.dropout(), setup.seed()));
    for (Member m : members) {
      text.append("; %s: %s, %s".formatted(m.name, m.objective.task(), m.objective.settings()));
    }
    return text.toString();
  }
}
