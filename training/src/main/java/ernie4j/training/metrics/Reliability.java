package ernie4j.training.metrics;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Compares the confidence of a model's answers with how often they are right, over all answers and
 * over the surest ones.
 */
public final class Reliability {
  private static final int BINS = 15;

  /** The lowest probability in the log loss, so that one wrong, certain answer is not infinite. */
  private static final double LEAST = 1e-6;

  private final List<Answer> answers = new ArrayList<>();

  /** Creates a measurement without answers. */
  public Reliability() {}

  private record Answer(double confidence, boolean right) {}

  /**
   * The coverage and precision if only the surest answers are given.
   *
   * @param coverage percent of the examples that are answered
   * @param precision percent of these answers that are right
   * @param confidence of the least sure answer among them
   */
  public record Point(double coverage, double precision, double confidence) {}

  /**
   * Adds an answer.
   *
   * @param confidence the probability that the model gave its answer, from 0 to 1
   * @param right whether the answer is right
   */
  public void add(double confidence, boolean right) {
    answers.add(new Answer(confidence, right));
  }

  /**
   * Returns the expected calibration error (Guo et al., 2017): the difference between the mean
   * confidence of a bin and the share of its answers that are right, averaged over the answers,
   * with 15 bins of equal width.
   *
   * @return the error in percent; 0 without answers
   */
  public double calibrationError() {
    double[] confidence = new double[BINS];
    long[] right = new long[BINS];
    for (Answer answer : answers) {
      int bin = Math.min(BINS - 1, (int) (answer.confidence * BINS));
      confidence[bin] += answer.confidence;
      right[bin] += answer.right ? 1 : 0;
    }
    double sum = 0;
    for (int bin = 0; bin < BINS; bin++) {
      sum += Math.abs(confidence[bin] - right[bin]);
    }
    return 100 * sum / Math.max(1, answers.size());
  }

  /**
   * Returns the mean log loss of whether the answers are right.
   *
   * @return the loss in nats, 0 or more; 0 without answers
   */
  public double logLoss() {
    double sum = 0;
    for (Answer answer : answers) {
      double happened = answer.right ? answer.confidence : 1 - answer.confidence;
      sum -= Math.log(Math.max(LEAST, happened));
    }
    return sum / Math.max(1, answers.size());
  }

  /**
   * Returns the coverage and precision if only the surest answers are given, from few to all.
   * Answers of the same confidence share one point.
   *
   * @return the points, with rising coverage and falling confidence; empty without answers
   */
  public List<Point> curve() {
    List<Answer> sorted = new ArrayList<>(answers);
    sorted.sort(Comparator.comparingDouble(Answer::confidence).reversed());
    List<Point> points = new ArrayList<>();
    int right = 0;
    for (int i = 0; i < sorted.size(); i++) {
      double confidence = sorted.get(i).confidence;
      right += sorted.get(i).right ? 1 : 0;
      if (i + 1 == sorted.size() || sorted.get(i + 1).confidence < confidence) {
        points.add(new Point(100.0 * (i + 1) / sorted.size(), 100.0 * right / (i + 1), confidence));
      }
    }
    return points;
  }

  /**
   * Returns the first point of the curve that reaches a coverage.
   *
   * @param coverage the least share of examples to answer, in percent
   * @return the point; one of coverage 0, precision 0 and confidence 1 if the curve has none
   */
  public Point at(double coverage) {
    return curve().stream()
        .filter(point -> point.coverage >= coverage)
        .findFirst()
        .orElse(new Point(0, 0, 1));
  }

  /**
   * Returns the point of the curve at which only answers of some confidence are given.
   *
   * @param confidence the lowest confidence of an answer that is given, from 0 to 1
   * @return the point; one of coverage 0, precision 0 and confidence 1 if no answer is that sure
   */
  public Point from(double confidence) {
    Point last = new Point(0, 0, 1);
    for (Point point : curve()) {
      last = point.confidence >= confidence ? point : last;
    }
    return last;
  }
}
