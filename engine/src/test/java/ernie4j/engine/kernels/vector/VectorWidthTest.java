package ernie4j.engine.kernels.vector;

import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.engine.kernels.KernelSelection;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * A run that forces a vector width by a JVM flag names the width in {@code -Dernie4j.vectorBits}.
 * JVMs ignore such a flag without an error on a machine that does not have the width, and the tests
 * would then say nothing about it.
 */
class VectorWidthTest {
  private static final int FORCED = Integer.getInteger("ernie4j.vectorBits", 0);

  @Test
  void theVectorKernelsUseTheWidthThatWasForced() {
    Assumptions.assumeTrue(FORCED > 0, "skipped: no width was forced by -Dernie4j.vectorBits");
    assertThat(KernelSelection.refusal("vector")).isEmpty();
    assertThat(FloatVector.SPECIES_PREFERRED.vectorBitSize()).isEqualTo(FORCED);
  }
}
