package ernie4j.cli.compress;

import ernie4j.cli.option.ModelPath;
import ernie4j.cli.option.Range;
import ernie4j.cli.option.TaskData;
import ernie4j.cli.option.Threads;
import ernie4j.cli.option.UsageException;
import ernie4j.cli.report.Pictures;
import ernie4j.cli.task.CommandTask;
import ernie4j.cli.task.CommandTasks;
import ernie4j.engine.Parallel;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.engine.file.OutputPlace;
import ernie4j.training.data.Split;
import ernie4j.training.model.ModelParts;
import ernie4j.training.model.VocabularyPruner;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "compress",
    description =
        "Shrink a fine-tuned model of any task: keep fewer words, prune heads and neurons, compute"
            + " in int8, store embeddings in int8.",
    mixinStandardHelpOptions = true)
public final class CompressCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      converter = ModelPath.class,
      required = true,
      description =
          "A model that was fine-tuned with 'train': a file, or the name of a pulled one.")
  Path model;

  @Mixin TaskData data;

  @Mixin CommandTasks.FileOptions files = new CommandTasks.FileOptions();

  @Option(
      names = "--output-dir",
      paramLabel = "DIR",
      required = true,
      description = "Folder for the models of all stages, a table and a picture.")
  Path outputDir;

  @Option(names = "--resume", description = "Continue the interrupted compression in --output-dir.")
  boolean resume;

  @Mixin CompressionOptions options;

  @Option(
      names = "--max-metric-loss",
      converter = Range.Finite.class,
      defaultValue = "1.0",
      description =
          "Points of the task's metric that a result may lose; a result that loses more is not written"
              + " (default: ${DEFAULT-VALUE}).")
  double maxMetricLoss;

  @Mixin Threads threads;

  @Override
  public Integer call() throws IOException {
    options.requireConsistent();
    requireFreshOrResumable();
    Model original = ModelParts.withoutCalibration(ModelFile.read(model));
    return compress(files.of(original.task()), original);
  }

  private <E> int compress(CommandTask<E> task, Model original) throws IOException {
    PrintWriter err = spec.commandLine().getErr();
    TaskData.Reader<E> reader = file -> task.read(file, err);
    Split<E> examples = data.read(reader, task::split, task.devShare());
    List<E> measured = data.measured(examples, reader);
    Optional<String> heldOut = task.heldOut(examples.train(), measured);
    if (options.unlabelled != null) {
      examples = examples.withUnlabelled(task.readUnlabelled(options.unlabelled));
    }
    List<Model> teachers = new ArrayList<>();
    for (Path file : options.teachers) {
      teachers.add(VocabularyPruner.align(ModelFile.read(file), original.vocabulary()));
    }
    try (Parallel parallel = Parallel.of(threads.count())) {
      Compression<E> compression =
          new Compression<>(options, task, examples, measured, teachers, parallel, outputDir, err);
      compression.requireFit(original);
      Files.createDirectories(outputDir);
      err.printf(
          Locale.ROOT,
          "%s: %,d training examples, %,d to evaluate on%n",
          original.task(),
          examples.train().size(),
          examples.dev().size());
      heldOut.ifPresent(said -> err.println("measured on " + said));
      List<CompressionRow> results = compression.run(model);
      report(compression.rows());
      Map<String, String> facts =
          heldOut.map(said -> Map.of("evaluated_on", said)).orElse(Map.of());
      return accept(compression.rows().get(0), results, facts) ? 0 : 1;
    }
  }

  private void requireFreshOrResumable() throws IOException {
    boolean begun = false;
    if (Files.isDirectory(outputDir)) {
      try (Stream<Path> files = Files.list(outputDir)) {
        begun = files.findAny().isPresent();
      }
    }
    if (begun && !resume) {
      throw new UsageException(
          outputDir
              + " is not empty; add --resume to continue the compression in it, or use another folder");
    }
    if (!begun && resume) {
      throw new UsageException(outputDir + " holds no compression to continue; leave out --resume");
    }
    OutputPlace.requireFolder(outputDir);
  }

  private void report(List<CompressionRow> rows) throws IOException {
    spec.commandLine().getOut().print(CompressionReport.table(rows));
    CompressionReport.writeCsv(rows, outputDir.resolve("compression.csv"));
    Path picture = outputDir.resolve("compression.png");
    Pictures.draw(
        picture, spec.commandLine().getErr(), file -> CompressionReport.writePicture(rows, file));
  }

  /** Writes the results that are good enough; false if one is not. */
  private boolean accept(
      CompressionRow original, List<CompressionRow> results, Map<String, String> facts)
      throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    boolean all = true;
    for (CompressionRow result : results) {
      double loss = original.metric(original.metric()) - result.metric(original.metric());
      Path file = outputDir.resolve("model" + result.suffix() + ".ernie");
      if (loss > maxMetricLoss) {
        all = false;
        Files.deleteIfExists(file);
        spec.commandLine()
            .getErr()
            .printf(
                Locale.ROOT,
                "ernie4j: %s was not written: it loses %.2f points of %s, but --max-metric-loss"
                    + " allows %.2f; train longer, choose a greater width, or look at the stages in"
                    + " %s%n",
                file,
                loss,
                original.metric(),
                maxMetricLoss,
                outputDir);
      } else {
        ModelFile.write(file, ModelParts.describe(result.model(), facts, result.metrics()));
        out.println(file);
      }
    }
    return all;
  }
}
