package ernie4j.cli.train;

import com.fasterxml.jackson.databind.node.ObjectNode;
import ernie4j.cli.option.ModelPath;
import ernie4j.cli.option.Range;
import ernie4j.cli.option.SplitSeed;
import ernie4j.cli.option.Threads;
import ernie4j.cli.report.Json;
import ernie4j.cli.report.ProgressPrinter;
import ernie4j.cli.task.CommandTask;
import ernie4j.engine.Parallel;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.engine.kernels.Kernels;
import ernie4j.training.evaluation.Evaluated;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
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
          "A model that was trained for this task: a file, or the name of a pulled one; for slu the bundled one if there is none.")
  @Nullable Path model;

  @Option(
      names = "--data",
      paramLabel = "FILE",
      required = true,
      description = "Examples as for training.")
  Path data;

  @Option(
      names = "--dev-share",
      converter = Range.PartOrAll.class,
      defaultValue = "1",
      description =
          "Evaluate only the share that training with this --dev-share held back (default: all).")
  double devShare;

  @Mixin SplitSeed split;

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
    List<E> examples = devShare == 1 ? all : task.split(all, devShare, split.seed()).dev();
    PrintWriter err = spec.commandLine().getErr();
    task.cautions(examples).forEach(caution -> err.println("ernie4j: " + caution));
    PrintWriter out = spec.commandLine().getOut();
    try (Parallel parallel = Parallel.of(threads.count())) {
      Evaluated result = task.evaluate(trained, examples, Kernels.best(), parallel);
      if (json) {
        ObjectNode object = Json.object();
        object.put("examples", examples.size());
        result.metrics().forEach(object::put);
        if (!result.labels().isEmpty()) {
          ObjectNode labels = object.putObject("labels");
          result.labels().forEach((label, measures) -> put(labels.putObject(label), measures));
        }
        out.println(object);
      } else {
        out.printf(
            "%,d %s: %s%n",
            examples.size(), task.examples(), ProgressPrinter.metrics(result.metrics()));
        result.labels().forEach((label, measures) -> print(out, label, measures));
      }
    }
    return 0;
  }

  private static void put(ObjectNode object, Evaluated.Measures measures) {
    object.put("f1", measures.f1());
    object.put("precision", measures.precision());
    object.put("recall", measures.recall());
    object.put("expected", measures.expected());
    object.put("predicted", measures.predicted());
  }

  private static void print(PrintWriter out, String label, Evaluated.Measures measures) {
    out.printf(
        Locale.ROOT,
        "  %s: f1 %.2f  precision %.2f  recall %.2f  (%,d expected, %,d predicted)%n",
        label,
        measures.f1(),
        measures.precision(),
        measures.recall(),
        measures.expected(),
        measures.predicted());
  }
}
