package ernie4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the script {@code ernie4j} passes on from and to a JVM, which is a script here. */
class LauncherMessagesTest {
  private static final String WARNING = "WARNING: Using incubator modules: jdk.incubator.vector\n";

  @TempDir Path root;

  @BeforeEach
  void copyTheLauncher() throws IOException {
    Path launcher = Path.of("..", "ernie4j");
    assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "there is no bash");
    Files.copy(launcher, root.resolve("ernie4j"));
    for (String module : "tokenizer engine quant training model-zoo server cli".split(" ", -1)) {
      Files.createDirectories(root.resolve(module).resolve("src/main"));
      Files.createFile(root.resolve(module).resolve("pom.xml"));
    }
    Files.createFile(root.resolve("pom.xml"));
    Files.createDirectories(root.resolve("cli/target/modules"));
    Files.createDirectories(root.resolve("jdk/bin"));
    Files.writeString(root.resolve("jdk/release"), "JAVA_VERSION=\"17.0.1\"\n");
    Files.createFile(root.resolve("cli/target/launcher.stamp"));
  }

  private Process launch(String script) throws IOException {
    Path java = root.resolve("jdk/bin/java");
    Files.write(java, ("#!/bin/bash\n" + script).getBytes(StandardCharsets.ISO_8859_1));
    assertThat(java.toFile().setExecutable(true)).isTrue();
    ProcessBuilder builder =
        new ProcessBuilder("/bin/bash", root.resolve("ernie4j").toString(), "models");
    builder.environment().put("ERNIE4J_JAVA_HOME", root.resolve("jdk").toString());
    return builder.start();
  }

  private static int code(Process process) throws InterruptedException {
    assertThat(process.waitFor(20, TimeUnit.SECONDS)).as("it ends").isTrue();
    return process.exitValue();
  }

  @Test
  void passesOnMessagesOfAnyBytesAndTheExitCode() throws Exception {
    Process process =
        launch(
            "printf 'caf\u00e9 \\0 \u00ff\\n"
                + WARNING.strip()
                + "\\nlast\\n' >&2; read x; echo $x; exit 7");
    process.getOutputStream().write("input\n".getBytes(StandardCharsets.US_ASCII));
    process.getOutputStream().close();
    byte[] err = process.getErrorStream().readAllBytes();
    assertThat(process.getInputStream().readAllBytes()).asString().isEqualTo("input\n");
    assertThat(code(process)).isEqualTo(7);
    assertThat(new String(err, StandardCharsets.ISO_8859_1))
        .isEqualTo("caf\u00e9 \0 \u00ff\nlast\n");
  }

  @Test
  void passesOnSignalsAndTheLastMessagesOfTheJvm() throws Exception {
    Process process =
        launch(
            "trap 'echo a checkpoint is written >&2; exit 143' TERM\n"
                + "echo ready; while :; do sleep 0.05; done");
    assertThat(process.inputReader(StandardCharsets.US_ASCII).readLine()).isEqualTo("ready");
    assertThat(process.toHandle().destroy()).isTrue();
    assertThat(process.getErrorStream().readAllBytes())
        .asString(StandardCharsets.US_ASCII)
        .isEqualTo("a checkpoint is written\n");
    assertThat(code(process)).isEqualTo(143);
  }
}
