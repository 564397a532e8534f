package ernie4j.training.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ernie4j.engine.KernelsUnderTest;
import ernie4j.engine.Parallel;
import ernie4j.engine.kernels.Kernels;
import ernie4j.quant.FakeQuantizer;
import ernie4j.quant.Rounding;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/**
 * The straight-through rule defines the gradients, so a pass with fake quantization must give the
 * same bits as a plain pass over the quantized numbers.
 */
class FakeQuantizationTest {
  private static final int TRIES = 20;

  private static Variable random(Random random, int rows, int columns) {
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Variable.parameter(rows, columns, values);
  }

  private static Variable loss(Tape tape, Variable y) {
    float[] target = new float[y.size()];
    for (int i = 0; i < target.length; i++) {
      target[i] = (float) Math.sin(3 * i + 1);
    }
    return tape.meanSquaredError(y, target);
  }

  private static Variable quantized(Variable x, FakeQuantizer quantizer, float scale) {
    float[] y = new float[x.size()];
    quantizer.apply(x.value(), y, 0, y.length, scale);
    return Variable.parameter(x.rows(), x.columns(), y);
  }

  /** Quantizes with two scales, one for inputs and one for weights, and counts the calls. */
  private static final class TwoScales implements LinearQuantization {
    private final FakeQuantizer quantizer;
    private final float inputScale;
    private final float weightScale;
    private int inputs;
    private int weights;

    TwoScales(FakeQuantizer quantizer, float inputScale, float weightScale) {
      this.quantizer = quantizer;
      this.inputScale = inputScale;
      this.weightScale = weightScale;
    }

    @Override
    public Variable input(Tape tape, Variable x) {
      inputs++;
      return tape.fakeQuantize(x, quantizer, inputScale);
    }

    @Override
    public void weight(Tape tape, Variable weight, float[] seen) {
      weights++;
      quantizer.apply(weight.value(), seen, 0, weight.size(), weightScale);
    }
  }

  @Property(tries = TRIES)
  void gradientGoesStraightThroughEvenBeyondTheScale(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 300) int n, @ForAll Rounding rounding) {
    Variable x = random(new Random(seed), 3, n);
    FakeQuantizer quantizer = new FakeQuantizer(rounding);
    Variable expected = quantized(x, quantizer, 0.7f);
    Tape tape = new Tape(Kernels.best(), Parallel.serial());
    tape.backward(loss(tape, expected));
    tape.reset(1);
    Variable y = tape.fakeQuantize(x, quantizer, 0.7f);
    assertThat(y.value()).startsWith(expected.value());
    tape.backward(loss(tape, y));
    assertThat(x.gradient()).isEqualTo(expected.gradient());
    // x is used again: the gradients add.
    x.clearGradient();
    tape.reset(1);
    tape.backward(tape.add(loss(tape, tape.fakeQuantize(x, quantizer, 0.7f)), loss(tape, x)));
    assertThat(x.gradient()).isNotEqualTo(expected.gradient());
  }

  @Property(tries = TRIES)
  void quantizedLayersEqualAPlainProductOfTheQuantizedNumbers(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 20) int rows,
      @ForAll @IntRange(min = 1, max = 20) int in,
      @ForAll @IntRange(min = 1, max = 20) int out,
      @ForAll Rounding rounding) {
    Random random = new Random(seed);
    Variable x = random(random, rows, in);
    List<Variable> weights = List.of(random(random, in, out), random(random, in, 3));
    List<Variable> biases = List.of(random(random, 1, out), random(random, 1, 3));
    FakeQuantizer quantizer = new FakeQuantizer(rounding);
    Variable xq = quantized(x, quantizer, 1.5f);
    List<Variable> wq = weights.stream().map(w -> quantized(w, quantizer, 2.5f)).toList();
    for (Kernels kernels : KernelsUnderTest.all()) {
      Tape tape = new Tape(kernels, Parallel.serial());
      List.of(x, xq).forEach(Variable::clearGradient);
      List.of(weights, wq, biases).forEach(list -> list.forEach(Variable::clearGradient));
      Variable plain = tape.linear(xq, new TrainableLinear(kernels, wq, biases));
      tape.backward(loss(tape, plain));
      float[] expected = plain.value().clone();
      List<float[]> biasGradients = biases.stream().map(b -> b.gradient().clone()).toList();

      biases.forEach(Variable::clearGradient);
      tape.reset(1);
      TrainableLinear layer = new TrainableLinear(kernels, weights, biases);
      TwoScales both = new TwoScales(quantizer, 1.5f, 2.5f);
      layer.quantize(List.of(both, both));
      Variable y = tape.linear(x, layer);
      assertThat(y.value()).startsWith(expected);
      tape.backward(loss(tape, y));
      assertThat(x.gradient()).isEqualTo(xq.gradient());
      for (int i = 0; i < 2; i++) {
        assertThat(weights.get(i).gradient()).isEqualTo(wq.get(i).gradient());
        assertThat(biases.get(i).gradient()).isEqualTo(biasGradients.get(i));
      }
      assertThat(both.inputs).isEqualTo(1);
      tape.reset(2);
      tape.linear(x, layer);
      assertThat(both.weights).as("weights quantized once for two passes").isEqualTo(2);
      layer.invalidate();
      tape.linear(x, layer);
      assertThat(both.weights).as("and again when they have changed").isEqualTo(4);
    }
  }

  @Property(tries = TRIES)
  void layersOfOneProductMayBeQuantizedDifferently(@ForAll long seed, @ForAll Rounding rounding) {
    Random random = new Random(seed);
    Variable x = random(random, 5, 7);
    List<Variable> w = List.of(random(random, 7, 4), random(random, 7, 3), random(random, 7, 2));
    List<Variable> b = List.of(random(random, 1, 4), random(random, 1, 3), random(random, 1, 2));
    FakeQuantizer quantizer = new FakeQuantizer(rounding);
    TwoScales one = new TwoScales(quantizer, 1.5f, 2.5f);
    TwoScales other = new TwoScales(quantizer, 0.9f, 1.1f);
    for (List<LinearQuantization> each :
        List.of(
            List.<LinearQuantization>of(one, other, one),
            List.of(LinearQuantization.NONE, one, one),
            List.of(LinearQuantization.NONE, LinearQuantization.NONE, LinearQuantization.NONE))) {
      Tape tape = new Tape(Kernels.best(), Parallel.serial());
      TrainableLinear together = new TrainableLinear(tape.kernels(), w, b);
      together.quantize(each);
      one.inputs = 0;
      Variable y = tape.linear(x, together);
      assertThat(one.inputs).as("a shared input is quantized once").isLessThanOrEqualTo(1);
      List.of(w, b, List.of(x)).forEach(list -> list.forEach(Variable::clearGradient));
      tape.backward(loss(tape, y));
      float[] dx = x.gradient().clone();
      float[] dw = w.get(1).gradient().clone();
      float[] dy = y.gradient().clone();

      List.of(w, b, List.of(x)).forEach(list -> list.forEach(Variable::clearGradient));
      int column = 0;
      for (int i = 0; i < 3; i++) {
        Tape single = new Tape(Kernels.best(), Parallel.serial());
        TrainableLinear layer =
            new TrainableLinear(single.kernels(), List.of(w.get(i)), List.of(b.get(i)));
        layer.quantize(List.of(each.get(i)));
        Variable part = single.linear(x, layer);
        float[] d = new float[part.size()];
        for (int j = 0; j < d.length; j++) {
          int at = j / part.columns() * 9 + column + j % part.columns();
          assertThat(y.value()[at]).isEqualTo(part.value()[j]);
          d[j] = dy[at];
        }
        single.backward(inner(single, part, d));
        column += part.columns();
      }
      assertThat(w.get(1).gradient()).isEqualTo(dw);
      for (int i = 0; i < dx.length; i++) {
        assertThat(dx[i]).isCloseTo(x.gradient()[i], org.assertj.core.data.Offset.offset(1e-5f));
      }
    }
  }

  /** A loss whose gradient with respect to y is d. */
  private static Variable inner(Tape tape, Variable y, float[] d) {
    Variable loss = tape.result(1, 1, true);
    tape.record(() -> tape.addGradient(y, d));
    return loss;
  }

  @Property(tries = 5)
  void clippingAndMaximaDoNotDependOnTheThreads(@ForAll long seed) {
    Random random = new Random(seed);
    Variable x = random(random, 300, 211); // several chunks
    Variable limit = Variable.parameter(1, 1, new float[] {1.1f});
    List<float[]> results = new ArrayList<>();
    float max = 0;
    for (float value : x.value()) {
      max = Math.max(max, Math.abs(value));
    }
    for (int threads : new int[] {1, 2, 5}) {
      try (Parallel parallel = Parallel.of(threads)) {
        Tape tape = new Tape(Kernels.best(), parallel);
        List.of(x, limit).forEach(Variable::clearGradient);
        assertThat(tape.absMax(x)).isEqualTo(max);
        Variable y = tape.clip(x, limit);
        FakeQuantizer quantizer = new FakeQuantizer(Rounding.HALF_AWAY_FROM_ZERO);
        tape.backward(loss(tape, tape.fakeQuantize(y, quantizer, 1f)));
        results.add(x.gradient().clone());
        results.add(limit.gradient().clone());
        results.add(y.value().clone());
      }
    }
    for (int i = 3; i < results.size(); i++) {
      assertThat(results.get(i)).isEqualTo(results.get(i % 3));
    }
  }

  @Test
  void gradientOfAClipIsTheSumBeyondItWithTheSignOfTheInput() {
    Variable x = Variable.parameter(1, 5, new float[] {-3, -1, 0.5f, 2, 1});
    Variable limit = Variable.parameter(1, 1, new float[] {1});
    Tape tape = new Tape(Kernels.best(), Parallel.serial());
    Variable y = tape.clip(x, limit);
    assertThat(y.value()).startsWith(-1, -1, 0.5f, 1, 1);
    tape.backward(inner(tape, y, new float[] {10, 20, 30, 40, 50}));
    assertThat(x.gradient()).containsExactly(0, 20, 30, 0, 50);
    assertThat(limit.gradient()).containsExactly(-10 + 40);
  }

  @Test
  void badScalesLimitsAndCountsAreRefused() {
    Tape tape = new Tape(Kernels.best(), Parallel.serial());
    Variable x = random(new Random(1), 2, 3);
    FakeQuantizer quantizer = new FakeQuantizer(Rounding.HALF_TO_EVEN);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> tape.fakeQuantize(x, quantizer, Float.NaN));
    Variable negative = Variable.parameter(1, 1, new float[] {-1});
    assertThatIllegalArgumentException()
        .isThrownBy(() -> tape.clip(x, negative))
        .withMessageContaining("limit of at least 0, got -1");
    TrainableLinear layer =
        new TrainableLinear(
            tape.kernels(),
            List.of(random(new Random(1), 3, 2)),
            List.of(random(new Random(2), 1, 2)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> layer.quantize(List.of()))
        .withMessageContaining("expected 1 quantizations");
    x.value()[4] = Float.NaN;
    assertThat(tape.absMax(x)).isNaN();
  }
}
