package ernie4j.cli.train;

import ernie4j.cli.option.Distinct;
import ernie4j.cli.option.Range;
import ernie4j.cli.option.SplitSeed;
import ernie4j.cli.option.TrainingFlags;
import ernie4j.cli.option.UsageException;
import ernie4j.cli.report.ProgressPrinter;
import ernie4j.cli.report.StopOnSignal;
import ernie4j.cli.report.TrainingReport;
import ernie4j.cli.task.CommandTask;
import ernie4j.cli.task.CommandTasks;
import ernie4j.engine.Parallel;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.training.TrainingOptions;
import ernie4j.training.task.MultiTask;
import ernie4j.training.task.Objective;
import ernie4j.training.task.TaskSetup;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "multitask",
    description =
        "Fine-tune one encoder for several tasks; every batch is from one of them. Writes"
            + " model.ernie, the encoder, and NAME.ernie for every task.",
    mixinStandardHelpOptions = true,
    modelTransformer = TrainMultitaskCommand.TaskOptions.class)
final class TrainMultitaskCommand implements Callable<Integer> {
  private final List<CommandTask<?>> tasks = CommandTasks.all();

  @Spec CommandSpec spec;

  @Mixin TaskTraining training;

  @Option(
      names = "--dev-share",
      converter = Range.Part.class,
      defaultValue = "0.1",
      description = "Share of every file to evaluate on (default: ${DEFAULT-VALUE}).")
  double devShare;

  @Option(
      names = "--sampling-exponent",
      converter = Range.Share.class,
      defaultValue = "1",
      description =
          "A task with n batches is drawn in proportion to n to the power of this: with 1 in"
              + " proportion to its size, with 0 as often as every other (default: ${DEFAULT-VALUE}).")
  double samplingExponent;

  @Mixin SplitSeed split;

  @Mixin TrainingFlags flags = new TrainingFlags();

  @Mixin OutputFolder output;

  @Override
  public Integer call() throws IOException {
    output.requireFreshOrResumable();
    requireTasks();
    TrainingOptions options = flags.options(training.epochs, training.learningRate);
    if (options.maxTokens() > 0) {
      throw new UsageException("--max-batch-tokens does not work with several tasks");
    }
    PrintWriter err = spec.commandLine().getErr();
    Model encoder = ModelFile.read(training.model);
    try (Parallel parallel = Parallel.of(training.threads.count())) {
      TaskSetup blank = training.setup(encoder, parallel, flags);
      Map<String, Objective> objectives = objectives(blank);
      objectives.forEach(
          (name, o) -> err.printf("%s: %s, %,d examples%n", name, o.task(), o.examples()));
      String examples = task(blank, objectives, options).settings();
      Map<String, String> facts =
          training.facts(spec, flags, String.join(", ", objectives.keySet()), examples);
      TaskSetup setup = blank.withProvenance(facts);
      MultiTask task = task(setup, objectives, options);
      output.run(
          setup.trainer(
              task,
              options.toBuilder().batchSize(1).build(),
              output.path(),
              new ProgressPrinter(err),
              new StopOnSignal()),
          task.models(),
          best -> TrainingReport.Content.of("Several tasks", facts));
    }
    return 0;
  }

  /** An option for every row in the table of tasks. */
  static final class TaskOptions implements IModelTransformer {
    @Override
    public CommandSpec transform(CommandSpec spec) {
      for (CommandTask<?> task : CommandTasks.all()) {
        spec.addOption(
            OptionSpec.builder("--" + task.name())
                .paramLabel("NAME=FILE")
                .type(Map.class)
                .auxiliaryTypes(String.class, Path.class)
                .description("A task of train %s.".formatted(task.name()))
                .build());
      }
      return spec;
    }
  }

  /** The files by the name of their task. */
  private Map<String, Path> files(CommandTask<?> task) {
    Map<String, Path> files = spec.findOption("--" + task.name()).getValue();
    return files == null ? Map.of() : files;
  }

  private void requireTasks() {
    List<String> names = new ArrayList<>();
    tasks.forEach(task -> names.addAll(files(task).keySet()));
    String options =
        tasks.stream().map(task -> "--" + task.name()).collect(Collectors.joining(", "));
    if (names.isEmpty()) {
      throw new UsageException("expected at least one of " + options);
    }
    Distinct.require("names of " + options, names);
    for (String name : names) {
      // As MultiTask requires, which names files after them, but checked before any file is read.
      if (!name.matches("[\\p{L}\\p{N}_-]+") || name.equals("model")) {
        throw new UsageException(
            "%s: expected a name of letters, digits, - and _ other than 'model', got '%s'"
                .formatted(options, name));
      }
    }
  }

  private MultiTask task(
      TaskSetup setup, Map<String, Objective> objectives, TrainingOptions options) {
    return new MultiTask(setup, objectives, options.batchSize(), samplingExponent);
  }

  private Map<String, Objective> objectives(TaskSetup setup) throws IOException {
    Map<String, Objective> all = new LinkedHashMap<>();
    for (CommandTask<?> task : tasks) {
      for (Map.Entry<String, Path> file : files(task).entrySet()) {
        all.put(file.getKey(), objective(task, setup, file.getValue()));
      }
    }
    return all;
  }

  private <E> Objective objective(CommandTask<E> task, TaskSetup setup, Path file)
      throws IOException {
    List<E> examples = task.read(file, spec.commandLine().getErr());
    return task.objective(setup, task.split(examples, devShare, split.seed()), Map.of());
  }
}
