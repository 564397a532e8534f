package ernie4j.bench.jmh;

import ernie4j.engine.kernels.Kernels;

/** The two implementations of every kernel. */
public enum KernelProvider {
  VECTOR,
  SCALAR;

  /**
   * The kernels.
   *
   * @throws IllegalStateException if this JVM has no vector kernels and they were asked for
   */
  Kernels kernels() {
    Kernels scalar = Kernels.scalar();
    if (this == SCALAR) {
      return scalar;
    }
    Kernels best = Kernels.best();
    if (best.name().equals(scalar.name())) {
      throw new IllegalStateException(
          "VECTOR: this JVM has no vector kernels, the line of the log says why");
    }
    return best;
  }
}
