package ernie4j.training.distillation;

import ernie4j.engine.Tensor;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.MatrixUtils;

/** The directions in which the rows of a table vary most. */
final class PrincipalAxes {
  private final int count;

  /** {@code [width, count]}; every column is an axis. */
  private final double[][] axes;

  private PrincipalAxes(int count, double[][] axes) {
    this.count = count;
    this.axes = axes;
  }

  /**
   * Computes the first principal axes: eigenvectors of the covariance of the rows, by descending
   * eigenvalue.
   *
   * @param table {@code [rows, width]}
   * @param count how many axes, at most width
   * @throws IllegalArgumentException if there are not as many
   */
  static PrincipalAxes of(Tensor table, int count) {
    int width = table.dimension(1);
    if (count > width) {
      throw new IllegalArgumentException(
          "PrincipalAxes: a table of width %d has no %d axes; a student must not be wider than its teacher"
              .formatted(width, count));
    }
    EigenDecomposition eigen =
        new EigenDecomposition(MatrixUtils.createRealMatrix(covariance(table)));
    double[] values = eigen.getRealEigenvalues();
    int[] order =
        IntStream.range(0, width)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -values[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[][] axes = new double[width][count];
    for (int a = 0; a < count; a++) {
      double[] vector = eigen.getEigenvector(order[a]).toArray();
      for (int j = 0; j < width; j++) {
        axes[j][a] = vector[j];
      }
    }
    return new PrincipalAxes(count, axes);
  }

  private static double[] means(Tensor table) {
    int width = table.dimension(1);
    double[] means = new double[width];
    for (int i = 0; i < table.size(); i++) {
      means[i % width] += table.get(i);
    }
    int rows = table.dimension(0);
    Arrays.setAll(means, j -> means[j] / rows);
    return means;
  }

  private static double[][] covariance(Tensor table) {
    int width = table.dimension(1);
    int rows = table.dimension(0);
    double[] means = means(table);
    double[][] sums = new double[width][width];
    double[] row = new double[width];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < width; j++) {
        row[j] = table.get(i * width + j) - means[j];
      }
      for (int j = 0; j < width; j++) {
        double x = row[j];
        double[] sum = sums[j];
        for (int k = 0; k <= j; k++) {
          sum[k] += x * row[k];
        }
      }
    }
    for (int j = 0; j < width; j++) {
      for (int k = 0; k <= j; k++) {
        sums[j][k] /= rows;
        sums[k][j] = sums[j][k];
      }
    }
    return sums;
  }

  /**
   * The rows of a table along the axes, {@code [rows, axes]}, without their mean, which does not
   * distinguish them.
   */
  Tensor project(Tensor table) {
    int rows = table.dimension(0);
    int width = axes.length;
    double[] means = means(table);
    Tensor projected = Tensor.zeros(rows, count);
    double[] sums = new double[count];
    for (int i = 0; i < rows; i++) {
      Arrays.fill(sums, 0);
      for (int j = 0; j < width; j++) {
        double x = table.get(i * width + j) - means[j];
        double[] components = axes[j];
        for (int a = 0; a < count; a++) {
          sums[a] += x * components[a];
        }
      }
      for (int a = 0; a < count; a++) {
        projected.data()[i * count + a] = (float) sums[a];
      }
    }
    return projected;
  }
}
