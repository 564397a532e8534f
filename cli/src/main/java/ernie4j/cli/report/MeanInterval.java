package ernie4j.cli.report;

import java.util.Locale;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.stat.descriptive.DescriptiveStatistics;

/**
 * The mean over several seeds with its confidence interval.
 *
 * @param mean the mean of the values
 * @param half half the width of the 95 % confidence interval of the mean (Student's t); 0 for a
 *     single value
 */
public record MeanInterval(double mean, double half) {
  /** The mean of at least one value. */
  public static MeanInterval of(double... values) {
    DescriptiveStatistics statistics = new DescriptiveStatistics(values);
    int n = values.length;
    double half =
        n < 2
            ? 0
            : new TDistribution(n - 1).inverseCumulativeProbability(0.975)
                * statistics.getStandardDeviation()
                / Math.sqrt(n);
    return new MeanInterval(statistics.getMean(), half);
  }

  /** For example {@code 84.12 ± 0.31}; for a single value, without interval. */
  public static String shown(double... values) {
    MeanInterval interval = of(values);
    return values.length < 2
        ? String.format(Locale.ROOT, "%.2f", interval.mean)
        : String.format(Locale.ROOT, "%.2f ± %.2f", interval.mean, interval.half);
  }
}
