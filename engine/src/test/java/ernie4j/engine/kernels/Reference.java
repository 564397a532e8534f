package ernie4j.engine.kernels;

import java.util.Arrays;
import java.util.Random;

/** Plain float64 forms of the kernels, and matrices whose surroundings must stay untouched. */
public final class Reference {
  private Reference() {}

  /**
   * A block of a larger array; the values around it are a pattern that no kernel writes by chance.
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Block(float[] array, int offset, int ld, int rows, int columns) {
    public static Block of(Random random, int rows, int columns) {
      int ld = columns + random.nextInt(4);
      int offset = random.nextInt(5);
      float[] array = new float[offset + rows * ld + random.nextInt(5)];
      Arrays.fill(array, GUARD);
      Block block = new Block(array, offset, ld, rows, columns);
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < columns; j++) {
          block.set(i, j, (float) random.nextGaussian());
        }
      }
      return block;
    }

    public float get(int row, int column) {
      return array[offset + row * ld + column];
    }

    public void set(int row, int column, float value) {
      array[offset + row * ld + column] = value;
    }

    public Block copy() {
      return new Block(array.clone(), offset, ld, rows, columns);
    }

    /** Whether everything outside the block still holds the guard. */
    public boolean surroundingsUntouched() {
      for (int i = 0; i < array.length; i++) {
        int row = Math.floorDiv(i - offset, ld);
        int column = Math.floorMod(i - offset, ld);
        boolean inside = row >= 0 && row < rows && column < columns;
        if (!inside && Float.floatToRawIntBits(array[i]) != Float.floatToRawIntBits(GUARD)) {
          return false;
        }
      }
      return true;
    }
  }

  static final float GUARD = -1.2345e30f;

  static double erf(double x) {
    double a = Math.abs(x);
    if (a < 3) {
      double sum = 0;
      double term = a;
      for (int n = 0; n < 120; n++) {
        sum += term / (2 * n + 1);
        term *= -a * a / (n + 1);
      }
      return Math.signum(x) * sum * 2 / Math.sqrt(Math.PI);
    }
    double fraction = 0;
    for (int k = 60; k > 0; k--) {
      fraction = k / 2.0 / (a + fraction);
    }
    return Math.signum(x) * (1 - Math.exp(-a * a) / Math.sqrt(Math.PI) / (a + fraction));
  }

  static double gelu(double x) {
    return x / 2 * (1 + erf(x / Math.sqrt(2)));
  }

  static double geluDerivative(double x) {
    double density = Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
    return (1 + erf(x / Math.sqrt(2))) / 2 + x * density;
  }

  static double[] softmax(double[] x) {
    double max = Arrays.stream(x).max().orElseThrow();
    double[] y = Arrays.stream(x).map(v -> Math.exp(v - max)).toArray();
    double sum = Arrays.stream(y).sum();
    return Arrays.stream(y).map(v -> v / sum).toArray();
  }
}
