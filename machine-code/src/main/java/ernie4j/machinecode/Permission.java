package ernie4j.machinecode;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The conditions for generating machine code, and what to change if one is not met. */
final class Permission {
  private Permission() {}

  /**
   * The system property that turns machine code off without a rebuild, or on where it is off by
   * default.
   */
  static final String SWITCH = "ernie4j.machineCode";

  static Optional<String> refusal() {
    Module module = Permission.class.getModule();
    return refusal(
        System.getProperty(SWITCH),
        System.getProperty("os.name", ""),
        System.getProperty("os.arch", ""),
        module.isNativeAccessEnabled(),
        module.isNamed() ? module.getName() : "ALL-UNNAMED");
  }

  static Optional<String> refusal(
      @Nullable String wish,
      String system,
      String architecture,
      boolean nativeAccess,
      String module) {
    if ("off".equalsIgnoreCase(wish)) {
      return Optional.of(
          "The machine-code kernels are turned off, so other kernels are used; remove -D%s=off to use them."
              .formatted(SWITCH));
    }
    boolean arm = architecture.equals("aarch64");
    if (!system.equals("Linux") || !(arm || architecture.equals("amd64"))) {
      return Optional.of(
          "The machine-code kernels are for Linux on x86-64 or AArch64 and this is %s on %s, so other kernels are used; take ernie4j-machine-code off the path to be rid of this line."
              .formatted(system, architecture));
    }
    if (arm && !"on".equalsIgnoreCase(wish)) {
      return Optional.of(
          "The machine-code kernels are off by default on AArch64, where no real processor has run them yet, so other kernels are used; add -D%s=on to the java command to turn them on."
              .formatted(SWITCH));
    }
    if (!nativeAccess) {
      return Optional.of(
          "The machine-code kernels may not use native access, so other kernels are used; add --enable-native-access=%s to the java command to run faster."
              .formatted(module));
    }
    return Optional.empty();
  }
}
