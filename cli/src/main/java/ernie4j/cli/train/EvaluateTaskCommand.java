package ernie4j.cli.train;

import ernie4j.cli.option.ModelPath;
import ernie4j.cli.option.Range;
import ernie4j.cli.option.SplitSeed;
import ernie4j.cli.option.Threads;
import ernie4j.cli.option.UsageException;
import ernie4j.cli.report.CoveragePicture;
import ernie4j.cli.report.Pictures;
import ernie4j.cli.task.CommandTask;
import ernie4j.engine.Parallel;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.engine.head.HeadOptions;
import ernie4j.engine.kernels.Kernels;
import ernie4j.training.data.Split;
import ernie4j.training.evaluation.Evaluated;
import ernie4j.training.metrics.Reliability;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures a model for one task: {@code evaluate classify}, {@code evaluate tag} ... */
@Command(mixinStandardHelpOptions = true)
final class EvaluateTaskCommand<E> implements Callable<Integer> {
  private final CommandTask<E> task;

  @Spec CommandSpec spec;

  @Option(
      names = "--model",
      converter = ModelPath.class,
      paramLabel = "MODEL",
      description =
          "A model that was trained for this task: a file, or the name of a pulled one (default, for slu only: the bundled one).")
  @Nullable Path model;

  @Option(
      names = "--data",
      paramLabel = "FILE",
      required = true,
      description = "Examples, in a file as for training.")
  Path data;

  @Option(
      names = "--dev-share",
      converter = Range.PartOrAll.class,
      defaultValue = "1",
      description =
          "Evaluate only the share that training with this --dev-share held back (default: all).")
  double devShare;

  @Mixin SplitSeed split;

  @Option(
      names = "--train-data",
      paramLabel = "FILE",
      description =
          "The training data of the model: adds separate scores for texts that occur in it and for others (default: with --dev-share, the rest of --data).")
  @Nullable Path trainData;

  @Option(
      names = "--coverage-picture",
      paramLabel = "FILE",
      description = "Receives a PNG: how many answers are right if only the surest are given.")
  @Nullable Path coveragePicture;

  @Mixin Threads threads;

  @Option(names = "--json", description = "One JSON object.")
  boolean json;

  EvaluateTaskCommand(CommandTask<E> task) {
    this.task = task;
  }

  @Override
  public Integer call() throws IOException {
    Model trained = model == null ? task.defaultModel() : ModelFile.read(model);
    List<E> all = task.read(data, spec.commandLine().getErr());
    PrintWriter err = spec.commandLine().getErr();
    Split<E> parts =
        devShare == 1 ? new Split<>(List.of(), all) : task.split(all, devShare, split.seed());
    List<E> examples = parts.dev();
    List<E> learned = trainData == null ? parts.train() : task.read(trainData, err);
    task.cautions(examples).forEach(caution -> err.println("ernie4j: " + caution));
    PrintWriter out = spec.commandLine().getOut();
    try (Parallel parallel = Parallel.of(threads.count())) {
      Evaluated result =
          learned.isEmpty()
              ? task.evaluate(trained, examples, Kernels.best(), parallel)
              : SeenTexts.evaluate(task, trained, examples, learned, parallel);
      Optional<String> heldOut =
          learned.isEmpty() ? Optional.empty() : task.heldOut(learned, examples);
      double least =
          Double.parseDouble(trained.options().getOrDefault(HeadOptions.MIN_CONFIDENCE, "0"));
      if (json) {
        out.println(EvaluatedText.json(heldOut, examples.size(), result, least));
      } else {
        EvaluatedText.print(out, heldOut, task.examples(), examples.size(), result.metrics());
        EvaluatedText.printReliability(out, result, least);
        EvaluatedText.printDetails(out, result);
      }
      draw(result);
    }
    return 0;
  }

  private void draw(Evaluated result) throws IOException {
    Path file = coveragePicture;
    if (file == null) {
      return;
    }
    Reliability reliability =
        result
            .reliability()
            .orElseThrow(
                () ->
                    new UsageException(
                        "--coverage-picture: models for %s do not say how sure they are"
                            .formatted(task.task())));
    Pictures.draw(file, spec.commandLine().getErr(), to -> CoveragePicture.write(reliability, to));
  }
}
