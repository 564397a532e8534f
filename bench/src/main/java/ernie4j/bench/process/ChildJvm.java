package ernie4j.bench.process;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
}
