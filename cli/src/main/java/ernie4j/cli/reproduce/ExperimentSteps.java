package ernie4j.cli.reproduce;

import ernie4j.cli.option.OldNames;
import ernie4j.cli.option.UsageException;
import ernie4j.cli.report.TrainingReport;
import ernie4j.engine.file.AtomicFile;
import ernie4j.training.Trainer;
import ernie4j.training.data.Utf8Text;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The steps of an experiment: other commands of this program, each with a folder of its own,
 * printed before they run. A completed step is not repeated, and an interrupted one is continued. A
 * step that was started with other options is rejected, because its result would be mistaken for
 * one of these options.
 */
final class ExperimentSteps {
  private final CommandSpec spec;
  private final Program program;
  private final Path folder;
  private final int threads;

  ExperimentSteps(CommandSpec spec, Path folder, int threads) {
    this.spec = spec;
    program = Program.of(spec);
    this.folder = folder;
    this.threads = threads;
  }

  /**
   * Runs a training unless it is complete.
   *
   * @return its folder
   */
  Path trained(String name, List<Object> command) throws IOException {
    Path output = begun(name, command);
    if (!Files.exists(output.resolve(TrainingReport.FILE))) {
      run(command, output, Files.exists(output.resolve(Trainer.CHECKPOINT)));
    }
    return output;
  }

  /**
   * Runs a command unless it is complete.
   *
   * @param last the last file that the command writes
   * @return its folder
   */
  Path done(String name, String last, List<Object> command) throws IOException {
    Path output = begun(name, command);
    if (!Files.exists(output.resolve(last))) {
      run(command, output, Files.exists(output));
    }
    return output;
  }

  /**
   * Creates files in a folder unless they exist.
   *
   * @param last the last file that the command writes to its {@code --output-dir}
   * @return the folder
   */
  Path files(String name, String last, List<Object> command) throws IOException {
    Path output = begun(name, command);
    if (!Files.exists(output.resolve(last))) {
      List<Object> words = new ArrayList<>(command);
      words.addAll(List.of("--output-dir", output));
      run(words);
    }
    return output;
  }

  /**
   * Creates a file unless it exists.
   *
   * @param command a command with the option {@code --output}
   * @return the file
   */
  Path file(String name, List<Object> command) throws IOException {
    Path file = begun(name, command);
    if (!Files.exists(file)) {
      List<Object> words = new ArrayList<>(command);
      words.addAll(List.of("--output", file));
      run(words);
    }
    return file;
  }

  /**
   * The folder of a step. Its command is stored next to it and compared when the experiment
   * continues, without the number of threads, which does not affect results.
   */
  private Path begun(String name, List<Object> command) throws IOException {
    Path output = folder.resolve(name);
    Path record = folder.resolve(name + ".command");
    String line = command.stream().map(ExperimentSteps::word).collect(Collectors.joining(" "));
    if (!Files.exists(output)) {
      Files.createDirectories(folder);
      AtomicFile.writeText(record, line);
      return output;
    }
    String before = Files.exists(record) ? withNamesOfToday(Utf8Text.read(record)) : line;
    if (!before.equals(line)) {
      throw new UsageException(
          "%s was made by%n  %s%nbut the options given now mean%n  %s%ngive the same options again, choose another --output-dir, or delete this file and everything made from it"
              .formatted(output, before, line));
    }
    return output;
  }

  /** Continues experiments that were started before options were renamed. */
  private static String withNamesOfToday(String line) {
    return Stream.of(line.split(" ", -1)).map(OldNames::today).collect(Collectors.joining(" "));
  }

  /** An argument that does not depend on the working directory. */
  static String word(Object argument) {
    return argument instanceof Path path
        ? path.toAbsolutePath().normalize().toString()
        : argument.toString();
  }

  private void run(List<Object> command, Path output, boolean resume) throws IOException {
    List<Object> words = new ArrayList<>(command);
    words.addAll(List.of("--output-dir", output, "--threads", threads));
    if (resume) {
      words.add("--resume");
    }
    run(words);
  }

  private void run(List<Object> command) throws IOException {
    String[] words = command.stream().map(Object::toString).toArray(String[]::new);
    PrintWriter err = spec.commandLine().getErr();
    String line = "ernie4j " + String.join(" ", words);
    err.println(line);
    int code = program.execute(spec.commandLine().getOut(), err, words);
    if (code == Program.STOPPED) {
      throw new CancellationException("the step '%s' was stopped".formatted(line));
    }
    if (code != 0) {
      throw new IOException(
          "the step '%s' failed, see above; run this command again to continue".formatted(line));
    }
  }
}
