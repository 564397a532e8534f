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
    return this == SCALAR ? Kernels.scalar() : Kernels.vector();
  }
}
