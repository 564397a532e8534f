package ernie4j.training.optimizer;

import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.engine.Parallel;
import ernie4j.training.autograd.Variable;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AdamWTest {
  private static Variable parameter() {
    Variable v = Variable.parameter(1, 2, new float[] {0.5f, -2});
    v.gradient()[0] = 0.3f;
    v.gradient()[1] = -0.1f;
    return v;
  }

  /** A factor k is the same as k times the learning rate, for the step and for the decay. */
  @Test
  void learningRateFactorScalesStepAndDecayOfItsParameterOnly() {
    AdamW.Options options = new AdamW.Options(0.9, 0.999, 1e-8, 0.1, Double.POSITIVE_INFINITY);
    Variable scaled = parameter();
    Variable plain = parameter();
    AdamW both =
        new AdamW(
            Map.of("scaled", scaled, "plain", plain),
            options,
            name -> name.equals("scaled") ? 8 : 1,
            AdamW::decays,
            Parallel.serial());
    Variable eightfold = parameter();
    AdamW fast = new AdamW(Map.of("x", eightfold), options, Parallel.serial());
    Variable once = parameter();
    AdamW slow = new AdamW(Map.of("x", once), options, Parallel.serial());
    for (int step = 0; step < 3; step++) {
      both.step(0.01);
      fast.step(0.08);
      slow.step(0.01);
    }
    assertThat(scaled.value()).isEqualTo(eightfold.value());
    assertThat(plain.value()).isEqualTo(once.value());
    assertThat(scaled.value()).isNotEqualTo(plain.value());
  }

  @Test
  void biasesAndNormsDecayOnlyIfACallerSaysSo() {
    AdamW.Options options = new AdamW.Options(0.9, 0.999, 1e-8, 0.1, Double.POSITIVE_INFINITY);
    Variable usual = parameter();
    Variable decaying = parameter();
    Variable weight = parameter();
    new AdamW(Map.of("x.bias", usual), options, Parallel.serial()).step(0.01);
    new AdamW(Map.of("x.weight", weight), options, Parallel.serial()).step(0.01);
    new AdamW(Map.of("x.bias", decaying), options, n -> 1, n -> true, Parallel.serial()).step(0.01);
    assertThat(decaying.value()).isEqualTo(weight.value());
    assertThat(decaying.value()).isNotEqualTo(usual.value());
  }
}
