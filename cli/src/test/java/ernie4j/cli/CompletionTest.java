package ernie4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script of {@code completion}, in a real bash. */
class CompletionTest {
  @TempDir Path folder;
  private Path script = Path.of("");

  @BeforeEach
  void bashIsThere() {
    assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "skipped: there is no /bin/bash");
  }

  private void writeScript() throws Exception {
    CommandLineRun run = CommandLineRun.of("completion");
    assertThat(run.code()).as(run.err()).isZero();
    script = Files.writeString(folder.resolve("completion.sh"), run.out());
  }

  @Test
  void completesCommandsSubcommandsAndOptions() throws Exception {
    writeScript();
    assertThat(completed("tra")).containsExactly("train");
    assertThat(completed("train", "cl")).containsExactly("classify");
    assertThat(completed("train", "slu", "--epo")).containsExactly("--epochs");
    assertThat(completed("embed", "--pooling", "")).contains("CLS", "MEAN");
    assertThat(completed("parse", "--q")).containsExactly("--quiet");
  }

  /** What bash offers after some words. */
  private List<String> completed(String... words) throws Exception {
    String line =
        "source %s; COMP_WORDS=(ernie4j \"$@\"); COMP_CWORD=$#; $(complete -p ernie4j | sed 's/.*-F \\([^ ]*\\).*/\\1/'); printf '%%s\\n' \"${COMPREPLY[@]}\""
            .formatted(script);
    List<String> command = new ArrayList<>(List.of("/bin/bash", "-c", line, "bash"));
    command.addAll(List.of(words));
    Process bash = new ProcessBuilder(command).start();
    String out = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String err = new String(bash.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(bash.waitFor()).as(err).isZero();
    return out.lines().map(String::strip).filter(word -> !word.isEmpty()).toList();
  }
}
