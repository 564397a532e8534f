package ernie4j.engine.kernels;

/** What a product does with its sums before it stores them. */
public enum Epilogue {
  /** {@code C = A B + bias}. */
  NONE,
  /** {@code C = gelu(A B + bias)}. */
  GELU,
  /** {@code C += A B}, without bias. */
  ADD
}
