package ernie4j.engine.kernels.scalar;

import ernie4j.engine.kernels.KernelProvider;
import ernie4j.engine.kernels.KernelTable;
import java.util.Optional;
import java.util.function.Supplier;

/** The plain-Java kernels: every JVM has them. */
public final class ScalarProvider implements KernelProvider {
  /** For {@link java.util.ServiceLoader}. */
  public ScalarProvider() {}

  @Override
  public String name() {
    return "scalar";
  }

  @Override
  public int preference() {
    return 0;
  }

  @Override
  public Optional<String> refusal() {
    return Optional.empty();
  }

  @Override
  public KernelTable table(Supplier<KernelTable> next) {
    return new ScalarKernels().table();
  }
}
