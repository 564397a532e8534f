package ernie4j.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.apache.commons.math3.random.MersenneTwister;
import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.stat.descriptive.rank.Median;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;

/**
 * The result of all forks: for each, its rounds.
 *
 * <p>The ratio is the median over the forks of the median over a fork's rounds. Its 95 % interval
 * is a percentile bootstrap that draws forks with replacement and then rounds of each drawn fork,
 * because two processes differ more (in what C2 did, in where memory lies) than two rounds of one.
 *
 * @param title what was compared, for example {@code nano, 16 tokens}
 * @param unit of the values, for example {@code ms}
 * @param ours the name of our side
 * @param peer the name of the other side
 * @param forks at least one, each with at least one round
 */
public record Comparison(
    String title, String unit, String ours, String peer, List<List<Round>> forks) {
  private static final int RESAMPLES = 5000;

  /**
   * Checks that there is something to compare.
   *
   * @throws IllegalArgumentException if there is no fork or one without rounds
   */
  public Comparison {
    if (forks.isEmpty() || forks.stream().anyMatch(List::isEmpty)) {
      throw new IllegalArgumentException(
          "comparison '%s': expected at least one fork and in each at least one round, got %s"
              .formatted(title, forks.stream().map(List::size).toList()));
    }
  }

  /** Our median. */
  public double oursMedian() {
    return statistic(forks, Round::ours);
  }

  /** The peer's median. */
  public double peerMedian() {
    return statistic(forks, Round::peer);
  }

  /** Our value divided by the peer's; below 1 when ours needs less. */
  public double ratio() {
    return statistic(forks, Round::ratio);
  }

  /** The bounds of the ratio's 95 % interval. */
  public Interval interval() {
    RandomGenerator random = new MersenneTwister(1);
    double[] ratios = new double[RESAMPLES];
    for (int i = 0; i < RESAMPLES; i++) {
      List<List<Round>> drawn = new ArrayList<>();
      for (List<Round> fork : draw(forks, random)) {
        drawn.add(draw(fork, random));
      }
      ratios[i] = statistic(drawn, Round::ratio);
    }
    Percentile percentile = new Percentile();
    percentile.setData(ratios);
    return new Interval(percentile.evaluate(2.5), percentile.evaluate(97.5));
  }

  /** A lower and an upper bound. */
  public record Interval(double low, double high) {}

  private static <T> List<T> draw(List<T> from, RandomGenerator random) {
    return IntStream.range(0, from.size())
        .mapToObj(i -> from.get(random.nextInt(from.size())))
        .toList();
  }

  private static double statistic(List<List<Round>> forks, ToDoubleFunction<Round> value) {
    return new Median()
        .evaluate(
            forks.stream()
                .mapToDouble(
                    rounds -> new Median().evaluate(rounds.stream().mapToDouble(value).toArray()))
                .toArray());
  }
}
