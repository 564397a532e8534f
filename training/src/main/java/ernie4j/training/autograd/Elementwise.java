package ernie4j.training.autograd;

/** Loops over whole arrays; C2 vectorizes them because of their plain index. */
final class Elementwise {
  private Elementwise() {}

  static void add(float[] sum, float[] values, int from, int to) {
    for (int i = from; i < to; i++) {
      sum[i] += values[i];
    }
  }

  static void addScaled(float[] sum, float[] values, float factor, int from, int to) {
    for (int i = from; i < to; i++) {
      sum[i] += factor * values[i];
    }
  }

  static void scale(float[] out, float[] values, float factor, int from, int to) {
    for (int i = from; i < to; i++) {
      out[i] = factor * values[i];
    }
  }
}
