package ernie4j.bench.jmh;

import java.util.SplittableRandom;

/**
 * The shape of {@code C [m, n] = A [m, k] B [k, n]}, written {@code 16x312x1248}.
 *
 * @param m rows of A and C
 * @param k columns of A, rows of B
 * @param n columns of B and C
 */
record Product(int m, int k, int n) {
  /**
   * Reads a shape.
   *
   * @throws IllegalArgumentException if it is not three numbers
   */
  static Product of(String shape) {
    if (!shape.matches("[1-9]\\d{0,5}x[1-9]\\d{0,5}x[1-9]\\d{0,5}")) {
      throw new IllegalArgumentException(
          "shape: expected rows, inner and columns such as 16x312x1248, got '%s'".formatted(shape));
    }
    String[] parts = shape.split("x", -1);
    return new Product(
        Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
  }

  /** Products that are added up. */
  double multiplyAdds() {
    return (double) m * k * n;
  }

  /** Random numbers between -1 and 1; the arithmetic meets no denormal ones. */
  static float[] random(int size) {
    SplittableRandom random = new SplittableRandom(size);
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextDouble(-1, 1);
    }
    return values;
  }
}
