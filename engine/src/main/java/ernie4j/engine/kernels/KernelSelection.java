package ernie4j.engine.kernels;

import java.util.Optional;

/**
 * Chooses the kernels of this JVM, once. The look-up is a checklist; whatever speaks against the
 * vector kernels is a full sentence that says what to change, logged once at INFO.
 *
 * <p>{@code -Dernie4j.kernels=auto|scalar|vector} forces a choice. Forced and unavailable is an
 * {@link IllegalStateException}. {@code auto} starts on the plain-Java kernels and goes over to the
 * vector kernels as they are compiled, in the background and with the same bits; {@code vector}
 * uses them from the first call on, which is hundreds of times slower until they are compiled.
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
    return unsuitable().or(VectorProvider::wrongResults);
  }

  /** The part of {@link #refusal} that needs no vector code to run. */
  private static Optional<String> unsuitable() {
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
    String mode = System.getProperty("java.vm.info", "");
    if (mode.contains("interpreted mode")) {
      return Optional.of(
          "The JVM only interprets byte code (-Xint), so the plain-Java kernels are used; remove -Xint.");
    }
    if (mode.contains("emulated-client")) {
      return Optional.of(
          "The JVM compiles without C2 (-XX:TieredStopAtLevel), so the plain-Java kernels are used;"
              + " remove that option to run several times faster.");
    }
    return VectorProvider.wrongWidth();
  }

  static Kernels choose(String wish) {
    return switch (wish) {
      case "scalar" -> Kernels.scalar();
      case "vector" -> vector("-D" + PROPERTY + "=vector cannot be fulfilled.");
      case "auto" -> auto();
      default ->
          throw new IllegalStateException(
              "-D" + PROPERTY + ": expected auto, scalar or vector, got '" + wish + "'");
    };
  }

  static Kernels vector() {
    return vector("The vector kernels cannot be used.");
  }

  private static Kernels vector(String complaint) {
    Optional<String> reason = refusal();
    if (reason.isPresent()) {
      throw new IllegalStateException(complaint + " " + reason.get());
    }
    return VectorProvider.kernels();
  }

  private static Kernels auto() {
    Optional<String> reason = unsuitable();
    if (reason.isPresent()) {
      log(reason.get());
      return Kernels.scalar();
    }
    return VectorProvider.startPlain();
  }

  static void log(String sentence) {
    System.getLogger("ernie4j").log(System.Logger.Level.INFO, sentence);
  }

  private static final class Chosen {
    static final Kernels KERNELS = choose(System.getProperty(PROPERTY, "auto"));
  }
}
