package ernie4j.training.autograd;

import static ernie4j.training.autograd.FiniteDifferences.check;
import static ernie4j.training.autograd.FiniteDifferences.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ernie4j.engine.Parallel;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.kernels.Kernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Losses against their formulas in float64, at ordinary and at extreme logits. */
class LossesTest {
  private static final float[] SPREADS = {0.7f, 30f, 1e4f, 1e30f};
  private static final float[] TEMPERATURES = {1f, 2.5f, 0.7f};

  private static Tape tape() {
    Tape tape = new Tape(Kernels.best(), Parallel.serial());
    tape.reset(1);
    return tape;
  }

  private static float value(Variable x, Function<Tape, Variable> loss) {
    Tape tape = tape();
    x.clearGradient();
    Variable result = loss.apply(tape);
    tape.backward(result);
    return result.scalar();
  }

  private static Variable spread(Random random, int rows, int columns, float factor) {
    Variable x = random(random, rows, columns);
    for (int i = 0; i < x.size(); i++) {
      x.value()[i] *= factor;
    }
    return x;
  }

  private static RaggedBatch batch(Random random, int sequences) {
    List<int[]> ids = new ArrayList<>();
    for (int s = 0; s < sequences; s++) {
      ids.add(new int[1 + random.nextInt(11)]);
    }
    return RaggedBatch.of(ids);
  }

  private static double[] logSoftmax(double[] x) {
    double max = Arrays.stream(x).max().orElseThrow();
    double sum = Arrays.stream(x).map(value -> Math.exp(value - max)).sum();
    return Arrays.stream(x).map(value -> value - max - Math.log(sum)).toArray();
  }

  /** log sigmoid(x) */
  private static double logSigmoid(double x) {
    return x > 0 ? -Math.log1p(Math.exp(-x)) : x - Math.log1p(Math.exp(x));
  }

  private static void assertNear(float actual, double expected) {
    assertThat((double) actual).isCloseTo(expected, within(1e-6 * (1 + Math.abs(expected))));
  }

  @Property(tries = 40)
  void softPositionsFollowTheFormula(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 5) int sequences,
      @ForAll @IntRange(min = 1, max = 3) int columns) {
    Random random = new Random(seed);
    RaggedBatch batch = batch(random, sequences);
    int column = random.nextInt(columns);
    for (float factor : SPREADS) {
      Variable x = spread(random, batch.tokens(), columns, factor);
      Variable teacher = spread(random, batch.tokens(), columns, factor);
      for (float t : TEMPERATURES) {
        double expected = 0;
        double[] gradient = new double[x.size()];
        for (int s = 0; s < sequences; s++) {
          double[] own = new double[batch.length(s)];
          double[] wanted = new double[own.length];
          for (int i = 0; i < own.length; i++) {
            int index = (batch.start(s) + i) * columns + column;
            own[i] = x.value()[index] / t;
            wanted[i] = teacher.value()[index] / t;
          }
          double[] logs = logSoftmax(own);
          double[] targets = logSoftmax(wanted);
          for (int i = 0; i < own.length; i++) {
            expected -= Math.exp(targets[i]) * logs[i] / sequences;
            gradient[(batch.start(s) + i) * columns + column] =
                (Math.exp(logs[i]) - Math.exp(targets[i])) / t / sequences;
          }
        }
        assertNear(
            value(x, tape -> tape.softPositionCrossEntropy(x, column, batch, teacher, t)),
            expected);
        assertGradient(x, gradient);
      }
    }
  }

  private static void assertGradient(Variable x, double[] expected) {
    for (int i = 0; i < x.size(); i++) {
      assertNear(x.gradient()[i], expected[i]);
    }
  }

  @Property(tries = 10)
  void softPositionGradients(@ForAll long seed, @ForAll @IntRange(min = 1, max = 4) int sequences) {
    Random random = new Random(seed);
    RaggedBatch batch = batch(random, sequences);
    Variable teacher = random(random, batch.tokens(), 2);
    for (float t : TEMPERATURES) {
      check(
          seed,
          (tape, v) ->
              tape.add(
                  tape.softPositionCrossEntropy(v.get(0), 0, batch, teacher, t),
                  tape.softPositionCrossEntropy(v.get(0), 1, batch, teacher, t)),
          random(random, batch.tokens(), 2));
    }
  }

  @Property(tries = 10)
  void certainTeacherOfPositionsEqualsALabel(@ForAll long seed) {
    Random random = new Random(seed);
    RaggedBatch batch = batch(random, 3);
    int[] positions = new int[3];
    Variable teacher = Variable.constant(batch.tokens(), 2, new float[2 * batch.tokens()]);
    for (int s = 0; s < 3; s++) {
      positions[s] = random.nextInt(batch.length(s));
      teacher.value()[2 * (batch.start(s) + positions[s]) + 1] = 1e4f;
    }
    Variable x = random(random, batch.tokens(), 2);
    float hard = value(x, tape -> tape.positionCrossEntropy(x, 1, batch, positions));
    float[] gradient = x.gradient().clone();
    assertNear(value(x, t -> t.softPositionCrossEntropy(x, 1, batch, teacher, 1f)), hard);
    assertThat(x.gradient()).containsExactly(gradient, within(1e-6f));
  }

  @Property(tries = 40)
  void softBinaryFollowsTheFormula(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 9) int rows,
      @ForAll @IntRange(min = 1, max = 9) int columns) {
    Random random = new Random(seed);
    for (float factor : SPREADS) {
      Variable x = spread(random, rows, columns, factor);
      Variable teacher = spread(random, rows, columns, factor);
      for (float t : TEMPERATURES) {
        double expected = 0;
        double[] gradient = new double[x.size()];
        for (int i = 0; i < x.size(); i++) {
          double own = (double) x.value()[i] / t;
          double wanted = (double) teacher.value()[i] / t;
          double yes = Math.exp(logSigmoid(wanted));
          double no = Math.exp(logSigmoid(-wanted));
          expected -= (yes * logSigmoid(own) + no * logSigmoid(-own)) / x.size();
          gradient[i] = (Math.exp(logSigmoid(own)) - yes) / t / x.size();
        }
        assertNear(value(x, tape -> tape.softBinaryCrossEntropy(x, teacher, t)), expected);
        assertGradient(x, gradient);
      }
    }
  }

  /** Two rows computed by hand: the sum of (p - q) (log p - log q) / 2. */
  @Test
  void theSymmetricDivergenceIsTheMeanOfBothDivergences() {
    Variable a = Variable.parameter(2, 2, new float[] {0, (float) Math.log(3), 5, 5});
    Variable b = Variable.constant(2, 2, new float[] {0, 0, 1, 1});
    double first = 0.25 * Math.log(0.25 / 0.5) + 0.75 * Math.log(0.75 / 0.5);
    double second = 0.5 * Math.log(0.5 / 0.25) + 0.5 * Math.log(0.5 / 0.75);
    assertNear(value(a, tape -> tape.symmetricDivergence(a, b)), (first + second) / 2 / 2);
    assertNear(value(a, tape -> tape.symmetricDivergence(b, a)), (first + second) / 2 / 2);
    Variable sure = Variable.parameter(1, 2, new float[] {1000, -1000});
    Variable other = Variable.constant(1, 2, new float[] {-1000, 1000});
    assertThat(value(sure, tape -> tape.symmetricDivergence(sure, other))).isFinite();
    assertThatThrownBy(() -> tape().symmetricDivergence(a, sure))
        .hasMessageContainingAll("symmetricDivergence", "[2, 2]", "[1, 2]");
  }

  /** Both sides receive gradients. */
  @Property(tries = 20)
  void symmetricDivergenceGradients(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 9) int rows,
      @ForAll @IntRange(min = 1, max = 9) int columns) {
    Random random = new Random(seed);
    check(
        seed,
        (tape, v) -> tape.symmetricDivergence(v.get(0), v.get(1)),
        random(random, rows, columns),
        random(random, rows, columns));
  }

  @Property(tries = 10)
  void softBinaryGradients(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 9) int rows,
      @ForAll @IntRange(min = 1, max = 9) int columns) {
    Random random = new Random(seed);
    Variable teacher = random(random, rows, columns);
    for (float t : TEMPERATURES) {
      check(
          seed,
          (tape, v) -> tape.softBinaryCrossEntropy(v.get(0), teacher, t),
          random(random, rows, columns));
    }
  }

  @Property(tries = 30)
  void nanLabelsDoNotCount(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 9) int rows,
      @ForAll @IntRange(min = 1, max = 9) int columns) {
    Random random = new Random(seed);
    Variable x = random(random, rows, columns);
    float[] labels = new float[x.size()];
    int valid = 0;
    for (int i = 0; i < labels.length; i++) {
      labels[i] = random.nextInt(3) == 0 ? Float.NaN : random.nextInt(2);
      valid += Float.isNaN(labels[i]) ? 0 : 1;
    }
    Variable known = Variable.parameter(1, Math.max(1, valid), new float[Math.max(1, valid)]);
    float[] knownLabels = new float[known.size()];
    int next = 0;
    for (int i = 0; i < labels.length; i++) {
      if (!Float.isNaN(labels[i])) {
        known.value()[next] = x.value()[i];
        knownLabels[next++] = labels[i];
      }
    }
    // The bits are the same as without the other elements.
    float binary = value(x, tape -> tape.binaryCrossEntropy(x, labels));
    float[] binaryGradient = x.gradient().clone();
    float squared = value(x, tape -> tape.meanSquaredError(x, labels));
    float[] squaredGradient = x.gradient().clone();
    boolean any = valid > 0;
    assertThat(binary)
        .isEqualTo(any ? value(known, t -> t.binaryCrossEntropy(known, knownLabels)) : 0f);
    assertThat(binaryGradient).isEqualTo(scattered(labels, known));
    assertThat(squared)
        .isEqualTo(any ? value(known, t -> t.meanSquaredError(known, knownLabels)) : 0f);
    assertThat(squaredGradient).isEqualTo(scattered(labels, known));
    check(seed, (tape, v) -> tape.binaryCrossEntropy(v.get(0), labels), x);
    check(seed, (tape, v) -> tape.meanSquaredError(v.get(0), labels), x);
  }

  private static float[] scattered(float[] labels, Variable known) {
    float[] gradient = new float[labels.length];
    int next = 0;
    for (int i = 0; i < labels.length; i++) {
      gradient[i] = Float.isNaN(labels[i]) ? 0 : known.gradient()[next++];
    }
    return gradient;
  }

  @Test
  void nanLogitsAndTeachersGiveNanLosses() {
    Variable x = Variable.parameter(1, 2, new float[] {Float.NaN, 1});
    assertThat(value(x, tape -> tape.binaryCrossEntropy(x, new float[] {1, 1}))).isNaN();
    assertThat(value(x, tape -> tape.meanSquaredError(x, new float[] {1, 1}))).isNaN();
    Variable one = Variable.parameter(1, 2, new float[] {1, 1});
    assertThat(value(one, tape -> tape.meanSquaredError(one, x))).isNaN();
  }

  @Property(tries = 10)
  void aLossWithoutAnyLabelIsZero(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 9) int rows,
      @ForAll @IntRange(min = 1, max = 9) int columns) {
    Random random = new Random(seed);
    Variable x = spread(random, rows, columns, 1e30f);
    int[] ignored = new int[rows];
    Arrays.fill(ignored, -100);
    float[] unknown = new float[x.size()];
    Arrays.fill(unknown, Float.NaN);
    RaggedBatch batch = RaggedBatch.of(new int[rows]);
    List<Function<Tape, Variable>> losses =
        List.of(
            tape -> tape.crossEntropy(x, ignored, -100, LossMean.VALID_ROWS),
            tape -> tape.crossEntropy(x, ignored, -100, LossMean.ALL_ROWS),
            tape -> tape.positionCrossEntropy(x, 0, batch, new int[] {rows}),
            tape -> tape.binaryCrossEntropy(x, unknown),
            tape -> tape.meanSquaredError(x, unknown));
    for (Function<Tape, Variable> loss : losses) {
      assertThat(value(x, loss)).isEqualTo(0f);
      assertThat(x.gradient()).containsOnly(0f);
    }
  }

  @Test
  void otherShapesAreRefused() {
    Variable x = Variable.parameter(3, 2, new float[6]);
    Variable other = Variable.constant(2, 3, new float[6]);
    RaggedBatch batch = RaggedBatch.of(new int[2], new int[1]);
    assertThatThrownBy(() -> tape().softBinaryCrossEntropy(x, other, 1f))
        .hasMessageContainingAll("softBinaryCrossEntropy", "[3, 2]", "[2, 3]");
    assertThatThrownBy(() -> tape().softPositionCrossEntropy(x, 0, batch, other, 1f))
        .hasMessageContainingAll("softPositionCrossEntropy", "[3, 2]", "[2, 3]");
    RaggedBatch longer = RaggedBatch.of(new int[4]);
    assertThatThrownBy(() -> tape().softPositionCrossEntropy(x, 0, longer, x, 1f))
        .hasMessageContaining("expected 4 rows of logits, got 3");
  }
}
