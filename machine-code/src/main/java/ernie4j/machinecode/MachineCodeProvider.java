package ernie4j.machinecode;

import ernie4j.engine.kernels.KernelProvider;
import ernie4j.engine.kernels.KernelTable;
import java.lang.reflect.InvocationTargetException;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The machine-code kernels, found by {@link java.util.ServiceLoader}. This class runs on JDK 17,
 * like the engine, so that it can report that the others need a newer one; it must not refer to
 * them.
 */
public final class MachineCodeProvider implements KernelProvider {
  private static final int JDK = 22;
  private static final String GENERATED = "ernie4j.machinecode.GeneratedKernels";

  private @Nullable KernelProvider generated;

  /** Called by {@link java.util.ServiceLoader}. */
  public MachineCodeProvider() {}

  @Override
  public String name() {
    return "machine-code";
  }

  @Override
  public int preference() {
    return 20;
  }

  @Override
  public Optional<String> refusal() {
    int jdk = Runtime.version().feature();
    if (jdk < JDK) {
      return Optional.of(
          "The machine-code kernels need JDK %d, this is %d, so other kernels are used; run on a newer JDK or take ernie4j-machine-code off the path."
              .formatted(JDK, jdk));
    }
    return generated().refusal();
  }

  @Override
  public KernelTable table(Supplier<KernelTable> next) {
    return generated().table(next);
  }

  private synchronized KernelProvider generated() {
    if (generated == null) {
      try {
        generated =
            Class.forName(GENERATED)
                .asSubclass(KernelProvider.class)
                .getDeclaredConstructor()
                .newInstance();
      } catch (ClassNotFoundException
          | NoSuchMethodException
          | InstantiationException
          | IllegalAccessException
          | InvocationTargetException e) {
        throw new IllegalStateException(GENERATED + " cannot be made: the artifact is damaged", e);
      }
    }
    return generated;
  }
}
