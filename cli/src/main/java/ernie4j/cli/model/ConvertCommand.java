package ernie4j.cli.model;

import ernie4j.engine.WeightType;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.engine.file.OutputPlace;
import ernie4j.engine.head.Task;
import ernie4j.quant.ModelPrecision;
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
    description =
        "Convert a model of another framework to a model file, or a model file to another precision.",
    mixinStandardHelpOptions = true)
public final class ConvertCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "SOURCE",
      description =
          "A file or folder of Paddle or PaddleNLP (.pdparams, .pdmodel, safetensors), a folder of Hugging Face (safetensors, pytorch_model.bin), an ONNX file with its tokenizer, a jar or zip with both, or a model file.")
  Path source;

  @Parameters(index = "1", paramLabel = "TARGET", description = "The file to write.")
  Path target;

  @Option(
      names = "--task",
      paramLabel = "TASK",
      converter = TaskName.class,
      description =
          "What the head does, if the files do not say so: sequence-classification,"
              + " multi-label-classification, scoring, token-classification, question-answering,"
              + " multiple-choice, masked-lm, or encoder for none.")
  @Nullable Task task;

  @Option(
      names = "--precision",
      paramLabel = "TYPE",
      converter = PrecisionName.class,
      description =
          "Element type of weights and tables: float32, or bfloat16 with half the size (default: float32, or that of the model file).")
  @Nullable WeightType precision;

  /** A floating-point type by its name. */
  static final class PrecisionName implements ITypeConverter<WeightType> {
    @Override
    public WeightType convert(String name) {
      return switch (name) {
        case "float32", "fp32" -> WeightType.FLOAT32;
        case "bfloat16", "bf16" -> WeightType.BFLOAT16;
        default ->
            throw new TypeConversionException(
                "expected float32 or bfloat16, got '%s' (for int8 see 'compress')".formatted(name));
      };
    }
  }

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
    Model model =
        precision == null ? imported.model() : ModelPrecision.of(imported.model(), precision);
    ModelFile.write(target, model);
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "%s: %,d parameters in %d tensors, %,d tokens, %,d bytes%n",
        target,
        model.parameters().elementCount(),
        model.parameters().size(),
        model.vocabulary().size(),
        Files.size(target));
    imported.notes().forEach(note -> out.println("  " + note));
    return 0;
  }
}
