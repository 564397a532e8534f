package ernie4j.training;

import ernie4j.engine.Parallel;
import ernie4j.engine.file.ModelFile;
import ernie4j.engine.kernels.Kernels;
import ernie4j.training.TrainingListener.Evaluation;
import ernie4j.training.TrainingListener.Progress;
import ernie4j.training.TrainingTask.KeptModel;
import ernie4j.training.autograd.Tape;
import ernie4j.training.autograd.Variable;
import ernie4j.training.optimizer.AdamW;
import ernie4j.training.optimizer.LearningRateSchedule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Trains a task: AdamW with linear warm-up and decay, clipping by the global norm, an evaluation
 * every n steps. The output folder receives
 *
 * <ul>
 *   <li>the models that the task keeps ({@link TrainingTask#models}), each with the highest value
 *       of its metric so far; {@code model.ernie} if there is one
 *   <li>{@code checkpoint.safetensors}: the state at the last evaluation, to resume from
 *   <li>{@code metrics.csv}: one line per evaluation
 * </ul>
 *
 * <p>A training that was stopped and resumed ends with exactly the same bits as an unbroken one,
 * and the number of threads does not change them either.
 */
public final class Trainer {
  /** The file of a task that keeps one model. */
  public static final String MODEL = "model.ernie";

  public static final String CHECKPOINT = "checkpoint.safetensors";
  public static final String METRICS = "metrics.csv";

  private final TrainingTask task;
  private final TrainingOptions options;
  private final Path folder;
  private final List<TrainingListener> listeners;
  private final Tape tape;
  private final AdamW optimizer;
  private final LearningRateSchedule schedule;
  private final long stepsPerEpoch;
  private final long totalSteps;

  private TrainingHistory history = new TrainingHistory();
  private long step;
  private double lossSum;
  private int lossCount;

  public Trainer(
      TrainingTask task,
      TrainingOptions options,
      Kernels kernels,
      Parallel parallel,
      Path folder,
      List<TrainingListener> listeners) {
    this.task = task;
    this.options = options;
    this.folder = folder;
    this.listeners = List.copyOf(listeners);
    if (task.examples() < 1) {
      throw new IllegalArgumentException("Trainer: there is no example to train on");
    }
    tape = new Tape(kernels, parallel);
    optimizer =
        new AdamW(
            task.parameters().asMap(),
            new AdamW.Options(
                0.9, options.beta2(), 1e-8, options.weightDecay(), options.maxGradientNorm()),
            task::learningRateFactor,
            parallel);
    stepsPerEpoch = options.stepsPerEpoch(task.examples());
    totalSteps = options.totalSteps(task.examples());
    schedule =
        LearningRateSchedule.linear(
            options.learningRate(),
            LearningRateSchedule.warmupSteps(options.warmupRatio(), totalSteps),
            totalSteps);
  }

  /**
   * Goes on from the checkpoint in the output folder.
   *
   * @throws IOException if it is damaged or belongs to another training
   */
  public void resume() throws IOException {
    Checkpoint.State state =
        Checkpoint.read(folder.resolve(CHECKPOINT), task, optimizer, settings());
    step = state.step();
    lossSum = state.lossSum();
    lossCount = state.lossCount();
    history = state.history();
    task.parametersChanged();
  }

  /** All that two trainings must have in common so that one can go on where the other stopped. */
  private String settings() {
    return task.settings().isEmpty() ? options.toString() : options + ", " + task.settings();
  }

  /** Trains to the end and returns all evaluations. */
  public TrainingHistory run() throws IOException {
    return run(totalSteps);
  }

  /** Trains until {@code lastStep} steps are done, with an evaluation and a checkpoint there. */
  TrainingHistory run(long lastStep) throws IOException {
    Files.createDirectories(folder);
    ExampleOrder order = new ExampleOrder(task.examples(), options.seed());
    long firstStep = step;
    long started = System.nanoTime();
    while (step < lastStep) {
      double loss = trainStep(batch(order));
      requireFinite(loss);
      lossSum += loss;
      lossCount++;
      report(loss, firstStep, started);
      if (step % options.evaluateEvery() == 0 || step == totalSteps) {
        evaluate();
      }
    }
    return history;
  }

  private int[] batch(ExampleOrder order) {
    int[] epochOrder = order.epoch(step / stepsPerEpoch);
    int from = (int) (step % stepsPerEpoch) * options.batchSize();
    int to = Math.min(task.examples(), from + options.batchSize());
    return Arrays.copyOfRange(epochOrder, from, to);
  }

  private double trainStep(int[] examples) {
    tape.reset(options.seed() * 0x2545F4914F6CDD1DL + step);
    task.parameters().clearGradients();
    Variable loss = task.loss(tape, examples);
    float value = loss.scalar();
    tape.backward(loss);
    optimizer.step(schedule.at(step));
    task.parametersChanged();
    step++;
    return value;
  }

  private void requireFinite(double loss) {
    if (!Double.isFinite(loss)) {
      throw new ArithmeticException(
          "Training diverged: the loss of step %d is %s; try a smaller learning rate. The best model so far is in %s"
              .formatted(step, loss, folder));
    }
  }

  private void report(double loss, long firstStep, long started) {
    double seconds = (System.nanoTime() - started) / 1e9;
    double stepsPerSecond = (step - firstStep) / Math.max(1e-9, seconds);
    Progress progress =
        new Progress(
            step,
            totalSteps,
            (double) step / stepsPerEpoch,
            loss,
            stepsPerSecond * task.examples() / stepsPerEpoch,
            (totalSteps - step) / stepsPerSecond);
    listeners.forEach(listener -> listener.stepped(progress));
  }

  private void evaluate() throws IOException {
    Map<String, Double> metrics = task.evaluate();
    List<KeptModel> better =
        task.models().stream().filter(m -> isHigher(metrics, m.metric())).toList();
    Evaluation evaluation =
        new Evaluation(
            step,
            (double) step / stepsPerEpoch,
            schedule.at(step - 1),
            lossSum / Math.max(1, lossCount),
            metrics,
            isHigher(metrics, task.bestMetric()));
    history.add(evaluation);
    lossSum = 0;
    lossCount = 0;
    for (KeptModel model : better) {
      ModelFile.write(folder.resolve(model.file()), model.now().get());
    }
    // Models first: a checkpoint then never knows of a best model that was not written.
    Checkpoint.write(
        folder.resolve(CHECKPOINT),
        task,
        optimizer,
        new Checkpoint.State(step, lossSum, lossCount, settings(), history));
    history.writeCsv(folder.resolve(METRICS));
    listeners.forEach(listener -> listener.evaluated(evaluation));
  }

  /** Whether a metric is above its values in all evaluations so far. */
  private boolean isHigher(Map<String, Double> metrics, String name) {
    double value = Objects.requireNonNull(metrics.get(name), name);
    return history.highest(name).stream().allMatch(highest -> value > highest);
  }
}
