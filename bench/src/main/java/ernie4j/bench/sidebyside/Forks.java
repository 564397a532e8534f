package ernie4j.bench.sidebyside;

import ernie4j.bench.process.ChildJvm;
import ernie4j.bench.report.Round;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Repeats one case of a comparison in a fresh process with the same main class and arguments. Two
 * system properties tell a process that it is a fork, which case is its own and to which file it
 * writes its rounds.
 */
final class Forks {
  private static final String ROUNDS_FILE = "ernie4j.bench.rounds";
  private static final String CASE = "ernie4j.bench.case";

  private Forks() {}

  /** What a fork has to do. */
  record Task(int caseIndex, Path roundsFile) {
    /** Writes what {@link #run} reads. */
    void write(List<Round> rounds) throws IOException {
      Files.write(roundsFile, rounds.stream().map(r -> r.ours() + "," + r.peer()).toList());
    }
  }

  /** The task of this process, if it is a fork. */
  static Optional<Task> task() {
    return Optional.ofNullable(System.getProperty(ROUNDS_FILE))
        .map(file -> new Task(Integer.getInteger(CASE, 0), Path.of(file)));
  }

  /**
   * Runs one fork.
   *
   * @return its rounds; empty if it failed, its own output then says why
   */
  static Optional<List<Round>> run(int caseIndex, Class<?> main, String[] arguments)
      throws IOException, InterruptedException {
    Path file = Files.createTempFile("rounds", ".csv");
    try {
      int exit =
          ChildJvm.of(
                  List.of("-D" + ROUNDS_FILE + "=" + file, "-D" + CASE + "=" + caseIndex),
                  main,
                  List.of(arguments))
              .inheritIO()
              .start()
              .waitFor();
      return exit == 0 ? Optional.of(readRounds(file)) : Optional.empty();
    } finally {
      Files.deleteIfExists(file);
    }
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
