package ernie4j.training.autograd;

import ernie4j.engine.kernels.Kernels;
import ernie4j.engine.kernels.PackedMatrix;

/** Scratch memory for the attention of one head, one set per thread. */
final class AttentionWorkspaces {
  private final Set[] sets;

  AttentionWorkspaces(Kernels kernels, int threads) {
    sets = new Set[threads];
    for (int i = 0; i < threads; i++) {
      sets[i] = new Set(kernels);
    }
  }

  Set of(int part) {
    return sets[part];
  }

  /** Matrices of one head: {@code first} and {@code second} hold [tokens, tokens]. */
  static final class Set {
    private final PackedMatrix packed;
    float[] first = new float[0];
    float[] second = new float[0];

    Set(Kernels kernels) {
      packed = kernels.newPackedMatrix(1, 1);
    }

    PackedMatrix packed(int rows, int columns) {
      packed.reshape(rows, columns);
      return packed;
    }

    void prepare(int tokens) {
      if (first.length < tokens * tokens) {
        first = new float[tokens * tokens];
        second = new float[tokens * tokens];
      }
    }
  }
}
