package ernie4j.training.autograd;

import ernie4j.engine.RaggedBatch;
import ernie4j.engine.kernels.Kernels;
import ernie4j.engine.kernels.PackedMatrix;

/**
 * The relations of MiniLMv2. In the notation of the comments below, for one relation head X {@code
 * [n, d]} of a sequence of n tokens: S = X X^T / sqrt(d) + mask, P = softmax(S), loss = sum of
 * P_teacher (log P_teacher - log P). Then dS = P - P_teacher and dX = (dS + dS^T) X / sqrt(d),
 * which is computed together with the value: nothing of size n x n outlives its head.
 */
final class RelationLoss {
  /** As in the reference, where it stands for minus infinity. */
  private static final float MASKED = -1e9f;

  private static final int PARTS = 3;

  private final Tape tape;
  private final Kernels kernels;
  private final RaggedBatch batch;
  private final int relationHeads;
  private final int paddingId;
  private final Variable student;
  private final Variable teacher;
  private final float[] d;
  private final double[] sums;
  private final float[] scratch;
  private final int square;

  private RelationLoss(
      Tape tape,
      Variable student,
      Variable teacher,
      RaggedBatch batch,
      int relationHeads,
      int paddingId) {
    requireFit("the student", student, batch, relationHeads);
    requireFit("the teacher", teacher, batch, relationHeads);
    this.tape = tape;
    this.kernels = tape.kernels();
    this.batch = batch;
    this.relationHeads = relationHeads;
    this.paddingId = paddingId;
    this.student = student;
    this.teacher = teacher;
    this.d = tape.buffer(student.size());
    this.sums = new double[batch.sequences()];
    this.square = Math.multiplyExact(batch.longest(), batch.longest());
    this.scratch = tape.buffer(Math.multiplyExact(4 * tape.parallel().threads(), square));
  }

  private static void requireFit(String whose, Variable x, RaggedBatch batch, int relationHeads) {
    if (x.rows() != batch.tokens()
        || relationHeads < 1
        || x.columns() % (PARTS * relationHeads) != 0) {
      throw new IllegalArgumentException(
          "relationLoss: expected %s's query, key and value [%d, 3 x width] with a width that %d relation heads divide, got [%d, %d]"
              .formatted(whose, batch.tokens(), relationHeads, x.rows(), x.columns()));
    }
  }

  static Variable apply(
      Tape tape,
      Variable student,
      Variable teacher,
      RaggedBatch batch,
      int relationHeads,
      int paddingId) {
    RelationLoss loss = new RelationLoss(tape, student, teacher, batch, relationHeads, paddingId);
    tape.parallel()
        .run(
            batch.sequences(),
            1,
            (part, from, to) -> {
              for (int s = from; s < to; s++) {
                loss.sequence(part, s);
              }
            });
    double sum = 0;
    for (double s : loss.sums) {
      sum += s;
    }
    double terms = (double) relationHeads * batch.tokens();
    return Losses.finish(tape, student, sum / terms, loss.d, (float) (1 / terms));
  }

  /** Value and gradient of all relation heads of query, key and value of one sequence. */
  private void sequence(int part, int s) {
    int n = batch.length(s);
    int first = part * 4 * square;
    double sum = 0;
    for (int head = 0; head < PARTS * relationHeads; head++) {
      relations(part, teacher, s, head, first, first + square);
      relations(part, student, s, head, first + 2 * square, first + 3 * square);
      for (int row = 0; row < n; row++) {
        sum += divergence(first + row * n, n);
      }
      differentiate(part, s, head, first, first + 3 * square);
    }
    sums[s] = sum;
  }

  private int headSize(Variable x) {
    return x.columns() / (PARTS * relationHeads);
  }

  private static float scale(int headSize) {
    return (float) (1 / Math.sqrt(headSize));
  }

  /** S and P of a head, at two places of the scratch. */
  private void relations(int part, Variable x, int s, int head, int scores, int probabilities) {
    int n = batch.length(s);
    int size = headSize(x);
    int at = batch.start(s) * x.columns() + head * size;
    PackedMatrix transposed = tape.attentionWorkspaces().of(part).packed(size, n);
    kernels.pack(x.value(), at, x.columns(), true, transposed, 0, n);
    kernels.gemm(n, x.value(), at, x.columns(), transposed, null, scratch, scores, n);
    Elementwise.scale(scratch, scratch, scale(size), scores, scores + n * n);
    for (int j = 0; j < n; j++) {
      if (!batch.isVisible(batch.start(s) + j, paddingId)) {
        for (int i = 0; i < n; i++) {
          scratch[scores + i * n + j] += MASKED;
        }
      }
    }
    System.arraycopy(scratch, scores, scratch, probabilities, n * n);
    kernels.softmax(n, n, scratch, probabilities, n);
  }

  /** The divergence of one row: S, P of the teacher, S, P of the student stand a square apart. */
  private double divergence(int row, int n) {
    double teacherLogSum = logSum(row, n);
    double studentLogSum = logSum(row + 2 * square, n);
    double sum = 0;
    for (int j = row; j < row + n; j++) {
      double difference = (scratch[j] - teacherLogSum) - (scratch[j + 2 * square] - studentLogSum);
      sum += scratch[j + square] * difference;
    }
    return sum;
  }

  /**
   * log(sum of e^S) of a row. P = e^(S - log sum) where P is largest gives it without any further
   * exponential.
   */
  private double logSum(int row, int n) {
    int largest = row;
    for (int j = row + 1; j < row + n; j++) {
      if (scratch[j] > scratch[largest]) {
        largest = j;
      }
    }
    return scratch[largest] - Math.log(scratch[largest + square]);
  }

  /** dX = (dS + dS^T) X / sqrt(d), where the teacher's S is not needed any more. */
  private void differentiate(int part, int s, int head, int symmetric, int probabilities) {
    int n = batch.length(s);
    int size = headSize(student);
    float scale = scale(size);
    int teachers = symmetric + square;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        int ij = i * n + j;
        int ji = j * n + i;
        float sum =
            (scratch[probabilities + ij] - scratch[teachers + ij])
                + (scratch[probabilities + ji] - scratch[teachers + ji]);
        scratch[symmetric + ij] = scale * sum;
        scratch[symmetric + ji] = scale * sum;
      }
    }
    int ld = student.columns();
    int at = batch.start(s) * ld + head * size;
    PackedMatrix x = tape.attentionWorkspaces().of(part).packed(n, size);
    kernels.pack(student.value(), at, ld, false, x, 0, size);
    kernels.gemm(n, scratch, symmetric, n, x, null, d, at, ld);
  }
}
