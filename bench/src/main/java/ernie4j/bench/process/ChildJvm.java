package ernie4j.bench.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Starts fresh processes like this one: the same JVM, JVM options, class path and, as the system
 * hands it down, the same processors.
 */
public final class ChildJvm {
  private ChildJvm() {}

  /**
   * A process that runs a main class.
   *
   * @param moreOptions JVM options besides those of this process
   */
  public static ProcessBuilder of(List<String> moreOptions, Class<?> main, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(moreOptions);
    command.add(main.getName());
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    // Not -cp: native libraries have been seen to fail on very long command lines.
    builder
        .environment()
        .put("CLASSPATH", Objects.requireNonNull(System.getProperty("java.class.path")));
    return builder;
  }

  /** What a probe printed: lines {@code key=value}, the values as text. */
  record Answer(Map<String, String> values) {
    /** The text of a key. */
    String text(String key) throws IOException {
      String value = values.get(key);
      if (value == null) {
        throw new IOException(
            "the measured process did not print '%s', only %s".formatted(key, values.keySet()));
      }
      return value;
    }

    /** The number of a key. */
    double number(String key) throws IOException {
      return Double.parseDouble(text(key));
    }
  }

  /**
   * Runs a probe to its end and reads what it printed; its error output goes to ours.
   *
   * @throws IOException if it fails
   */
  static Answer ask(ProcessBuilder builder) throws IOException, InterruptedException {
    Process process = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    Map<String, String> values = new LinkedHashMap<>();
    try (BufferedReader reader = process.inputReader()) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        int equals = line.indexOf('=');
        if (equals > 0) {
          values.put(line.substring(0, equals), line.substring(equals + 1));
        }
      }
    }
    int exit = process.waitFor();
    if (exit != 0) {
      throw new IOException(
          "the measured process ended with exit code %d; its output above says why"
              .formatted(exit));
    }
    return new Answer(values);
  }
}
