package ernie4j.cli.reproduce;

import ernie4j.training.data.JointExample;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * The memory of a small service: {@code ernie4j parse} in a separate JVM that has answered a few
 * hundred utterances and was then left idle until the compiler's memory was released.
 */
final class ServedMemory {
  private static final int UTTERANCES = 500;

  /** Options for a service on a small device; older JDKs do not have the last one. */
  private static final List<String> JVM_OPTIONS =
      List.of(
          "-XX:+UseSerialGC",
          "-Xms8m",
          "-Xmn4m",
          "-XX:+IgnoreUnrecognizedVMOptions",
          "-XX:TrimNativeHeapInterval=1000");

  private final Class<?> main;
  private final List<String> texts;
  private final Duration rest;

  /**
   * A measurement with the first utterances.
   *
   * @param main the class whose main method is the program
   * @param rest how long the process is left idle before it is measured
   */
  ServedMemory(Class<?> main, List<JointExample> examples, Duration rest) {
    this.main = main;
    texts =
        examples.stream()
            .map(JointExample::text)
            .filter(text -> !text.isBlank())
            .limit(UTTERANCES)
            .toList();
    this.rest = rest;
  }

  /**
   * Serves a model and measures the resident memory in MiB. Empty if the system does not report it;
   * Linux does.
   *
   * @throws IOException if the process fails
   */
  OptionalDouble mebibytes(Path model) throws IOException {
    Process process =
        new ProcessBuilder(command(model)).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    try (BufferedWriter in = process.outputWriter(StandardCharsets.UTF_8);
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      for (String text : texts) {
        in.write(text);
        in.newLine();
        in.flush();
        if (out.readLine() == null) {
          throw new IOException(
              "memory: 'ernie4j parse --model %s' ended before its last answer".formatted(model));
        }
      }
      Thread.sleep(rest.toMillis());
      return resident(Path.of("/proc", Long.toString(process.pid()), "status"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("memory: interrupted", e);
    } finally {
      process.destroy();
    }
  }

  /** The command line of this program, started in the same way as the running one. */
  private List<String> command(Path model) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(JVM_OPTIONS);
    boolean vectors = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    command.addAll(vectors ? List.of("--add-modules", "jdk.incubator.vector") : List.of());
    String modules = System.getProperty("jdk.module.path");
    Module own = main.getModule();
    if (modules != null && own.isNamed()) {
      command.addAll(List.of("--module-path", modules, "--module"));
      command.add(own.getName() + "/" + main.getName());
    } else {
      command.addAll(List.of("--class-path", System.getProperty("java.class.path")));
      command.add(main.getName());
    }
    command.addAll(List.of("parse", "--json", "--model", model.toString()));
    return command;
  }

  private static OptionalDouble resident(Path status) throws IOException {
    if (!Files.isReadable(status)) {
      return OptionalDouble.empty();
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToDouble(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024.0)
        .findFirst();
  }
}
