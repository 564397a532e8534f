package ernie4j.training.autograd;

import ernie4j.engine.kernels.Epilogue;
import ernie4j.engine.kernels.Kernels;

/**
 * A group of related vectors of the student and of the teacher. With X {@code [n, d]} the vectors
 * of one side: S = X X^T / sqrt(d) + mask, P = softmax(S), divergence = sum of P_teacher (log
 * P_teacher - log P). Then dS = P - P_teacher and dX = (dS + dS^T) X / sqrt(d), which is computed
 * together with the value, so nothing of size n x n outlives its group. One thread uses the object
 * for one group after another.
 */
final class RelationGroup {
  /** Stands for minus infinity, as in the reference. */
  private static final float MASKED = -1e9f;

  private final int[] rows;
  private final int[] heads;
  private final boolean[] masked;
  private int n;
  private final Kernels kernels;
  private final AttentionWorkspaces.Set workspace;
  private final Side student;
  private final Side teacher;
  private final float[] change;

  /** The vectors of one side, their scores S and probabilities P. */
  private static final class Side {
    final Variable variable;
    final int size;
    final float[] x;
    final float[] scores;
    final float[] probabilities;

    Side(Tape tape, Variable variable, int heads, int largest) {
      this.variable = variable;
      this.size = variable.columns() / heads;
      this.x = tape.buffer(largest * size);
      this.scores = tape.buffer(largest * largest);
      this.probabilities = tape.buffer(largest * largest);
    }

    float scale() {
      return (float) (1 / Math.sqrt(size));
    }

    int offset(int row, int head) {
      return row * variable.columns() + head * size;
    }
  }

  /**
   * Reserves memory for groups of up to {@code largest} vectors.
   *
   * @param heads how many vectors a row of either side contains
   */
  RelationGroup(
      Tape tape,
      AttentionWorkspaces.Set workspace,
      Variable student,
      Variable teacher,
      int heads,
      int largest) {
    this.rows = new int[largest];
    this.heads = new int[largest];
    this.masked = new boolean[largest];
    this.kernels = tape.kernels();
    this.workspace = workspace;
    this.student = new Side(tape, student, heads, largest);
    this.teacher = new Side(tape, teacher, heads, largest);
    this.change = tape.buffer(largest * this.student.size);
  }

  void clear() {
    n = 0;
  }

  /**
   * Adds a vector.
   *
   * @param isMasked whether no other vector relates to it
   */
  void add(int row, int head, boolean isMasked) {
    rows[n] = row;
    heads[n] = head;
    masked[n] = isMasked;
    n++;
  }

  /** The divergence; adds its gradient times {@code weight} to {@code d}. */
  double compare(float weight, float[] d) {
    relate(student);
    relate(teacher);
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += divergence(i * n);
    }
    differentiate(weight, d);
    return sum;
  }

  private void relate(Side side) {
    int size = side.size;
    for (int i = 0; i < n; i++) {
      System.arraycopy(
          side.variable.value(), side.offset(rows[i], heads[i]), side.x, i * size, size);
    }
    var transposed = workspace.packed(size, n);
    kernels.pack(side.x, 0, size, true, transposed, 0, n);
    kernels.gemm(n, side.x, 0, size, transposed, null, Epilogue.NONE, side.scores, 0, n);
    Elementwise.scale(side.scores, side.scores, side.scale(), 0, n * n);
    for (int j = 0; j < n; j++) {
      if (masked[j]) {
        for (int i = 0; i < n; i++) {
          side.scores[i * n + j] += MASKED;
        }
      }
    }
    System.arraycopy(side.scores, 0, side.probabilities, 0, n * n);
    kernels.softmax(n, n, side.probabilities, 0, n);
  }

  private double divergence(int row) {
    double teacherLogSum = logSum(teacher, row);
    double studentLogSum = logSum(student, row);
    double sum = 0;
    for (int j = row; j < row + n; j++) {
      double difference = (teacher.scores[j] - teacherLogSum) - (student.scores[j] - studentLogSum);
      sum += teacher.probabilities[j] * difference;
    }
    return sum;
  }

  /**
   * log(sum of e^S) of a row. The largest P = e^(S - log sum) gives it without another exponential.
   */
  private double logSum(Side side, int row) {
    int largest = row;
    for (int j = row + 1; j < row + n; j++) {
      if (side.scores[j] > side.scores[largest]) {
        largest = j;
      }
    }
    return side.scores[largest] - Math.log(side.probabilities[largest]);
  }

  /**
   * dX = (dS + dS^T) X / sqrt(d). The result replaces the teacher's S, which is no longer needed.
   */
  private void differentiate(float weight, float[] d) {
    float[] p = student.probabilities;
    float[] target = teacher.probabilities;
    float[] symmetric = teacher.scores;
    float scale = weight * student.scale();
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        int ij = i * n + j;
        int ji = j * n + i;
        float sum = (p[ij] - target[ij]) + (p[ji] - target[ji]);
        symmetric[ij] = scale * sum;
        symmetric[ji] = scale * sum;
      }
    }
    int size = student.size;
    var x = workspace.packed(n, size);
    kernels.pack(student.x, 0, size, false, x, 0, size);
    kernels.gemm(n, symmetric, 0, n, x, null, Epilogue.NONE, change, 0, size);
    for (int i = 0; i < n; i++) {
      int to = student.offset(rows[i], heads[i]);
      for (int k = 0; k < size; k++) {
        d[to + k] += change[i * size + k];
      }
    }
  }
}
