package ernie4j.training.autograd;

import static ernie4j.training.autograd.FiniteDifferences.check;
import static ernie4j.training.autograd.FiniteDifferences.random;
import static ernie4j.training.autograd.FiniteDifferences.weighted;
import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.engine.Parallel;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.kernels.Kernels;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The backward pass of every operation against central differences of its forward pass. */
class FiniteDifferenceTest {
  private static final int TRIES = 15;

  @Property(tries = TRIES)
  void linearLayersSideBySide(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 20) int rows,
      @ForAll @IntRange(min = 1, max = 20) int in,
      @ForAll @IntRange(min = 1, max = 20) int out) {
    Random random = new Random(seed);
    check(
        seed,
        (tape, v) ->
            weighted(
                tape,
                tape.linear(
                    v.get(0),
                    new TrainableLinear(
                        tape.kernels(), List.of(v.get(1), v.get(2)), List.of(v.get(3), v.get(4))))),
        random(random, rows, in),
        random(random, in, out),
        random(random, in, 3),
        random(random, 1, out),
        random(random, 1, 3));
  }

  @Property(tries = TRIES)
  void tiedDecoder(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 9) int rows,
      @ForAll @IntRange(min = 1, max = 20) int hidden,
      @ForAll @IntRange(min = 1, max = 20) int vocabulary) {
    Random random = new Random(seed);
    check(
        seed,
        (tape, v) -> weighted(tape, tape.tiedDecoder(v.get(0), v.get(1), v.get(2))),
        random(random, rows, hidden),
        random(random, vocabulary, hidden),
        random(random, 1, vocabulary));
  }

  @Property(tries = TRIES)
  void embeddingsWithRepeatedAndZeroIds(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 20) int hidden) {
    Random random = new Random(seed);
    RaggedBatch batch =
        RaggedBatch.of(new int[] {1, 2, 1, 0}, new int[] {3})
            .withTypeIds(List.of(new int[] {0, 1, 1, 0}, new int[] {1}))
            .withTaskTypeIds(List.of(new int[] {0, 1, 0, 0}, new int[] {1}));
    check(
        seed,
        (tape, v) ->
            weighted(
                tape,
                tape.embeddings(
                    batch, new EmbeddingTables(v.get(0), v.get(1), v.get(2), v.get(3), 0))),
        random(random, 5, hidden),
        random(random, 4, hidden),
        random(random, 2, hidden),
        random(random, 2, hidden));
  }

  @Property(tries = TRIES)
  void attentionWithDropoutAndMaskedKeys(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 3) int heads,
      @ForAll @IntRange(min = 1, max = 9) int headSize,
      @ForAll @IntRange(min = 1, max = 12) int length) {
    Random random = new Random(seed);
    int[] ids = new int[length];
    for (int i = 0; i < length; i++) {
      ids[i] = i > 0 && random.nextInt(5) == 0 ? 0 : 1;
    }
    RaggedBatch batch = RaggedBatch.of(ids, new int[] {1, 1, 0});
    check(
        seed,
        (tape, v) -> weighted(tape, tape.attention(v.get(0), batch, heads, headSize, 0.2f, 0)),
        random(random, batch.tokens(), 3 * heads * headSize));
  }

  @Property(tries = TRIES)
  void layerNorm(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 9) int rows,
      @ForAll @IntRange(min = 3, max = 40) int columns) {
    Random random = new Random(seed);
    Variable x = random(random, rows, columns);
    for (int i = 0; i < x.size(); i++) {
      // Columns far apart: if all are nearly equal, the norm curves too much for a difference.
      x.value()[i] = i % columns % 3 + 0.8f * random.nextFloat();
    }
    check(
        seed,
        (tape, v) -> weighted(tape, tape.layerNorm(v.get(0), v.get(1), v.get(2), 1e-5f)),
        x,
        random(random, 1, columns),
        random(random, 1, columns));
  }

  @Property(tries = TRIES)
  void elementwiseOperationsAndSharedInputs(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 9) int rows,
      @ForAll @IntRange(min = 1, max = 40) int columns) {
    Random random = new Random(seed);
    check(
        seed,
        (tape, v) -> {
          Variable a = tape.gelu(v.get(0));
          Variable b = tape.tanh(tape.dropout(v.get(0), 0.3f));
          Variable sum = tape.add(tape.dropoutAdd(a, v.get(1), 0.2f), tape.scale(b, -1.5f));
          return weighted(tape, tape.selectRows(sum, rows - 1, 0, 0));
        },
        random(random, rows, columns),
        random(random, rows, columns));
  }

  @Property(tries = TRIES)
  void leadingBlocksThatOverlap(
      @ForAll long seed,
      @ForAll @IntRange(min = 2, max = 40) int rows,
      @ForAll @IntRange(min = 2, max = 20) int columns) {
    Random random = new Random(seed);
    Variable large = random(random, rows, columns - 1);
    Variable small = random(random, rows - 1, columns / 2);
    check(
        seed,
        (tape, v) -> {
          tape.leadingBlock(v.get(0), large);
          tape.leadingBlock(v.get(0), small);
          return tape.add(weighted(tape, tape.gelu(large)), weighted(tape, tape.tanh(small)));
        },
        random(random, rows, columns));
  }

  @Property(tries = TRIES)
  void unrecordedPassesReceiveNoGradient(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 9) int columns) {
    Random random = new Random(seed);
    Variable x = random(random, 3, columns);
    Variable w = random(random, columns, columns);
    Variable b = random(random, 1, columns);
    Tape tape = new Tape(Kernels.best(), Parallel.serial());
    TrainableLinear layer = new TrainableLinear(tape.kernels(), List.of(w), List.of(b));
    tape.reset(seed);
    Variable target = tape.unrecorded(() -> tape.linear(tape.gelu(x), layer));
    // As an input and as a teacher: neither gives x or the layer a gradient.
    Variable sum = tape.add(target, x);
    tape.backward(tape.add(tape.meanSquaredError(sum, target), weighted(tape, sum)));
    assertThat(w.gradient()).containsOnly(0f);
    assertThat(b.gradient()).containsOnly(0f);
    Variable alone = Variable.parameter(3, columns, x.value());
    float[] teacher = target.value().clone();
    Tape other = new Tape(Kernels.best(), Parallel.serial());
    other.reset(seed);
    Variable constant = Variable.constant(3, columns, teacher);
    Variable again = other.add(constant, alone);
    other.backward(other.add(other.meanSquaredError(again, constant), weighted(other, again)));
    assertThat(x.gradient()).isEqualTo(alone.gradient());
  }

  @Property(tries = TRIES)
  void clippingToALearnedLimit(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 9) int rows,
      @ForAll @IntRange(min = 1, max = 40) int columns) {
    Random random = new Random(seed);
    Variable x = random(random, rows, columns);
    float limit = 0.3f + random.nextFloat();
    for (int i = 0; i < x.size(); i++) {
      float distance = Math.abs(x.value()[i]) - limit;
      if (Math.abs(distance) < 0.05f) { // a difference across the kink is not a derivative
        x.value()[i] *= (limit + Math.copySign(0.05f, distance)) / (limit + distance);
      }
    }
    check(
        seed,
        (tape, v) -> weighted(tape, tape.clip(v.get(0), v.get(1))),
        x,
        Variable.parameter(1, 1, new float[] {limit}));
  }

  @Property(tries = TRIES)
  void losses(
      @ForAll long seed,
      @ForAll @IntRange(min = 2, max = 9) int rows,
      @ForAll @IntRange(min = 2, max = 9) int classes) {
    Random random = new Random(seed);
    int[] labels = new int[rows];
    float[] targets = new float[rows * classes];
    for (int i = 0; i < rows; i++) {
      labels[i] = i == 1 ? -100 : random.nextInt(classes);
    }
    for (int i = 0; i < targets.length; i++) {
      targets[i] = random.nextInt(2);
    }
    for (LossMean mean : LossMean.values()) {
      check(
          seed,
          (tape, v) -> tape.crossEntropy(v.get(0), labels, -100, mean),
          random(random, rows, classes));
    }
    check(
        seed,
        (tape, v) -> tape.binaryCrossEntropy(v.get(0), targets),
        random(random, rows, classes));
    RaggedBatch batch = RaggedBatch.of(new int[rows], new int[3]);
    check(
        seed,
        (tape, v) -> {
          Variable start = tape.positionCrossEntropy(v.get(0), 0, batch, new int[] {rows - 1, 3});
          Variable end = tape.positionCrossEntropy(v.get(0), 1, batch, new int[] {0, -4});
          return tape.add(start, end);
        },
        random(random, rows + 3, 2));
  }

  @Property(tries = TRIES)
  void lossesAgainstATeacher(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 9) int rows,
      @ForAll @IntRange(min = 1, max = 9) int columns) {
    Random random = new Random(seed);
    Variable teacher = random(random, rows, columns);
    for (float temperature : new float[] {1, 2.5f}) {
      check(
          seed,
          (tape, v) -> tape.softCrossEntropy(v.get(0), teacher, temperature),
          random(random, rows, columns));
    }
    check(
        seed, (tape, v) -> tape.meanSquaredError(v.get(0), teacher), random(random, rows, columns));
  }

  @Property(tries = 5)
  void resultsDoNotDependOnTheThreads(@ForAll long seed) {
    Random random = new Random(seed);
    Variable x = random(random, 37, 24);
    Variable w = random(random, 24, 70);
    Variable b = random(random, 1, 70);
    List<float[]> gradients = new ArrayList<>();
    for (int threads : new int[] {1, 2, 5}) {
      try (Parallel parallel = Parallel.of(threads)) {
        Tape tape = new Tape(Kernels.best(), parallel);
        List.of(x, w, b).forEach(Variable::clearGradient);
        tape.reset(seed);
        Variable y = tape.linear(x, new TrainableLinear(tape.kernels(), List.of(w), List.of(b)));
        tape.backward(weighted(tape, tape.dropout(tape.gelu(y), 0.1f)));
        gradients.add(x.gradient().clone());
        gradients.add(w.gradient().clone());
      }
    }
    assertThat(gradients.get(2)).isEqualTo(gradients.get(0));
    assertThat(gradients.get(4)).isEqualTo(gradients.get(0));
    assertThat(gradients.get(3)).isEqualTo(gradients.get(1));
    assertThat(gradients.get(5)).isEqualTo(gradients.get(1));
  }
}
