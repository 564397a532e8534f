package ernie4j.training.metrics;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Whether a model is as sure of its answers as they are right, and how right those are of which it
 * is surest.
 */
public final class Reliability {
  private static final int BINS = 15;

  /** No answer is as wrong as this says: one that is sure of nonsense must not cost infinity. */
  private static final double LEAST = 1e-6;

  private final List<Answer> answers = new ArrayList<>();

  private record Answer(double confidence, boolean right) {}

  /**
   * What is left if only the surest answers are given.
   *
   * @param coverage percent of the examples that are answered
   * @param precision percent of these answers that are right
   * @param confidence of the least sure answer among them
   */
  public record Point(double coverage, double precision, double confidence) {}

  /** Counts an answer with its confidence, from 0 to 1. */
  public void add(double confidence, boolean right) {
    answers.add(new Answer(confidence, right));
  }

  /**
   * Expected calibration error in percent: how far, on average over the answers, the mean
   * confidence of their bin is from the share of it that is right, in 15 bins of equal width (Guo
   * et al., 2017).
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

  /** The mean of minus the logarithm of the probability that was given to what happened. */
  public double logLoss() {
    double sum = 0;
    for (Answer answer : answers) {
      double happened = answer.right ? answer.confidence : 1 - answer.confidence;
      sum -= Math.log(Math.max(LEAST, happened));
    }
    return sum / Math.max(1, answers.size());
  }

  /**
   * What is left if only the surest answers are given, from few to all: a point wherever the
   * confidence falls, for equally sure answers are given together.
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

  /** The first point of the curve at which at least so many percent are answered. */
  public Point at(double coverage) {
    return curve().stream()
        .filter(point -> point.coverage >= coverage)
        .findFirst()
        .orElse(new Point(0, 0, 1));
  }

  /** The answers of at least this confidence. */
  public Point from(double confidence) {
    Point last = new Point(0, 0, 1);
    for (Point point : curve()) {
      last = point.confidence >= confidence ? point : last;
    }
    return last;
  }
}
