package ernie4j.machinecode;

import java.util.Locale;
import java.util.Optional;

/** The conditions for generating machine code, and what to change if one is not met. */
final class Permission {
  private Permission() {}

  /** The system property that turns machine code off without rebuilding anything. */
  static final String SWITCH = "ernie4j.machineCode";

  static Optional<String> refusal() {
    Module module = Permission.class.getModule();
    return refusal(
        System.getProperty(SWITCH, "on"),
        System.getProperty("os.name", ""),
        System.getProperty("os.arch", ""),
        module.isNativeAccessEnabled(),
        module.isNamed() ? module.getName() : "ALL-UNNAMED");
  }

  static Optional<String> refusal(
      String wish, String system, String architecture, boolean nativeAccess, String module) {
    if (wish.toLowerCase(Locale.ROOT).equals("off")) {
      return Optional.of(
          "The machine-code kernels are turned off, so other kernels are used; remove -D%s=off to use them."
              .formatted(SWITCH));
    }
    if (!system.equals("Linux") || !architecture.equals("amd64")) {
      return Optional.of(
          "The machine-code kernels are for Linux on x86-64 and this is %s on %s, so other kernels are used; take ernie4j-machine-code off the path to be rid of this line."
              .formatted(system, architecture));
    }
    if (!nativeAccess) {
      return Optional.of(
          "The machine-code kernels may not use native access, so other kernels are used; add --enable-native-access=%s to the java command to run faster."
              .formatted(module));
    }
    return Optional.empty();
  }
}
