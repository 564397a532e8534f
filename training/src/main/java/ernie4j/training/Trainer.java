package ernie4j.training;

import ernie4j.engine.Parallel;
import ernie4j.engine.file.ModelFile;
import ernie4j.engine.file.OutputPlace;
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
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Trains a task: AdamW with warm-up and decay, clipping by the global norm, and an evaluation every
 * n steps. The output folder receives
 *
 * <ul>
 *   <li>the models that the task keeps ({@link TrainingTask#models}), each with the highest value
 *       of its metric so far; {@code model.ernie} if there is one
 *   <li>{@code checkpoint.safetensors}: the state at the last evaluation or, after {@link #stop},
 *       at the last step, to resume from; with a {@link TrainingOptions#saveLimit} above 1, earlier
 *       ones in {@code checkpoints}
 *   <li>{@code metrics.csv} and {@code metrics.jsonl}: one line per evaluation
 * </ul>
 *
 * <p>A training that diverges stops with an {@link ArithmeticException} whose message says what to
 * try; the files of its last evaluation stay.
 *
 * <p>A training that was stopped and resumed ends with exactly the same bits as an uninterrupted
 * one, and the number of threads does not change them either.
 */
public final class Trainer {
  /** The model file of a task that keeps one model. */
  public static final String MODEL = "model.ernie";

  /** The file in the output folder that {@link #resume} reads. */
  public static final String CHECKPOINT = "checkpoint.safetensors";

  /** The evaluations in the output folder as CSV, see {@link TrainingHistory#writeCsv}. */
  public static final String METRICS = "metrics.csv";

  private static final String METRICS_LINES = "metrics.jsonl";

  private final TrainingTask task;
  private final TrainingOptions options;
  private final Path folder;
  private final List<TrainingListener> listeners;
  private final Tape tape;
  private final AdamW optimizer;
  private final LearningRateSchedule schedule;
  private final BatchPlan plan;
  private final int evaluationInterval;

  private Checkpoint.@Nullable Identity identity;
  private TrainingHistory history = new TrainingHistory();
  private long step;
  private double lossSum;
  private int lossCount;

  /** Held while parameters change or files are written; {@link #stop} waits for it. */
  private final Object turn = new Object();

  private boolean running;
  private boolean stopped;

  /**
   * A trainer that has done no step yet; nothing is written before {@link #run}.
   *
   * @param task what to train; its parameters are changed in place
   * @param options how to train
   * @param kernels the arithmetic of the forward and backward passes
   * @param parallel the threads to compute on; stays open
   * @param folder the output folder; created if it is missing
   * @param listeners notified of progress, in this order
   * @throws IllegalArgumentException if the task has no examples
   */
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
            task::decays,
            parallel);
    plan = new BatchPlan(task.examples(), task::tokens, options);
    evaluationInterval = options.evaluationInterval(plan.stepsPerEpoch());
    schedule =
        options
            .schedule()
            .schedule(
                options.learningRate(),
                LearningRateSchedule.warmupSteps(options.warmupRatio(), plan.totalSteps()),
                plan.totalSteps());
  }

  /**
   * Loads the checkpoint in the output folder; {@link #run} then continues from it.
   *
   * @throws IOException if it is damaged or belongs to a training with other options, examples or
   *     models; nothing is changed then
   */
  public void resume() throws IOException {
    resume(false);
  }

  /**
   * Like {@link #resume}, but the options may have more epochs or steps than the training was
   * planned for. The learning rate follows the longer schedule from here on.
   *
   * @throws IOException if the checkpoint is damaged or belongs to a training with other options,
   *     examples or models; nothing is changed then
   */
  public void extend() throws IOException {
    resume(true);
  }

  private void resume(boolean longer) throws IOException {
    Checkpoint.State state =
        Checkpoint.read(folder.resolve(CHECKPOINT), task, optimizer, identity(), longer);
    step = state.step();
    lossSum = state.lossSum();
    lossCount = state.lossCount();
    history = state.history();
    task.parametersChanged();
  }

  /** What two trainings must have in common so that one can continue where the other stopped. */
  private Checkpoint.Identity identity() {
    if (identity == null) {
      String all = options.settings();
      String both = task.settings().isEmpty() ? all : all + ", " + task.settings();
      identity = new Checkpoint.Identity(both, options.epochs(), options.maxSteps(), task.inputs());
    }
    return identity;
  }

  /** {@return the optimizer steps of the whole training if it does not end early} */
  public long totalSteps() {
    return plan.totalSteps();
  }

  /**
   * Trains to the end.
   *
   * @return all evaluations, also those before a {@link #resume}
   * @throws CancellationException if it was stopped
   * @throws IOException if the output folder cannot be written to, which is checked before the
   *     first step, or a file cannot be written
   * @throws ArithmeticException if the training diverges
   */
  public TrainingHistory run() throws IOException {
    return run(plan.totalSteps());
  }

  /** Trains until {@code lastStep} steps are done, then evaluates and writes a checkpoint. */
  TrainingHistory run(long lastStep) throws IOException {
    OutputPlace.requireFolder(folder);
    Files.createDirectories(folder);
    synchronized (turn) {
      requireNotStopped();
      running = true;
    }
    try {
      listeners.forEach(listener -> listener.began(this));
      task.cautions().forEach(caution -> listeners.forEach(l -> l.cautioned(caution)));
      train(lastStep);
    } finally {
      synchronized (turn) {
        running = false;
      }
    }
    return history;
  }

  private void train(long lastStep) throws IOException {
    long firstStep = step;
    long started = System.nanoTime();
    if (step > 0 && isEvaluated(step) && !history.holds(step)) {
      evaluate(); // the training was stopped during this evaluation
    }
    while (step < lastStep && !stopsEarly()) {
      double loss;
      synchronized (turn) {
        requireNotStopped();
        running = false; // the state after a failed step must not become a checkpoint
        loss = trainStep();
        running = true;
        lossSum += loss;
        lossCount++;
      }
      report(loss, firstStep, started);
      if (isEvaluated(step)) {
        evaluate();
      }
    }
  }

  private boolean isEvaluated(long afterStep) {
    return afterStep % evaluationInterval == 0 || afterStep == plan.totalSteps();
  }

  /**
   * Ends the training from any thread: after the step that is being computed, or without the result
   * of a running evaluation, a checkpoint is written. {@link #run} then throws a {@link
   * CancellationException}, and a training that {@link #resume resumes} ends with the same bits as
   * one that was never stopped.
   *
   * @return the steps that are done; empty if no training is running
   * @throws IOException if the checkpoint cannot be written; an earlier one stays
   */
  public OptionalLong stop() throws IOException {
    synchronized (turn) {
      if (!running) {
        return OptionalLong.empty();
      }
      if (!stopped) {
        stopped = true;
        writeCheckpoint();
      }
      return OptionalLong.of(step);
    }
  }

  private void requireNotStopped() {
    if (stopped) {
      throw new CancellationException("the training was stopped at step " + step);
    }
  }

  private boolean stopsEarly() {
    boolean stops = options.patience() > 0 && history.sinceBest() >= options.patience();
    if (stops) {
      String reason =
          "no better %s in the last %d evaluations; the training ends at step %d of %d"
              .formatted(task.bestMetric(), options.patience(), step, plan.totalSteps());
      listeners.forEach(listener -> listener.stoppedEarly(reason));
    }
    return stops;
  }

  private double trainStep() {
    List<int[]> batches = plan.batches(step);
    double[] weights =
        batches.size() == 1
            ? new double[] {1}
            : batches.stream().mapToDouble(task::lossWeight).toArray();
    double sum = Arrays.stream(weights).sum();
    task.beginStep(plan.epochOf(step));
    task.parameters().clearGradients();
    double value = 0;
    for (int i = 0; i < weights.length; i++) {
      tape.reset(options.seed() * 0x2545F4914F6CDD1DL + step * options.accumulation() + i);
      double share = weights[i] / sum;
      Variable loss = task.loss(tape, batches.get(i));
      value += share * loss.scalar();
      tape.backward(share == 1 ? loss : tape.scale(loss, (float) share));
    }
    double norm = optimizer.step(schedule.at(step));
    DivergenceGuard.checkStep(step + 1, value, norm, folder);
    task.parametersChanged();
    step++;
    return value;
  }

  private void report(double loss, long firstStep, long started) {
    double seconds = (System.nanoTime() - started) / 1e9;
    double stepsPerSecond = (step - firstStep) / Math.max(1e-9, seconds);
    Progress progress =
        new Progress(
            step,
            plan.totalSteps(),
            plan.epochsDone(step),
            loss,
            stepsPerSecond * task.examples() / plan.stepsPerEpoch(),
            (plan.totalSteps() - step) / stepsPerSecond);
    listeners.forEach(listener -> listener.stepped(progress));
  }

  private void evaluate() throws IOException {
    double loss = lossSum / Math.max(1, lossCount);
    DivergenceGuard.checkMean(step, loss, history, folder);
    Map<String, Double> metrics = task.evaluate();
    Evaluation evaluation;
    synchronized (turn) {
      requireNotStopped();
      evaluation = keep(loss, metrics);
    }
    listeners.forEach(listener -> listener.evaluated(evaluation));
  }

  /** Adds an evaluation to the history and writes its files to the output folder. */
  private Evaluation keep(double loss, Map<String, Double> metrics) throws IOException {
    List<KeptModel> better =
        task.models().stream().filter(m -> isHigher(metrics, m.metric())).toList();
    Evaluation evaluation =
        new Evaluation(
            step,
            plan.epochsDone(step),
            schedule.at(step - 1),
            loss,
            metrics,
            isHigher(metrics, task.bestMetric()));
    history.add(evaluation);
    lossSum = 0;
    lossCount = 0;
    for (KeptModel model : better) {
      ModelFile.write(folder.resolve(model.file()), model.now().get());
    }
    // Models first: a checkpoint then never knows of a best model that was not written.
    writeCheckpoint();
    if (options.saveLimit() > 1) {
      EarlierCheckpoints.keep(folder, CHECKPOINT, history, options.saveLimit());
    }
    history.writeCsv(folder.resolve(METRICS));
    history.writeJsonLines(folder.resolve(METRICS_LINES));
    return evaluation;
  }

  private void writeCheckpoint() throws IOException {
    Checkpoint.write(
        folder.resolve(CHECKPOINT),
        task,
        optimizer,
        identity(),
        new Checkpoint.State(step, lossSum, lossCount, history));
  }

  /** Whether a metric is above its values in all evaluations so far. */
  private boolean isHigher(Map<String, Double> metrics, String name) {
    double value = Objects.requireNonNull(metrics.get(name), name);
    return history.highest(name).stream().allMatch(highest -> value > highest);
  }
}
