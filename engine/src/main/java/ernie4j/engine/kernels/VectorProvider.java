package ernie4j.engine.kernels;

import java.util.Optional;

/** The door to the vector kernels; loaded only after the module was found. */
final class VectorProvider {
  private VectorProvider() {}

  /** Kernels that compute on vectors from the first call on. */
  static Kernels kernels() {
    return new CheckedKernels(new VectorKernels());
  }

  /** Kernels that compute on vectors as soon as those are compiled, and until then without. */
  static Kernels startPlain() {
    return VectorWarmUp.start(VectorProvider::wrongResults);
  }

  static Optional<String> wrongWidth() {
    int bits = VectorPanels.BITS;
    if (bits < 128 || bits > 512) {
      return Optional.of(
          "This machine's preferred vectors have "
              + bits
              + " bit and the vector kernels need 128 to 512, so the plain-Java kernels are used.");
    }
    return Optional.empty();
  }

  /** Computes something on both providers and compares. */
  static Optional<String> wrongResults() {
    if (!agreesWithScalar()) {
      return Optional.of(
          "The vector kernels do not give the same results as the plain-Java kernels on this JVM, so"
              + " the plain-Java kernels are used; please report this with the output of java -version.");
    }
    return Optional.empty();
  }

  /** A product with odd sizes and a GELU of it, on both providers. */
  private static boolean agreesWithScalar() {
    float[] vector = sample(kernels());
    float[] scalar = sample(Kernels.scalar());
    for (int i = 0; i < scalar.length; i++) {
      if (!(Math.abs(vector[i] - scalar[i]) <= 1e-5f)) {
        return false;
      }
    }
    return true;
  }

  private static float[] sample(Kernels kernels) {
    int m = 3;
    int k = 5;
    int n = 37;
    float[] a = new float[m * k];
    float[] b = new float[k * n];
    float[] c = new float[m * n];
    for (int i = 0; i < a.length; i++) {
      a[i] = (i % 7 - 3) * 0.25f;
    }
    for (int i = 0; i < b.length; i++) {
      b[i] = (i % 11 - 5) * 0.125f;
    }
    PackedMatrix packed = kernels.newPackedMatrix(k, n);
    kernels.pack(b, 0, n, false, packed, 0, n);
    kernels.gemm(m, a, 0, k, packed, null, c, 0, n);
    kernels.gelu(c.length, c, 0, c, 0);
    return c;
  }
}
