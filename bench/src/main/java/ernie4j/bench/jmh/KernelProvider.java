package ernie4j.bench.jmh;

import ernie4j.engine.kernels.Kernels;

/** The implementations of the kernels. */
public enum KernelProvider {
  VECTOR,
  SCALAR,
  MACHINE_CODE;

  /**
   * The kernels.
   *
   * @throws IllegalStateException if this JVM cannot use them
   */
  Kernels kernels() {
    return switch (this) {
      case VECTOR -> Kernels.vector();
      case SCALAR -> Kernels.scalar();
      case MACHINE_CODE -> Kernels.named("machine-code");
    };
  }
}
