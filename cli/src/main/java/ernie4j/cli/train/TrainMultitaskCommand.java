package ernie4j.cli.train;

import ernie4j.cli.option.Distinct;
import ernie4j.cli.option.DocumentStride;
import ernie4j.cli.option.Range;
import ernie4j.cli.option.SplitSeed;
import ernie4j.cli.option.TrainingFlags;
import ernie4j.cli.option.UsageException;
import ernie4j.cli.report.ProgressPrinter;
import ernie4j.cli.report.TrainingReport;
import ernie4j.engine.Parallel;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.training.TrainingOptions;
import ernie4j.training.data.ChoiceExample;
import ernie4j.training.data.Labels;
import ernie4j.training.data.QuestionExample;
import ernie4j.training.data.QuestionFiles;
import ernie4j.training.data.Split;
import ernie4j.training.data.TagFiles;
import ernie4j.training.data.TaggedExample;
import ernie4j.training.data.TextExample;
import ernie4j.training.data.TextFiles;
import ernie4j.training.task.MultiTask;
import ernie4j.training.task.MultipleChoice;
import ernie4j.training.task.Objective;
import ernie4j.training.task.QuestionAnswering;
import ernie4j.training.task.Tagging;
import ernie4j.training.task.TaskSetup;
import ernie4j.training.task.TextClassification;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "multitask",
    description =
        "Fine-tune one encoder for several tasks at once, every batch from one of them. Writes model.ernie, the encoder, and NAME.ernie for every task.",
    mixinStandardHelpOptions = true)
final class TrainMultitaskCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Mixin TaskTraining training;

  @Option(
      names = "--classify",
      paramLabel = "NAME=FILE",
      description = "A task of train classify; tables by well-known column names.")
  Map<String, Path> classify = new LinkedHashMap<>();

  @Option(names = "--tag", paramLabel = "NAME=FILE", description = "A task of train tag.")
  Map<String, Path> tag = new LinkedHashMap<>();

  @Option(names = "--qa", paramLabel = "NAME=FILE", description = "A task of train qa.")
  Map<String, Path> qa = new LinkedHashMap<>();

  @Option(names = "--choice", paramLabel = "NAME=FILE", description = "A task of train choice.")
  Map<String, Path> choice = new LinkedHashMap<>();

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
          "A task with n batches is met in proportion to n to this power: 1 as often as it has examples, 0 as often as every other (default: ${DEFAULT-VALUE}).")
  double samplingExponent;

  @Mixin SplitSeed split;

  @Mixin DocumentStride stride;

  @Mixin TrainingFlags flags = new TrainingFlags();

  @Mixin OutputFolder output;

  @Override
  public Integer call() throws IOException {
    output.requireFreshOrResumable();
    requireTasks();
    TrainingOptions options = flags.options(training.epochs, training.learningRate);
    if (options.maxTokens() > 0) {
      throw new UsageException("--max-batch-tokens does not go with several tasks");
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
              new ProgressPrinter(err)),
          task.models(),
          "as each task counts",
          best -> TrainingReport.Content.of("Several tasks", facts));
    }
    return 0;
  }

  private void requireTasks() {
    List<String> names = new ArrayList<>();
    Stream.of(classify, tag, qa, choice).forEach(tasks -> names.addAll(tasks.keySet()));
    if (names.isEmpty()) {
      throw new UsageException("expected at least one --classify, --tag, --qa or --choice");
    }
    Distinct.require("names of --classify, --tag, --qa and --choice", names);
    for (String name : names) {
      // As MultiTask wants them, for it names files after them, but before any file is read.
      if (!name.matches("[\\p{L}\\p{N}_-]+") || name.equals("model")) {
        throw new UsageException(
            "--classify, --tag, --qa, --choice: expected a name of letters, digits, - and _ other than 'model', got '%s'"
                .formatted(name));
      }
    }
  }

  private MultiTask task(
      TaskSetup setup, Map<String, Objective> objectives, TrainingOptions options) {
    return new MultiTask(setup, objectives, options.batchSize(), samplingExponent);
  }

  private Map<String, Objective> objectives(TaskSetup setup) throws IOException {
    Map<String, Objective> all = new LinkedHashMap<>();
    for (Map.Entry<String, Path> e : classify.entrySet()) {
      Split<TextExample> data = split(e.getValue(), file -> TextFiles.read(file, null));
      all.put(e.getKey(), new TextClassification(setup, Labels.ofTexts(data.train()), data));
    }
    for (Map.Entry<String, Path> e : tag.entrySet()) {
      Split<TaggedExample> data = split(e.getValue(), TagFiles::read);
      all.put(e.getKey(), new Tagging(setup, Labels.ofSpans(data.train()), data));
    }
    for (Map.Entry<String, Path> e : qa.entrySet()) {
      Split<QuestionExample> data = split(e.getValue(), QuestionFiles::read);
      all.put(e.getKey(), new QuestionAnswering(setup, data, stride.tokens()));
    }
    for (Map.Entry<String, Path> e : choice.entrySet()) {
      Split<ChoiceExample> data = split(e.getValue(), new ChoiceAnswers()::read);
      all.put(e.getKey(), new MultipleChoice(setup, data));
    }
    return all;
  }

  private <T> Split<T> split(Path file, TaskData.Reader<T> reader) throws IOException {
    return Split.of(reader.read(file), devShare, split.seed());
  }
}
