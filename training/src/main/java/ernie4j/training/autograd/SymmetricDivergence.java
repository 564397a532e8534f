package ernie4j.training.autograd;

import ernie4j.engine.head.Logits;

/**
 * How far two predictions of the same row are from each other: {@code sum (p - q) (log p - log q) /
 * 2} with p = softmax(a) and q = softmax(b), in float64 row by row.
 */
final class SymmetricDivergence {
  /** The lower limit of probabilities, so that their logarithms stay finite. */
  private static final double LEAST = 1e-30;

  private SymmetricDivergence() {}

  static Variable apply(Tape tape, Variable a, Variable b) {
    if (a.rows() != b.rows() || a.columns() != b.columns()) {
      throw new IllegalArgumentException(
          "symmetricDivergence: expected two matrices of one shape, got [%d, %d] and [%d, %d]"
              .formatted(a.rows(), a.columns(), b.rows(), b.columns()));
    }
    int classes = a.columns();
    float[] da = tape.buffer(a.size());
    float[] db = tape.buffer(b.size());
    double sum = 0;
    for (int offset = 0; offset < a.size(); offset += classes) {
      double[] p = Logits.probabilities(a.value(), offset, classes);
      double[] q = Logits.probabilities(b.value(), offset, classes);
      double ofP = 0;
      double ofQ = 0;
      for (int j = 0; j < classes; j++) {
        double difference = difference(p[j], q[j]);
        ofP += p[j] * difference;
        ofQ += q[j] * difference;
      }
      sum += (ofP - ofQ) / 2;
      for (int j = 0; j < classes; j++) {
        double difference = difference(p[j], q[j]);
        da[offset + j] = (float) ((p[j] * (difference - ofP) + p[j] - q[j]) / 2);
        db[offset + j] = (float) ((q[j] * (ofQ - difference) + q[j] - p[j]) / 2);
      }
    }
    return finish(tape, a, b, sum, da, db);
  }

  private static double difference(double p, double q) {
    return Math.log(Math.max(LEAST, p)) - Math.log(Math.max(LEAST, q));
  }

  private static Variable finish(
      Tape tape, Variable a, Variable b, double sum, float[] da, float[] db) {
    int rows = Math.max(1, a.rows());
    Variable result = tape.result(1, 1, a.needsGradient() || b.needsGradient());
    result.value()[0] = (float) (sum / rows);
    tape.record(
        () -> {
          if (result.hasGradient()) {
            float factor = result.gradient()[0] / rows;
            add(tape, a, da, factor);
            add(tape, b, db, factor);
          }
        });
    return result;
  }

  private static void add(Tape tape, Variable x, float[] d, float factor) {
    if (x.needsGradient()) {
      Elementwise.scale(d, d, factor, 0, x.size());
      tape.addGradient(x, d);
    }
  }
}
