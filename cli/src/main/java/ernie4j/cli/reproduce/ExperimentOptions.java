package ernie4j.cli.reproduce;

import ernie4j.cli.option.ModelPath;
import ernie4j.cli.option.Range;
import ernie4j.cli.option.Threads;
import ernie4j.cli.option.UsageException;
import ernie4j.cli.report.Pictures;
import ernie4j.engine.file.AtomicFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The options of experiments that begin with distillation. */
final class ExperimentOptions {
  @Option(
      names = "--teacher",
      paramLabel = "MODEL",
      converter = ModelPath.class,
      required = true,
      description =
          "The encoder to distil: a file, or the name of a pulled one, for example bge-small-zh.")
  Path teacher;

  @Option(
      names = "--text",
      paramLabel = "FILE",
      arity = "1..*",
      description = "UTF-8 texts to distil on, one a line.")
  List<Path> text = List.of();

  @Option(
      names = "--output-dir",
      paramLabel = "DIR",
      required = true,
      description = "Folder for everything; run the command again to continue.")
  Path outputDir;

  @Option(
      names = "--distill-steps",
      converter = Range.Steps.class,
      defaultValue = "4000",
      description = "Default: ${DEFAULT-VALUE}.")
  long distillSteps;

  @Option(
      names = "--held-out",
      converter = Range.Count.class,
      defaultValue = "1000",
      description = "Held-out texts to measure distillation on (default: ${DEFAULT-VALUE}).")
  int heldOut;

  @Mixin Threads threads;

  ExperimentSteps steps(CommandSpec spec) {
    return new ExperimentSteps(spec, outputDir, threads.count());
  }

  void requireTexts() {
    if (text.isEmpty()) {
      throw new UsageException("distilling needs texts: add --text FILE");
    }
  }

  /** The command that distils an encoder into shapes, given as a comma-separated list. */
  List<Object> distilling(Path from, String shapes) {
    List<Object> command = new ArrayList<>(List.of("distill", "--teacher", from, "--text"));
    command.addAll(text);
    command.addAll(List.of("--student", shapes, "--max-steps", distillSteps));
    command.addAll(List.of("--batch-size", 64, "--max-length", 64, "--eval-steps", 1000));
    command.addAll(List.of("--held-out", heldOut));
    return command;
  }

  /** Writes the result to the folder, as text and as a picture, and prints it. */
  void report(CommandSpec spec, String name, String markdown, Pictures.Drawing drawing)
      throws IOException {
    Path report = outputDir.resolve(name + ".md");
    AtomicFile.writeText(report, markdown);
    Path picture = outputDir.resolve(name + ".png");
    PrintWriter out = spec.commandLine().getOut();
    out.printf("%s%n%s%n", markdown, report);
    if (Pictures.draw(picture, spec.commandLine().getErr(), drawing)) {
      out.println(picture);
    }
  }
}
