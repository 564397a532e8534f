package ernie4j.training.autograd;

import ernie4j.engine.RaggedBatch;
import java.util.Arrays;

/** Losses. Each computes its gradient together with its value, in float64 row by row. */
final class Losses {
  private Losses() {}

  static Variable crossEntropy(
      Tape tape, Variable logits, int[] labels, int ignoredLabel, LossMean mean) {
    requireLength("crossEntropy", "labels", labels.length, logits.rows());
    int classes = logits.columns();
    float[] d = tape.buffer(logits.size());
    Arrays.fill(d, 0, logits.size(), 0f);
    double sum = 0;
    int valid = 0;
    for (int i = 0; i < logits.rows(); i++) {
      if (labels[i] == ignoredLabel) {
        continue;
      }
      if (labels[i] < 0 || labels[i] >= classes) {
        throw new IllegalArgumentException(
            "crossEntropy: row %d: expected a label in [0, %d) or %d, got %d"
                .formatted(i, classes, ignoredLabel, labels[i]));
      }
      sum += row(logits.value(), i * classes, 1, classes, labels[i], d);
      valid++;
    }
    int divisor = mean == LossMean.ALL_ROWS ? logits.rows() : Math.max(1, valid);
    return finish(tape, logits, sum / divisor, d, 1f / divisor);
  }

  static Variable positionCrossEntropy(
      Tape tape, Variable logits, int column, RaggedBatch batch, int[] positions) {
    requireLength("positionCrossEntropy", "positions", positions.length, batch.sequences());
    int ends = logits.columns();
    float[] d = tape.buffer(logits.size());
    Arrays.fill(d, 0, logits.size(), 0f);
    double sum = 0;
    int valid = 0;
    for (int s = 0; s < batch.sequences(); s++) {
      int length = batch.length(s);
      int position = Math.max(0, Math.min(positions[s], length));
      if (position < length) {
        sum += row(logits.value(), batch.start(s) * ends + column, ends, length, position, d);
        valid++;
      }
    }
    int divisor = Math.max(1, valid);
    return finish(tape, logits, sum / divisor, d, 1f / divisor);
  }

  /**
   * -log softmax(x)[label] of {@code n} values with a distance of {@code stride}. It writes
   * softmax(x) minus the one-hot label to d.
   */
  private static double row(float[] x, int offset, int stride, int n, int label, float[] d) {
    double max = Double.NEGATIVE_INFINITY;
    for (int j = 0; j < n; j++) {
      max = Math.max(max, x[offset + j * stride]);
    }
    double sum = 0;
    for (int j = 0; j < n; j++) {
      sum += Math.exp(x[offset + j * stride] - max);
    }
    double logSum = max + Math.log(sum);
    for (int j = 0; j < n; j++) {
      double probability = Math.exp(x[offset + j * stride] - logSum);
      d[offset + j * stride] = (float) (j == label ? probability - 1 : probability);
    }
    return logSum - x[offset + label * stride];
  }

  /** Cross entropy of softmax(x / t) against the probabilities softmax(teacher / t). */
  static Variable softCrossEntropy(Tape tape, Variable x, Variable teacher, float temperature) {
    requireSameShape("softCrossEntropy", x, teacher);
    int classes = x.columns();
    float[] d = tape.buffer(x.size());
    double sum = 0;
    for (int row = 0; row < x.rows(); row++) {
      sum = addSoft(sum, x, teacher, row * classes, 1, classes, temperature, d);
    }
    return finish(tape, x, sum / x.rows(), d, 1f / x.rows());
  }

  static Variable softPositionCrossEntropy(
      Tape tape, Variable x, int column, RaggedBatch batch, Variable teacher, float temperature) {
    requireSameShape("softPositionCrossEntropy", x, teacher);
    requireLength("softPositionCrossEntropy", "rows of logits", x.rows(), batch.tokens());
    int ends = x.columns();
    float[] d = tape.buffer(x.size());
    Arrays.fill(d, 0, x.size(), 0f);
    double sum = 0;
    for (int s = 0; s < batch.sequences(); s++) {
      int offset = batch.start(s) * ends + column;
      sum = addSoft(sum, x, teacher, offset, ends, batch.length(s), temperature, d);
    }
    return finish(tape, x, sum / batch.sequences(), d, 1f / batch.sequences());
  }

  /**
   * Adds the cross entropy of {@code n} values with a distance of {@code stride} to a sum, and
   * writes (softmax(x / t) - softmax(teacher / t)) / t to d.
   */
  private static double addSoft(
      double sum,
      Variable x,
      Variable teacher,
      int offset,
      int stride,
      int n,
      float temperature,
      float[] d) {
    double logSum = logSum(x.value(), offset, stride, n, temperature);
    double teacherLogSum = logSum(teacher.value(), offset, stride, n, temperature);
    for (int i = offset; i < offset + n * stride; i += stride) {
      double log = x.value()[i] / temperature - logSum;
      double expected = Math.exp(teacher.value()[i] / temperature - teacherLogSum);
      sum -= expected * log;
      d[i] = (float) ((Math.exp(log) - expected) / temperature);
    }
    return sum;
  }

  private static double logSum(float[] x, int offset, int stride, int n, float temperature) {
    double max = Double.NEGATIVE_INFINITY;
    for (int j = 0; j < n; j++) {
      max = Math.max(max, x[offset + j * stride] / temperature);
    }
    double sum = 0;
    for (int j = 0; j < n; j++) {
      sum += Math.exp(x[offset + j * stride] / temperature - max);
    }
    return max + Math.log(sum);
  }

  static Variable softBinaryCrossEntropy(
      Tape tape, Variable x, Variable teacher, float temperature) {
    requireSameShape("softBinaryCrossEntropy", x, teacher);
    float[] d = tape.buffer(x.size());
    double sum = 0;
    for (int i = 0; i < x.size(); i++) {
      double logit = (double) x.value()[i] / temperature;
      double wanted = (double) teacher.value()[i] / temperature;
      // The likelier side costs log(1 + e^-|x|), the other |x| more: no overflow, no cancellation.
      double unlikely = sigmoid(logit > 0 ? -wanted : wanted);
      sum += Math.abs(logit) * unlikely + Math.log1p(Math.exp(-Math.abs(logit)));
      d[i] = (float) ((sigmoid(logit) - sigmoid(wanted)) / temperature);
    }
    return finish(tape, x, sum / x.size(), d, 1f / x.size());
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  static Variable meanSquaredError(Tape tape, Variable x, Variable teacher) {
    requireSameShape("meanSquaredError", x, teacher);
    float[] d = tape.buffer(x.size());
    double sum = 0;
    for (int i = 0; i < x.size(); i++) {
      sum += squaredDifference(x.value()[i], teacher.value()[i], d, i);
    }
    return finish(tape, x, sum / x.size(), d, 1f / x.size());
  }

  static Variable meanSquaredError(Tape tape, Variable x, float[] labels) {
    requireLength("meanSquaredError", "labels", labels.length, x.size());
    float[] d = tape.buffer(x.size());
    Arrays.fill(d, 0, x.size(), 0f);
    double sum = 0;
    int valid = 0;
    for (int i = 0; i < x.size(); i++) {
      if (!Float.isNaN(labels[i])) {
        sum += squaredDifference(x.value()[i], labels[i], d, i);
        valid++;
      }
    }
    int divisor = Math.max(1, valid);
    return finish(tape, x, sum / divisor, d, 1f / divisor);
  }

  private static double squaredDifference(float x, float label, float[] d, int i) {
    double difference = x - label;
    d[i] = (float) (2 * difference);
    return difference * difference;
  }

  static Variable binaryCrossEntropy(Tape tape, Variable logits, float[] labels) {
    requireLength("binaryCrossEntropy", "labels", labels.length, logits.size());
    float[] d = tape.buffer(logits.size());
    Arrays.fill(d, 0, logits.size(), 0f);
    double sum = 0;
    int valid = 0;
    for (int i = 0; i < logits.size(); i++) {
      if (Float.isNaN(labels[i])) {
        continue;
      }
      double x = logits.value()[i];
      // max(x, 0) - x y + log(1 + e^-|x|) neither overflows nor cancels.
      sum += Math.max(x, 0) - x * labels[i] + Math.log1p(Math.exp(-Math.abs(x)));
      d[i] = (float) (sigmoid(x) - labels[i]);
      valid++;
    }
    int divisor = Math.max(1, valid);
    return finish(tape, logits, sum / divisor, d, 1f / divisor);
  }

  /** A loss whose gradient with respect to x is {@code factor * d}. */
  static Variable finish(Tape tape, Variable x, double loss, float[] d, float factor) {
    Variable result = tape.result(1, 1, x.needsGradient());
    result.value()[0] = (float) loss;
    tape.record(
        () -> {
          if (result.hasGradient() && x.needsGradient()) {
            Elementwise.scale(d, d, factor * result.gradient()[0], 0, x.size());
            tape.addGradient(x, d);
          }
        });
    return result;
  }

  private static void requireSameShape(String operation, Variable x, Variable teacher) {
    if (x.rows() != teacher.rows() || x.columns() != teacher.columns()) {
      throw new IllegalArgumentException(
          "%s: expected a teacher of shape [%d, %d], got [%d, %d]"
              .formatted(operation, x.rows(), x.columns(), teacher.rows(), teacher.columns()));
    }
  }

  private static void requireLength(String operation, String what, int got, int expected) {
    if (got != expected) {
      throw new IllegalArgumentException(
          "%s: expected %d %s, got %d".formatted(operation, expected, what, got));
    }
  }
}
