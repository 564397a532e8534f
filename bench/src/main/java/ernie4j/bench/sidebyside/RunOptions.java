package ernie4j.bench.sidebyside;

import ernie4j.bench.report.Comparison;
import ernie4j.bench.report.ReportOptions;
import ernie4j.bench.report.Round;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that all side-by-side comparisons have, and how a run follows from them. */
final class RunOptions {
  @Option(names = "--forks", defaultValue = "5", description = "processes a case (default 5)")
  private int forks;

  @Option(names = "--rounds", defaultValue = "30", description = "rounds a process (default 30)")
  private int rounds;

  @Option(
      names = "--round-seconds",
      defaultValue = "0.2",
      description = "length of a round of one side (default 0.2)")
  private double roundSeconds;

  @Option(
      names = "--warmup-seconds",
      defaultValue = "5",
      description = "how long each side warms up (default 5)")
  private double warmupSeconds;

  @Mixin private ReportOptions report = new ReportOptions();

  SideBySide sideBySide() {
    return new SideBySide(new SideBySide.Settings(warmupSeconds, rounds, roundSeconds));
  }

  /**
   * Measures one case, if this process is a fork; otherwise runs the forks and reports. All cases
   * have their first fork before any has its second, so that a slow hour of the machine does not
   * affect one case only. A case is not reported if one of its forks fails.
   *
   * @return the exit code: 0 if every case could be reported, else 1
   */
  int run(List<Case> cases, Class<?> main, String[] arguments)
      throws IOException, InterruptedException {
    Optional<Forks.Task> task = Forks.task();
    if (task.isPresent()) {
      task.get().write(cases.get(task.get().caseIndex()).measurement().get());
      return 0;
    }
    List<List<List<Round>>> results = new ArrayList<>();
    cases.forEach(each -> results.add(new ArrayList<>()));
    List<Integer> failed = new ArrayList<>();
    for (int fork = 1; fork <= forks; fork++) {
      for (int i = 0; i < cases.size(); i++) {
        if (failed.contains(i)) {
          continue;
        }
        System.err.printf("fork %d of %d: %s%n", fork, forks, cases.get(i).title());
        Optional<List<Round>> measured = Forks.run(i, main, arguments);
        if (measured.isPresent()) {
          results.get(i).add(measured.get());
        } else {
          failed.add(i);
        }
      }
    }
    report(cases, results, failed);
    return failed.isEmpty() ? 0 : 1;
  }

  private void report(List<Case> cases, List<List<List<Round>>> results, List<Integer> failed)
      throws IOException {
    List<Comparison> comparisons = new ArrayList<>();
    for (int i = 0; i < cases.size(); i++) {
      Case each = cases.get(i);
      if (failed.contains(i)) {
        System.err.printf("not reported: %s; a fork failed, see above%n", each.title());
      } else {
        comparisons.add(
            new Comparison(each.title(), "ms", each.ours(), each.peer(), results.get(i)));
      }
    }
    report.report(comparisons);
  }
}
