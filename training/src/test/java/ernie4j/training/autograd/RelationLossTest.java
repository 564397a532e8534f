package ernie4j.training.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ernie4j.engine.KernelsUnderTest;
import ernie4j.engine.Parallel;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.kernels.Kernels;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** The relation loss against its formula in float64, and its gradient against differences. */
class RelationLossTest {
  private static float[] random(Random random, int size) {
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextGaussian() * 0.7f;
    }
    return values;
  }

  private static RaggedBatch batch(Random random, int sequences, int longest) {
    List<int[]> ids = new ArrayList<>();
    for (int s = 0; s < sequences; s++) {
      int[] tokens = new int[1 + random.nextInt(longest)];
      for (int i = 0; i < tokens.length; i++) {
        tokens[i] = i > 0 && random.nextInt(6) == 0 ? 0 : 1;
      }
      ids.add(tokens);
    }
    return RaggedBatch.of(ids);
  }

  /** Log softmax of one row of relations of one head. */
  private static double[] logRelations(
      float[] x, int columns, int size, int column, RaggedBatch batch, int s, int i) {
    int n = batch.length(s);
    double[] scores = new double[n];
    double sum = 0;
    for (int j = 0; j < n; j++) {
      for (int k = 0; k < size; k++) {
        int row = (batch.start(s) + i) * columns + column + k;
        int other = (batch.start(s) + j) * columns + column + k;
        scores[j] += (double) x[row] * x[other] / Math.sqrt(size);
      }
      if (batch.id(batch.start(s) + j) == 0) {
        scores[j] = Double.NEGATIVE_INFINITY;
      }
      sum += Math.exp(scores[j]);
    }
    for (int j = 0; j < n; j++) {
      scores[j] -= Math.log(sum);
    }
    return scores;
  }

  private static double expected(
      float[] student, int studentSize, float[] teacher, int teacherSize, RaggedBatch b, int r) {
    double loss = 0;
    for (int head = 0; head < 3 * r; head++) {
      for (int s = 0; s < b.sequences(); s++) {
        for (int i = 0; i < b.length(s); i++) {
          double[] q =
              logRelations(student, 3 * r * studentSize, studentSize, head * studentSize, b, s, i);
          double[] p =
              logRelations(teacher, 3 * r * teacherSize, teacherSize, head * teacherSize, b, s, i);
          for (int j = 0; j < p.length; j++) {
            loss += p[j] == Double.NEGATIVE_INFINITY ? 0 : Math.exp(p[j]) * (p[j] - q[j]);
          }
        }
      }
    }
    return loss / r / b.tokens();
  }

  @Property(tries = 30)
  void valueAndGradientFollowTheFormula(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 4) int heads,
      @ForAll @IntRange(min = 1, max = 7) int studentSize,
      @ForAll @IntRange(min = 1, max = 9) int teacherSize,
      @ForAll @IntRange(min = 1, max = 4) int sequences) {
    Random random = new Random(seed);
    RaggedBatch b = batch(random, sequences, 12);
    int columns = 3 * heads * studentSize;
    float[] x = random(random, b.tokens() * columns);
    float[] t = random(random, b.tokens() * 3 * heads * teacherSize);
    Variable teacher = Variable.constant(b.tokens(), 3 * heads * teacherSize, t);
    for (Kernels kernels : KernelsUnderTest.all()) {
      try (Parallel parallel = Parallel.of(2)) {
        Tape tape = new Tape(kernels, parallel);
        Variable student = Variable.parameter(b.tokens(), columns, x);
        tape.reset(1);
        Variable loss = tape.relationLoss(student, teacher, b, heads, 0);
        assertThat((double) loss.scalar())
            .isCloseTo(expected(x, studentSize, t, teacherSize, b, heads), within(2e-6));
        tape.backward(tape.scale(loss, 3f));
        float[] gradient = student.gradient();
        for (int i = 0; i < x.length; i += Math.max(1, x.length / 24)) {
          float kept = x[i];
          x[i] = kept + 0.01f;
          double above = expected(x, studentSize, t, teacherSize, b, heads);
          x[i] = kept - 0.01f;
          double below = expected(x, studentSize, t, teacherSize, b, heads);
          x[i] = kept;
          assertThat((double) gradient[i])
              .as("element %d", i)
              .isCloseTo(3 * (above - below) / 0.02, within(1e-4));
        }
      }
    }
  }

  @Property(tries = 5)
  void bitsDoNotDependOnTheThreads(@ForAll long seed) {
    Random random = new Random(seed);
    RaggedBatch b = batch(random, 9, 40);
    float[] x = random(random, b.tokens() * 72);
    float[] t = random(random, b.tokens() * 48);
    List<float[]> results = new ArrayList<>();
    for (int threads : new int[] {1, 2, 5}) {
      try (Parallel parallel = Parallel.of(threads)) {
        Tape tape = new Tape(Kernels.best(), parallel);
        Variable student = Variable.parameter(b.tokens(), 72, x);
        Variable loss = tape.relationLoss(student, Variable.constant(b.tokens(), 48, t), b, 4, 0);
        tape.backward(loss);
        results.add(student.gradient());
        results.add(new float[] {loss.scalar()});
      }
    }
    assertThat(results.get(2)).isEqualTo(results.get(0));
    assertThat(results.get(4)).isEqualTo(results.get(0));
    assertThat(results.get(3)).isEqualTo(results.get(1));
    assertThat(results.get(5)).isEqualTo(results.get(1));
  }

  @Test
  void equalRelationsCostNothingHoweverLarge() {
    RaggedBatch b = RaggedBatch.of(new int[] {1, 2, 3});
    float[] x = random(new Random(1), 3 * 12);
    for (int i = 0; i < x.length; i++) {
      x[i] *= 100;
    }
    try (Parallel parallel = Parallel.serial()) {
      Tape tape = new Tape(Kernels.best(), parallel);
      Variable student = Variable.parameter(3, 12, x);
      Variable loss = tape.relationLoss(student, Variable.constant(3, 12, x.clone()), b, 2, 0);
      assertThat(loss.scalar()).isZero();
      tape.backward(loss);
      assertThat(student.gradient()).containsOnly(0f);
    }
  }

  @Test
  void widthsThatTheHeadsDoNotDivideAreRefused() {
    RaggedBatch b = RaggedBatch.of(new int[] {1, 2});
    Variable x = Variable.parameter(2, 12, new float[24]);
    try (Parallel parallel = Parallel.serial()) {
      Tape tape = new Tape(Kernels.best(), parallel);
      assertThatThrownBy(() -> tape.relationLoss(x, x, b, 3, 0))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("the student")
          .hasMessageContaining("3 relation heads")
          .hasMessageContaining("[2, 12]");
      Variable teacher = Variable.constant(3, 12, new float[36]);
      assertThatThrownBy(() -> tape.relationLoss(x, teacher, b, 2, 0))
          .hasMessageContaining("the teacher")
          .hasMessageContaining("[3, 12]");
    }
  }
}
