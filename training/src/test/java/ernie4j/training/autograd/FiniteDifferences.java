package ernie4j.training.autograd;

import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.engine.KernelsUnderTest;
import ernie4j.engine.Parallel;
import ernie4j.engine.kernels.Kernels;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import org.assertj.core.api.Assertions;
import org.assertj.core.data.Offset;

/** Gradients against central differences of the loss. */
public final class FiniteDifferences {
  private FiniteDifferences() {}

  /** Builds the loss from parameters that the check will change one by one. */
  public interface LossOf extends BiFunction<Tape, List<Variable>, Variable> {}

  public static Variable random(Random random, int rows, int columns) {
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian() * 0.7f;
    }
    return Variable.parameter(rows, columns, values);
  }

  /** A loss that weighs every element differently, so that no error can cancel. */
  public static Variable weighted(Tape tape, Variable x) {
    float[] target = new float[x.size()];
    for (int i = 0; i < target.length; i++) {
      target[i] = (float) Math.sin(3 * i + 1);
    }
    return tape.meanSquaredError(x, target);
  }

  public static void check(long key, LossOf lossOf, Variable... parameters) {
    for (Kernels kernels : KernelsUnderTest.all()) {
      try (Parallel parallel = Parallel.of(2)) {
        Tape tape = new Tape(kernels, parallel);
        List<Variable> list = List.of(parameters);
        list.forEach(Variable::clearGradient);
        tape.reset(key);
        tape.backward(lossOf.apply(tape, list));
        for (int p = 0; p < parameters.length; p++) {
          compare(tape, key, lossOf, list, p);
        }
      }
    }
  }

  private static void compare(Tape tape, long key, LossOf lossOf, List<Variable> list, int p) {
    Variable parameter = list.get(p);
    double largest = 1e-2;
    for (int i = 0; i < parameter.size(); i++) {
      largest = Math.max(largest, Math.abs(parameter.gradient()[i]));
    }
    int step = Math.max(1, parameter.size() / 24);
    for (int i = 0; i < parameter.size(); i += step) {
      float kept = parameter.value()[i];
      float h = 1e-2f;
      double above = at(tape, key, lossOf, list, parameter, i, kept + h);
      double below = at(tape, key, lossOf, list, parameter, i, kept - h);
      parameter.value()[i] = kept;
      assertThat(parameter.gradient()[i])
          .as("parameter %d, element %d", p, i)
          .isCloseTo((float) ((above - below) / (2 * h)), within(3e-2 * largest));
    }
  }

  private static Offset<Float> within(double limit) {
    return Assertions.within((float) limit);
  }

  private static double at(
      Tape tape, long key, LossOf lossOf, List<Variable> list, Variable x, int i, float value) {
    x.value()[i] = value;
    tape.reset(key);
    return lossOf.apply(tape, list).scalar();
  }
}
