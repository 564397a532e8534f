package ernie4j.cli.train;

import ernie4j.cli.option.ModelPath;
import ernie4j.cli.option.Range;
import ernie4j.cli.option.Threads;
import ernie4j.cli.option.TrainingFlags;
import ernie4j.cli.option.UsageException;
import ernie4j.cli.report.ProgressPrinter;
import ernie4j.cli.report.StopOnSignal;
import ernie4j.cli.report.TrainingReport;
import ernie4j.engine.Parallel;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.pipeline.Tokenizers;
import ernie4j.training.TrainingOptions;
import ernie4j.training.evaluation.Evaluated;
import ernie4j.training.task.Distillation;
import ernie4j.training.task.FineTuning;
import ernie4j.training.task.Objective;
import ernie4j.training.task.TaskSetup;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/**
 * What the commands that train one task share: the start model, the threads, the run and the
 * report.
 */
final class TaskTraining {
  @Option(
      names = "--model",
      converter = ModelPath.class,
      paramLabel = "MODEL",
      required = true,
      description =
          "The encoder to start from, or a model of the same task to train further: a file, or the"
              + " name of a pulled one.")
  Path model;

  @Option(
      names = "--max-length",
      converter = Range.Length.class,
      defaultValue = "128",
      description = "Tokens the model reads, [CLS] and [SEP] included (default: ${DEFAULT-VALUE}).")
  int maxLength;

  @Option(
      names = "--epochs",
      converter = Range.CountOrAuto.class,
      defaultValue = "3",
      description = "Default: ${DEFAULT-VALUE}.")
  int epochs;

  @Option(
      names = "--learning-rate",
      converter = Range.PositiveOrAuto.class,
      defaultValue = "5e-5",
      description = "Default: ${DEFAULT-VALUE}.")
  double learningRate;

  @Mixin Threads threads;

  /** Creates the objective. */
  interface ObjectiveFactory {
    Objective create(TaskSetup setup) throws IOException;
  }

  /** Measures the best model after the training. */
  interface Measurement {
    Evaluated of(Objective objective, Model best, Parallel parallel);
  }

  /**
   * The inputs of a training.
   *
   * @param model the model to start from, with its final vocabulary
   * @param data the names of the training files
   * @param distillation a teacher besides the labels; empty for none
   * @param divergenceWeight the weight of R-Drop; 0 for none
   * @param facts additional lines for the provenance of the trained model
   */
  record Start(
      Model model,
      String data,
      Optional<Distillation> distillation,
      double divergenceWeight,
      Map<String, String> facts) {}

  /**
   * Replaces {@code auto} by numbers.
   *
   * @param recipe the numbers; empty if the task has none
   */
  void settle(Optional<TrainingOptions> recipe, TrainingFlags flags) {
    if (recipe.isPresent()) {
      epochs = epochs == 0 ? recipe.get().epochs() : epochs;
      learningRate = learningRate == 0 ? recipe.get().learningRate() : learningRate;
      flags.usuallyEvaluateEvery(recipe.get().evaluateEvery());
    } else if (epochs == 0 || learningRate == 0) {
      throw new UsageException(
          "expected numbers for --epochs and --learning-rate, got auto, which this task does not support");
    }
  }

  /** Trains, reports, and returns the exit code. */
  int run(
      CommandSpec spec,
      TrainingFlags flags,
      OutputFolder output,
      Start start,
      ObjectiveFactory factory,
      Measurement measurement)
      throws IOException {
    PrintWriter err = spec.commandLine().getErr();
    try (Parallel parallel = Parallel.of(threads.count())) {
      TaskSetup blank = setup(start.model, parallel, flags);
      Objective objective = factory.create(blank);
      Map<String, String> facts = facts(spec, flags, start.data, objective.settings());
      facts.putAll(start.facts);
      TaskSetup setup = blank.withProvenance(facts);
      FineTuning task =
          new FineTuning(setup, objective, start.distillation, start.divergenceWeight);
      TrainingOptions options = flags.options(epochs, learningRate);
      err.printf(
          "%s: %,d examples to learn from; %,d parameters, %s kernels, %d threads%n",
          objective.task(),
          objective.examples(),
          task.parameters().toStore().elementCount(),
          setup.kernels().name(),
          threads.count());
      output.run(
          setup.trainer(task, options, output.path(), new ProgressPrinter(err), new StopOnSignal()),
          task.models(),
          best ->
              new TrainingReport.Content(
                  "Training for " + objective.task().id().replace('-', ' '),
                  facts,
                  objective.labelCounts(),
                  Optional.of(measurement.of(objective, ModelFile.read(best), parallel))));
    }
    return 0;
  }

  TaskSetup setup(Model encoder, Parallel parallel, TrainingFlags flags) {
    return TaskSetup.of(encoder, Tokenizers.of(encoder), maxLength, parallel)
        .with(flags.dropout(), flags.seed());
  }

  /** The provenance of the trained model. */
  Map<String, String> facts(CommandSpec spec, TrainingFlags flags, String data, String examples) {
    Map<String, String> lines = new TreeMap<>();
    lines.put("trained_by", spec.version().length > 0 ? spec.version()[0] : spec.qualifiedName());
    lines.put("training_corpus", data);
    lines.put("training_start", String.valueOf(model.getFileName()));
    lines.put("training_options", described(flags));
    lines.put("training_examples", examples);
    return lines;
  }

  /** The options in words, without those that have no effect. */
  private String described(TrainingFlags flags) {
    TrainingOptions o = flags.options(epochs, learningRate);
    StringBuilder text = new StringBuilder();
    text.append(
        "epochs %d, batch %d, learning rate %s (%s), warm-up %s, weight decay %s, beta2 %s, gradient norm %s, dropout %s, max length %d, seed %d"
            .formatted(
                o.epochs(),
                o.batchSize(),
                o.learningRate(),
                o.schedule().name().toLowerCase(Locale.ROOT),
                o.warmupRatio(),
                o.weightDecay(),
                o.beta2(),
                o.maxGradientNorm(),
                flags.dropout(),
                maxLength,
                o.seed()));
    append(text, o.accumulation() > 1, ", %d batches a step", o.accumulation());
    append(text, o.maxTokens() > 0, ", at most %d tokens a batch", o.maxTokens());
    append(text, o.maxSteps() < Long.MAX_VALUE, ", at most %d steps", o.maxSteps());
    append(text, o.evaluateEvery() > 0, ", evaluated every %d steps", o.evaluateEvery());
    append(text, o.patience() > 0, ", patience %d", o.patience());
    return text.toString();
  }

  private static void append(StringBuilder text, boolean said, String words, long number) {
    if (said) {
      text.append(words.formatted(number));
    }
  }
}
