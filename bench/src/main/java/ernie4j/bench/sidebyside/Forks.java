package ernie4j.bench.sidebyside;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Repeats a comparison in fresh processes: the same main class, arguments, JVM options, class path
 * and, as the system hands it down, the same processors. A fork knows by a system property that it
 * is one and writes its rounds to the file of that name.
 */
final class Forks {
  private static final String ROUNDS_FILE = "ernie4j.bench.rounds";

  private Forks() {}

  /** Where to write the rounds, if this process is a fork. */
  static Optional<Path> roundsFile() {
    return Optional.ofNullable(System.getProperty(ROUNDS_FILE)).map(Path::of);
  }

  /** Writes what {@link #run} reads. */
  static void writeRounds(Path file, List<Round> rounds) throws IOException {
    Files.write(file, rounds.stream().map(r -> r.ours() + "," + r.peer()).toList());
  }

  /**
   * Runs {@code count} forks one after the other and returns their rounds.
   *
   * @throws IOException if a fork fails; its own output says why
   */
  static List<List<Round>> run(int count, Class<?> main, String[] arguments)
      throws IOException, InterruptedException {
    List<List<Round>> forks = new ArrayList<>();
    for (int fork = 1; fork <= count; fork++) {
      Path file = Files.createTempFile("rounds", ".csv");
      try {
        int exit = start(main, arguments, file).waitFor();
        if (exit != 0) {
          throw new IOException(
              "fork %d of %d ended with exit code %d".formatted(fork, count, exit));
        }
        forks.add(readRounds(file));
      } finally {
        Files.deleteIfExists(file);
      }
    }
    return forks;
  }

  private static Process start(Class<?> main, String[] arguments, Path file) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.add("-D" + ROUNDS_FILE + "=" + file);
    command.add(main.getName());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
    // Not -cp: native libraries have been seen to fail on very long command lines.
    builder
        .environment()
        .put("CLASSPATH", Objects.requireNonNull(System.getProperty("java.class.path")));
    return builder.start();
  }

  private static List<Round> readRounds(Path file) throws IOException {
    List<Round> rounds = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      int comma = line.indexOf(',');
      rounds.add(
          new Round(
              Double.parseDouble(line.substring(0, comma)),
              Double.parseDouble(line.substring(comma + 1))));
    }
    return rounds;
  }
}
