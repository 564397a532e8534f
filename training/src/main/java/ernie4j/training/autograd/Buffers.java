package ernie4j.training.autograd;

import java.util.ArrayList;
import java.util.List;

/**
 * The arrays of a training step. Every step requests arrays in the same order, so the k-th request
 * gets the k-th array again, which is replaced only when a larger batch needs a longer one.
 */
final class Buffers {
  private final List<float[]> arrays = new ArrayList<>();
  private int taken;

  /** An array of at least {@code length} values with undefined contents. */
  float[] take(int length) {
    if (taken == arrays.size()) {
      arrays.add(new float[length]);
    } else if (arrays.get(taken).length < length) {
      arrays.set(taken, new float[length + length / 8]);
    }
    return arrays.get(taken++);
  }

  /** Takes all arrays back. */
  void reset() {
    taken = 0;
  }
}
