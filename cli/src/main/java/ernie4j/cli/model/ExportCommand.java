package ernie4j.cli.model;

import ernie4j.cli.option.ModelPath;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.engine.file.OutputPlace;
import ernie4j.pipeline.JointSlu;
import ernie4j.quant.ModelQuantizer;
import ernie4j.zoo.ModelExport;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "export",
    description = "Write a model for another framework; the opposite of convert.",
    mixinStandardHelpOptions = true)
public final class ExportCommand implements Callable<Integer> {
  @Spec CommandSpec spec;

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      converter = ModelPath.class,
      description = "A model file, or the name of a pulled one (default: the bundled model).")
  @Nullable Path model;

  @Option(
      names = "--format",
      required = true,
      description =
          "${COMPLETION-CANDIDATES}: an ONNX file, a folder for transformers or PaddleNLP, or a"
              + " program for Paddle Inference.")
  ModelExport.Format format = ModelExport.Format.ONNX;

  @Option(
      names = "--output-dir",
      paramLabel = "DIR",
      required = true,
      description = "A new or empty folder.")
  Path outputDir;

  @Option(names = "--float", description = "Write the weights of an int8 model as floats.")
  boolean asFloat;

  @Override
  public Integer call() throws IOException {
    OutputPlace.requireFolder(outputDir);
    Model source = model == null ? JointSlu.bundledModel() : ModelFile.read(model);
    Model written = asFloat ? ModelQuantizer.dequantize(source) : source;
    List<String> notes = ModelExport.write(written, format, outputDir);
    PrintWriter out = spec.commandLine().getOut();
    try (Stream<Path> files = Files.list(outputDir)) {
      for (Path file : files.sorted().toList()) {
        out.printf("%s  %,d bytes%n", file, Files.size(file));
      }
    }
    notes.forEach(note -> out.println("  " + note));
    return 0;
  }
}
