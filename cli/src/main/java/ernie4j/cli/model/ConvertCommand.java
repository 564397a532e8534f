package ernie4j.cli.model;

import ernie4j.engine.file.ModelFile;
import ernie4j.engine.file.OutputPlace;
import ernie4j.engine.head.Task;
import ernie4j.zoo.ModelImport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

@Command(
    name = "convert",
    description = "Convert a model of another framework to a model file of ernie4j.",
    mixinStandardHelpOptions = true)
public final class ConvertCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "SOURCE",
      description =
          "A file or folder of Paddle or PaddleNLP (.pdparams, .pdmodel, safetensors), a folder of"
              + " Hugging Face (safetensors, pytorch_model.bin), an ONNX file with its tokenizer,"
              + " or a jar or zip with both.")
  Path source;

  @Parameters(index = "1", paramLabel = "TARGET", description = "The file to write.")
  Path target;

  @Option(
      names = "--task",
      paramLabel = "TASK",
      converter = TaskName.class,
      description =
          "What the head does, where the files do not say it: sequence-classification,"
              + " multi-label-classification, scoring, token-classification, question-answering,"
              + " multiple-choice, masked-lm, or encoder for none.")
  @Nullable Task task;

  /** A task by its name in a model file. */
  static final class TaskName implements ITypeConverter<Task> {
    @Override
    public Task convert(String name) {
      return Task.find(name)
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "expected one of %s, got '%s'"
                          .formatted(Arrays.toString(Task.values()), name)));
    }
  }

  @Override
  public Integer call() throws IOException {
    OutputPlace.requireFile(target);
    ModelImport.Imported imported =
        task == null ? ModelImport.read(source) : ModelImport.read(source, task);
    ModelFile.write(target, imported.model());
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "%s: %,d parameters in %d tensors, %,d tokens, %,d bytes%n",
        target,
        imported.model().parameters().elementCount(),
        imported.model().parameters().size(),
        imported.model().vocabulary().size(),
        Files.size(target));
    imported.notes().forEach(note -> out.println("  " + note));
    return 0;
  }
}
