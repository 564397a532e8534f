package ernie4j.engine;

import ernie4j.engine.kernels.KernelSelection;
import ernie4j.engine.kernels.Kernels;
import java.util.List;

/**
 * The kernels that this JVM has: the scalar ones, and the vector ones when the module is loaded.
 */
public final class KernelsUnderTest {
  private KernelsUnderTest() {}

  public static List<Kernels> all() {
    return KernelSelection.refusal("vector").isPresent()
        ? List.of(Kernels.scalar())
        : List.of(Kernels.scalar(), Kernels.vector());
  }
}
