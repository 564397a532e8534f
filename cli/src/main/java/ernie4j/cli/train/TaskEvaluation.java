package ernie4j.cli.train;

import com.fasterxml.jackson.databind.node.ObjectNode;
import ernie4j.cli.option.ModelPath;
import ernie4j.cli.option.Threads;
import ernie4j.cli.report.Json;
import ernie4j.cli.report.ProgressPrinter;
import ernie4j.engine.Parallel;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.engine.kernels.Kernels;
import ernie4j.pipeline.Tokenizers;
import ernie4j.training.task.Evaluated;
import ernie4j.training.task.Inference;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** What the commands that evaluate one task share. */
final class TaskEvaluation {
  @Option(
      names = "--model",
      converter = ModelPath.class,
      paramLabel = "MODEL",
      required = true,
      description = "A model that was trained for this task: a file, or the name of a pulled one.")
  Path model;

  @Option(
      names = "--data",
      paramLabel = "FILE",
      required = true,
      description = "Examples as for training.")
  Path data;

  @Mixin Threads threads;

  @Option(names = "--json", description = "One JSON object.")
  boolean json;

  interface Evaluation<T> {
    Evaluated evaluate(Inference model, List<T> examples);
  }

  /** Evaluates, prints the metrics, and returns the exit code. */
  <T> int run(CommandSpec spec, TaskData.Reader<T> reader, Evaluation<T> evaluation)
      throws IOException {
    Model trained = ModelFile.read(model);
    List<T> examples = reader.read(data);
    PrintWriter out = spec.commandLine().getOut();
    try (Parallel parallel = Parallel.of(threads.count())) {
      Inference inference = Inference.of(trained, Tokenizers.of(trained), Kernels.best(), parallel);
      Evaluated result = evaluation.evaluate(inference, examples);
      if (json) {
        ObjectNode object = Json.object();
        object.put("examples", examples.size());
        result.metrics().forEach(object::put);
        out.println(object);
      } else {
        out.printf(
            "%,d examples: %s%n", examples.size(), ProgressPrinter.metrics(result.metrics()));
      }
    }
    return 0;
  }
}
