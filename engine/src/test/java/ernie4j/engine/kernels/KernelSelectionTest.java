package ernie4j.engine.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ernie4j.engine.AnotherJvm;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class KernelSelectionTest {
  private static boolean moduleIsLoaded() {
    return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
  }

  @Test
  void scalarCanAlwaysBeForced() {
    assertThat(KernelSelection.choose("scalar").name()).startsWith("scalar");
  }

  @Test
  void withTheModuleTheVectorKernelsAreChosen() {
    Assumptions.assumeTrue(moduleIsLoaded(), "skipped: run with the incubator module");
    assertThat(KernelSelection.refusal("vector")).isEmpty();
    assertThat(KernelSelection.choose("auto").name()).startsWith("vector");
    assertThat(KernelSelection.choose("vector").name()).startsWith("vector");
  }

  @Test
  void withoutTheModuleTheRefusalSaysWhichFlagToAdd() {
    Assumptions.assumeFalse(moduleIsLoaded(), "skipped: run without the incubator module");
    assertThat(KernelSelection.refusal("vector").orElseThrow())
        .contains("--add-modules jdk.incubator.vector");
    assertThat(KernelSelection.choose("auto").name()).startsWith("scalar");
    assertThatThrownBy(() -> KernelSelection.choose("vector"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("-Dernie4j.kernels=vector cannot be fulfilled")
        .hasMessageContaining("--add-modules jdk.incubator.vector");
  }

  @Test
  void kernelsCanBeNamed() {
    assertThat(Kernels.named("scalar").name()).startsWith("scalar");
    assertThatThrownBy(() -> Kernels.named("fastest"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("There are no kernels named 'fastest'");
    if (moduleIsLoaded()) {
      assertThat(Kernels.named("vector").name()).startsWith("vector");
    } else {
      assertThatThrownBy(() -> Kernels.named("vector"))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("--add-modules jdk.incubator.vector");
    }
  }

  @Test
  void unknownKernelsAreRefused() {
    assertThatThrownBy(() -> KernelSelection.choose("fastest"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(
            "-Dernie4j.kernels=fastest cannot be fulfilled. There are no kernels named 'fastest'; expected auto or one of: vector, scalar.");
  }

  /** Not an error of class initialization, and not another one at the second try. */
  @Test
  void demandThatCannotBeFulfilledFailsEveryCall() throws Exception {
    Process process =
        new ProcessBuilder(
                AnotherJvm.java(),
                "-Dernie4j.kernels=fastest",
                "-cp",
                System.getProperty("java.class.path"),
                Twice.class.getName())
            .redirectErrorStream(true)
            .start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String failure =
        "IllegalStateException: -Dernie4j.kernels=fastest cannot be fulfilled. There are no kernels named";
    assertThat(out.lines().filter(line -> line.contains(failure))).as(out).hasSize(2);
  }

  /** Asks for the best kernels twice and prints what is thrown. */
  static final class Twice {
    private Twice() {}

    public static void main(String[] args) {
      for (int i = 0; i < 2; i++) {
        try {
          System.out.println(Kernels.best());
        } catch (Throwable e) {
          System.out.println(e);
        }
      }
    }
  }
}
