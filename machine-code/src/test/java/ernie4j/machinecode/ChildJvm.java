package ernie4j.machinecode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Another JVM with the class path of this one: the same java program, or the one that {@code
 * -Dernie4j.childJvm} names, for a JVM under emulation.
 */
final class ChildJvm {
  private ChildJvm() {}

  /** Returns what it prints to standard output and standard error. */
  static String run(List<String> options, Class<?> main, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    Path own = Path.of(System.getProperty("java.home"), "bin", "java");
    command.add(System.getProperty("ernie4j.childJvm", own.toString()));
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}
