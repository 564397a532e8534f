package ernie4j.bench.sidebyside;

import ernie4j.bench.report.Round;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.math3.stat.descriptive.rank.Median;

/**
 * Times two contenders in alternating rounds in one process: A B, B A, A B ... Whatever drifts on
 * the machine affects both alike, so their ratio is steadier than either time. A round calls one
 * contender many times and keeps the median call.
 */
public final class SideBySide {
  private final Settings settings;

  /**
   * How long to measure.
   *
   * @param warmupSeconds how long each contender is called before the first round
   * @param rounds how many rounds each contender has
   * @param roundSeconds how long a round is; it has at least one call
   */
  public record Settings(double warmupSeconds, int rounds, double roundSeconds) {}

  public SideBySide(Settings settings) {
    this.settings = settings;
  }

  /** Runs all rounds in the calling thread. */
  public List<Round> run(Contender ours, Contender peer) {
    time(ours, settings.warmupSeconds);
    time(peer, settings.warmupSeconds);
    List<Round> rounds = new ArrayList<>();
    for (int i = 0; i < settings.rounds; i++) {
      boolean oursFirst = i % 2 == 0;
      double first = time(oursFirst ? ours : peer, settings.roundSeconds);
      double second = time(oursFirst ? peer : ours, settings.roundSeconds);
      rounds.add(oursFirst ? new Round(first, second) : new Round(second, first));
    }
    return rounds;
  }

  /** The median call in milliseconds. */
  private static double time(Contender contender, double seconds) {
    List<Double> calls = new ArrayList<>();
    long start = System.nanoTime();
    do {
      long before = System.nanoTime();
      contender.call().run();
      calls.add((System.nanoTime() - before) / 1e6);
    } while (System.nanoTime() - start < seconds * 1e9);
    return new Median().evaluate(calls.stream().mapToDouble(Double::doubleValue).toArray());
  }
}
