package ernie4j.machinecode;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Generated code touches nothing beyond its operands; the JVM would not survive it. */
class GuardPagesTest {
  @TempDir Path folder;

  static Stream<Int8Form> forms() {
    return Machine.forms();
  }

  @ParameterizedTest
  @MethodSource("forms")
  void functionsTouchOnlyTheirOperands(Int8Form form) throws Exception {
    assertThat(run(form.name())).contains("untouched: 2020").doesNotContain("fatal error");
  }

  @ParameterizedTest
  @MethodSource("forms")
  void touchingAGuardPageEndsTheJvm(Int8Form form) throws Exception {
    assertThat(run(form.name(), "beyond")).contains("SIGSEGV").doesNotContain("untouched");
  }

  private String run(String... arguments) throws Exception {
    List<String> options =
        List.of(
            "-Xmx256m",
            "--enable-native-access=ALL-UNNAMED",
            "-XX:ErrorFile=" + folder.resolve("crash.log"),
            "-XX:-CreateCoredumpOnCrash");
    return ChildJvm.run(options, GuardPages.class, arguments);
  }
}
