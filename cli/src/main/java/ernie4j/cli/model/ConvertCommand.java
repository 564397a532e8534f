package ernie4j.cli.model;

import ernie4j.engine.file.ModelFile;
import ernie4j.zoo.ModelImport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

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
          "A file or folder of Paddle or PaddleNLP (.pdparams, .pdmodel, safetensors), a folder of Hugging Face (safetensors, pytorch_model.bin), an ONNX file with its tokenizer, or a jar or zip with both.")
  Path source;

  @Parameters(index = "1", paramLabel = "TARGET", description = "The file to write.")
  Path target;

  @Override
  public Integer call() throws IOException {
    ModelImport.Imported imported = ModelImport.read(source);
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
