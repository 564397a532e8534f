package ernie4j.engine.kernels.vector;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The advice fits the Java runtime: an option cannot load a module that an image does not have. */
class VectorRefusalTest {
  @Test
  void runtimeWithTheModuleNeedsAnOption() {
    assertThat(VectorProvider.notLoaded(true))
        .contains("is not loaded", "add --add-modules jdk.incubator.vector to the java command");
  }

  @Test
  void runtimeWithoutTheModuleMustBeMadeWithIt() {
    assertThat(VectorProvider.notLoaded(false))
        .contains("has no module", "jlink --add-modules jdk.incubator.vector")
        .doesNotContain("java command");
  }
}
