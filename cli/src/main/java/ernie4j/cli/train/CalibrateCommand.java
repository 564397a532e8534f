package ernie4j.cli.train;

import ernie4j.cli.option.ModelPath;
import ernie4j.cli.option.Range;
import ernie4j.cli.option.SplitSeed;
import ernie4j.cli.option.Threads;
import ernie4j.cli.option.UsageException;
import ernie4j.cli.task.CommandTask;
import ernie4j.cli.task.CommandTasks;
import ernie4j.engine.Parallel;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.engine.file.OutputPlace;
import ernie4j.engine.head.HeadOptions;
import ernie4j.engine.kernels.Kernels;
import ernie4j.training.evaluation.Evaluated;
import ernie4j.training.evaluation.TemperatureFit;
import ernie4j.training.metrics.Reliability;
import ernie4j.training.model.ModelParts;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "calibrate",
    description =
        "Calibrate a classifier, so that its confidence matches how often it is right, and refuse"
            + " answers with too little confidence.",
    mixinStandardHelpOptions = true)
public final class CalibrateCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      converter = ModelPath.class,
      required = true,
      description =
          "A model of intents and slots, of classes or of labels: a file, or the name of a pulled one.")
  Path model;

  @Option(
      names = "--data",
      paramLabel = "FILE",
      required = true,
      description = "Labelled examples that the model has not learned from.")
  Path data;

  @Option(
      names = "--dev-share",
      converter = Range.PartOrAll.class,
      defaultValue = "1",
      description =
          "Calibrate only on the share that training with this --dev-share held back (default: all).")
  double devShare;

  @Mixin SplitSeed split;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      required = true,
      description = "Receives the calibrated model, replaced in one step.")
  Path output;

  @Option(
      names = "--constrained-tags",
      description =
          "From now on, answer only sequences of tags in which no I-x occurs without a B-x before it; for models of intents and slots that were trained without.")
  boolean constrainedTags;

  /** What is refused. */
  static final class Refusal {
    @Option(
        names = "--coverage",
        converter = Range.PartOrAll.class,
        description = "Refuse answers so that this share of those to --data is given.")
    @Nullable Double coverage;

    @Option(
        names = "--min-confidence",
        converter = Range.Share.class,
        description = "Refuse answers below this confidence (default: none is refused).")
    @Nullable Double confidence;
  }

  @ArgGroup(exclusive = true)
  Refusal refusal = new Refusal();

  @Mixin CommandTasks.FileOptions files = new CommandTasks.FileOptions();

  @Mixin Threads threads;

  @Override
  public Integer call() throws IOException {
    OutputPlace.requireFile(output);
    Model trained = ModelFile.read(model);
    CommandTask<?> task = files.of(trained.task());
    if (task.temperatures().isEmpty()) {
      throw new UsageException(
          "expected a model of intents and slots, of classes or of labels, got one for "
              + trained.task());
    }
    if ((refusal.coverage != null || refusal.confidence != null)
        && !task.task().options().contains(HeadOptions.MIN_CONFIDENCE)) {
      throw new UsageException(
          "models for %s refuse nothing: every label has its own threshold".formatted(task.task()));
    }
    calibrate(task, constrainedTags ? constrained(task, trained) : trained);
    return 0;
  }

  private static Model constrained(CommandTask<?> task, Model trained) {
    if (!task.task().options().contains(HeadOptions.CONSTRAINED_TAGS)) {
      throw new UsageException(
          "--constrained-tags: expected a model of intents and slots, got one for " + task.task());
    }
    return trained.withOption(HeadOptions.CONSTRAINED_TAGS, "true");
  }

  private <E> void calibrate(CommandTask<E> task, Model trained) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    List<E> all = task.read(data, spec.commandLine().getErr());
    List<E> examples = devShare == 1 ? all : task.split(all, devShare, split.seed()).dev();
    try (Parallel parallel = Parallel.of(threads.count())) {
      Reliability before =
          task.evaluate(trained, examples, Kernels.best(), parallel).reliability().orElseThrow();
      Model calibrated = task.beforeTemperatures(trained, all);
      for (String option : task.temperatures()) {
        Model start = calibrated;
        double temperature =
            TemperatureFit.fit(
                t ->
                    task.reliability(
                        ModelParts.withTemperature(start, option, t),
                        option,
                        examples,
                        Kernels.best(),
                        parallel));
        // Rounded as it is printed: the written model must be the one that was measured.
        double rounded = Math.round(temperature * 1000) / 1000.0;
        calibrated = ModelParts.withTemperature(start, option, rounded);
        out.printf(Locale.ROOT, "%s: %.3f%n", option.replace('_', ' '), rounded);
      }
      Evaluated evaluated = task.evaluate(calibrated, examples, Kernels.best(), parallel);
      Reliability after = evaluated.reliability().orElseThrow();
      out.printf(
          Locale.ROOT,
          "expected calibration error on %,d %s: %.2f %%, before %.2f %%%n",
          examples.size(),
          task.examples(),
          after.calibrationError(),
          before.calibrationError());
      // Answers change only with constrained tags, and with them what was measured in training.
      Map<String, Double> metrics = constrainedTags ? evaluated.metrics() : Map.of();
      String source = "%s, %d %s".formatted(data.getFileName(), examples.size(), task.examples());
      ModelFile.write(
          output,
          ModelParts.describe(
              refusing(calibrated, after, out), Map.of("calibrated_on", source), metrics));
      out.println(output);
    }
  }

  /** The model with the confidence below which it refuses answers, if one was asked for. */
  private Model refusing(Model calibrated, Reliability reliability, PrintWriter out) {
    Double coverage = refusal.coverage;
    Double least =
        coverage == null
            ? refusal.confidence
            : Double.valueOf(reliability.at(100 * coverage).confidence());
    if (least == null) {
      return calibrated.withoutOptions(HeadOptions.MIN_CONFIDENCE);
    }
    out.println(EvaluatedText.refused(least, reliability));
    return calibrated.withOption(HeadOptions.MIN_CONFIDENCE, String.valueOf(least));
  }
}
