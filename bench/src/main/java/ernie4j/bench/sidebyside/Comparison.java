package ernie4j.bench.sidebyside;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
 */
public record Comparison(String title, String ours, String peer, List<List<Round>> forks) {
  private static final int RESAMPLES = 5000;

  /** The median milliseconds of our calls. */
  public double oursMilliseconds() {
    return statistic(forks, Round::ours);
  }

  /** The median milliseconds of the peer's calls. */
  public double peerMilliseconds() {
    return statistic(forks, Round::peer);
  }

  /** Our time divided by the peer's; below 1 when ours is faster. */
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

  /** One line with times, ratio and interval. */
  public String summary() {
    Interval interval = interval();
    return String.format(
        Locale.ROOT,
        "%s: %s %.3f ms, %s %.3f ms, ratio %.3f (95 %%: %.3f to %.3f; %d forks x %d rounds)",
        title,
        ours,
        oursMilliseconds(),
        peer,
        peerMilliseconds(),
        ratio(),
        interval.low,
        interval.high,
        forks.size(),
        forks.get(0).size());
  }

  /** Writes every round: {@code fork,round,<ours> ms,<peer> ms}. */
  public void writeCsv(Path file) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add("fork,round,%s ms,%s ms".formatted(ours, peer));
    for (int f = 0; f < forks.size(); f++) {
      for (int r = 0; r < forks.get(f).size(); r++) {
        Round round = forks.get(f).get(r);
        lines.add("%d,%d,%s,%s".formatted(f + 1, r + 1, round.ours(), round.peer()));
      }
    }
    Files.write(file, lines);
  }
}
