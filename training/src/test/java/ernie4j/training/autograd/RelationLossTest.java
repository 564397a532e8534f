package ernie4j.training.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ernie4j.engine.KernelsUnderTest;
import ernie4j.engine.Parallel;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.kernels.Kernels;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
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

  /** A relation head of a token. */
  private record Member(int row, int head) {}

  /** The groups whose members are related to each other: tokens, heads, samples. */
  private static List<List<List<Member>>> groups(RaggedBatch b, int r) {
    Map<String, List<Member>> tokens = new LinkedHashMap<>();
    Map<String, List<Member>> heads = new LinkedHashMap<>();
    Map<String, List<Member>> samples = new LinkedHashMap<>();
    for (int s = 0; s < b.sequences(); s++) {
      for (int i = 0; i < b.length(s); i++) {
        for (int head = 0; head < 3 * r; head++) {
          Member member = new Member(b.start(s) + i, head);
          tokens.computeIfAbsent(s + " " + head, k -> new ArrayList<>()).add(member);
          heads.computeIfAbsent(member.row + " " + head / r, k -> new ArrayList<>()).add(member);
          samples.computeIfAbsent(i + " " + head, k -> new ArrayList<>()).add(member);
        }
      }
    }
    return List.of(
        List.copyOf(tokens.values()), List.copyOf(heads.values()), List.copyOf(samples.values()));
  }

  /** Log softmax of the relations of one member to all. */
  private static double[] logRelations(
      float[] x, int size, int heads, RaggedBatch batch, List<Member> group, Member of, int kind) {
    double[] scores = new double[group.size()];
    double largest = Double.NEGATIVE_INFINITY;
    for (int j = 0; j < scores.length; j++) {
      Member other = group.get(j);
      for (int k = 0; k < size; k++) {
        scores[j] +=
            (double) x[(of.row * heads + of.head) * size + k]
                * x[(other.row * heads + other.head) * size + k]
                / Math.sqrt(size);
      }
      if (kind != 1 && batch.id(other.row) == 0) {
        scores[j] = -1e9; // as in float32; where all are masked, all are equal
      }
      largest = Math.max(largest, scores[j]);
    }
    double sum = 0;
    for (double score : scores) {
      sum += Math.exp(score - largest);
    }
    for (int j = 0; j < scores.length; j++) {
      scores[j] -= largest + Math.log(sum);
    }
    return scores;
  }

  private static double expected(
      float[] student,
      int studentSize,
      float[] teacher,
      int teacherSize,
      RaggedBatch b,
      int r,
      RelationWeights weights) {
    double[] shares = {weights.tokens(), weights.heads(), weights.samples()};
    List<List<List<Member>>> groups = groups(b, r);
    double loss = 0;
    for (int kind = 0; kind < shares.length; kind++) {
      for (List<Member> group : groups.get(kind)) {
        for (Member of : group) {
          double[] q = logRelations(student, studentSize, 3 * r, b, group, of, kind);
          double[] p = logRelations(teacher, teacherSize, 3 * r, b, group, of, kind);
          for (int j = 0; j < p.length; j++) {
            loss += shares[kind] * Math.exp(p[j]) * (p[j] - q[j]);
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
      @ForAll @IntRange(min = 1, max = 4) int sequences,
      @ForAll @DoubleRange(min = 0, max = 0.5) double ofHeads,
      @ForAll @DoubleRange(min = 0, max = 0.5) double ofSamples) {
    RelationWeights weights = new RelationWeights(ofHeads, ofSamples);
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
        Variable loss = tape.relationLoss(student, teacher, b, heads, 0, weights);
        assertThat((double) loss.scalar())
            .isCloseTo(expected(x, studentSize, t, teacherSize, b, heads, weights), within(2e-6));
        tape.backward(tape.scale(loss, 3f));
        float[] gradient = student.gradient();
        for (int i = 0; i < x.length; i += Math.max(1, x.length / 24)) {
          float kept = x[i];
          x[i] = kept + 0.01f;
          double above = expected(x, studentSize, t, teacherSize, b, heads, weights);
          x[i] = kept - 0.01f;
          double below = expected(x, studentSize, t, teacherSize, b, heads, weights);
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
    RelationWeights weights = new RelationWeights(0.25, 0.5);
    Random random = new Random(seed);
    RaggedBatch b = batch(random, 9, 40);
    float[] x = random(random, b.tokens() * 72);
    float[] t = random(random, b.tokens() * 48);
    List<float[]> results = new ArrayList<>();
    for (int threads : new int[] {1, 2, 5}) {
      try (Parallel parallel = Parallel.of(threads)) {
        Tape tape = new Tape(Kernels.best(), parallel);
        Variable student = Variable.parameter(b.tokens(), 72, x);
        Variable loss =
            tape.relationLoss(student, Variable.constant(b.tokens(), 48, t), b, 4, 0, weights);
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
  void equalRelationsHaveNoLossHoweverLarge() {
    RaggedBatch b = RaggedBatch.of(new int[] {1, 2, 3});
    float[] x = random(new Random(1), 3 * 12);
    for (int i = 0; i < x.length; i++) {
      x[i] *= 100;
    }
    try (Parallel parallel = Parallel.serial()) {
      Tape tape = new Tape(Kernels.best(), parallel);
      Variable student = Variable.parameter(3, 12, x);
      Variable loss =
          tape.relationLoss(
              student, Variable.constant(3, 12, x.clone()), b, 2, 0, RelationWeights.TOKENS);
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
      assertThatThrownBy(() -> tape.relationLoss(x, x, b, 3, 0, RelationWeights.TOKENS))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("the student")
          .hasMessageContaining("3 relation heads")
          .hasMessageContaining("[2, 12]");
      Variable teacher = Variable.constant(3, 12, new float[36]);
      assertThatThrownBy(() -> tape.relationLoss(x, teacher, b, 2, 0, RelationWeights.TOKENS))
          .hasMessageContaining("the teacher")
          .hasMessageContaining("[3, 12]");
    }
  }

  @Test
  void invalidWeightsAreRefused() {
    assertThat(new RelationWeights(0.25, 0.5).tokens()).isEqualTo(0.25);
    assertThat(new RelationWeights(0.9, 0.1).tokens()).as("no rounding remains").isZero();
    for (double[] bad : new double[][] {{-0.1, 0}, {0, Double.NaN}, {0.6, 0.6}}) {
      assertThatThrownBy(() -> new RelationWeights(bad[0], bad[1]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("together at most 1");
    }
  }
}
