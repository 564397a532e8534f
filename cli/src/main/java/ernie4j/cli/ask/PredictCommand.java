package ernie4j.cli.ask;

import com.fasterxml.jackson.databind.node.ObjectNode;
import ernie4j.cli.option.ModelPath;
import ernie4j.cli.option.Threads;
import ernie4j.cli.task.CommandTask;
import ernie4j.cli.task.CommandTasks;
import ernie4j.engine.Parallel;
import ernie4j.engine.file.AtomicFile;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.engine.file.OutputPlace;
import ernie4j.engine.kernels.Kernels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "predict",
    description =
        "Write the answers of a trained model for every example of a file, one JSON object a line."
            + " The file is read as for training; labels and answers in it are ignored.",
    mixinStandardHelpOptions = true)
public final class PredictCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Option(
      names = "--model",
      converter = ModelPath.class,
      paramLabel = "MODEL",
      required = true,
      description = "A fine-tuned model: a file, or the name of a pulled one.")
  Path model;

  @Option(names = "--data", paramLabel = "FILE", required = true, description = "The examples.")
  Path data;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      required = true,
      description = "The file to write the predictions to.")
  Path output;

  @Mixin CommandTasks.FileOptions files = new CommandTasks.FileOptions();

  @Mixin Threads threads;

  @Override
  public Integer call() throws IOException {
    OutputPlace.requireFile(output);
    Model trained = ModelFile.read(model);
    List<ObjectNode> lines = predict(files.of(trained.task()), trained);
    StringBuilder text = new StringBuilder();
    lines.forEach(line -> text.append(line).append('\n'));
    AtomicFile.writeText(output, text);
    spec.commandLine().getOut().printf("%,d predictions in %s%n", lines.size(), output);
    return 0;
  }

  private <E> List<ObjectNode> predict(CommandTask<E> task, Model trained) throws IOException {
    List<E> examples = task.readOpen(data);
    try (Parallel parallel = Parallel.of(threads.count())) {
      return task.predict(trained, examples, Kernels.best(), parallel);
    }
  }
}
