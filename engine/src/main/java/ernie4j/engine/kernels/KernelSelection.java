package ernie4j.engine.kernels;

import java.util.Optional;

/**
 * Chooses the kernels of this JVM, once. The look-up is a checklist; whatever speaks against the
 * vector kernels is a full sentence that says what to change, logged once at INFO.
 *
 * <p>{@code -Dernie4j.kernels=auto|scalar|vector} forces a choice. Forced and unavailable is an
 * {@link IllegalStateException}.
 */
public final class KernelSelection {
  private KernelSelection() {}

  /** The system property that forces a choice. */
  public static final String PROPERTY = "ernie4j.kernels";

  private static final String MODULE = "jdk.incubator.vector";

  static Kernels best() {
    return Chosen.KERNELS;
  }

  /**
   * Why this JVM cannot or should not use the vector kernels; empty if it can.
   *
   * @return one sentence that names the flag to add or the JVM to use
   */
  public static Optional<String> refusal() {
    if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
      return Optional.of(
          "The module "
              + MODULE
              + " is not loaded, so the plain-Java kernels are used; add --add-modules "
              + MODULE
              + " to the java command to run several times faster.");
    }
    String vm = System.getProperty("java.vm.name", "");
    if (!vm.contains("Server VM")) {
      return Optional.of(
          "The JVM '"
              + vm
              + "' has no C2 compiler that understands the Vector API, so the plain-Java kernels are"
              + " used; run on a HotSpot server VM to run several times faster.");
    }
    if (System.getProperty("java.vm.info", "").contains("interpreted mode")) {
      return Optional.of(
          "The JVM only interprets byte code (-Xint), so the plain-Java kernels are used; remove -Xint.");
    }
    return VectorProvider.refusal();
  }

  static Kernels choose(String wish) {
    return switch (wish) {
      case "scalar" -> Kernels.scalar();
      case "vector" -> {
        refusal()
            .ifPresent(
                reason -> {
                  throw new IllegalStateException(
                      "-D" + PROPERTY + "=vector cannot be fulfilled. " + reason);
                });
        yield VectorProvider.kernels();
      }
      case "auto" -> {
        Optional<String> reason = refusal();
        reason.ifPresent(text -> System.getLogger("ernie4j").log(System.Logger.Level.INFO, text));
        yield reason.isPresent() ? Kernels.scalar() : VectorProvider.kernels();
      }
      default ->
          throw new IllegalStateException(
              "-D" + PROPERTY + ": expected auto, scalar or vector, got '" + wish + "'");
    };
  }

  private static final class Chosen {
    static final Kernels KERNELS = choose(System.getProperty(PROPERTY, "auto"));
  }
}
