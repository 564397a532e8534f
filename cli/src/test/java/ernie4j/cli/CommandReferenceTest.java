package ernie4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** docs/reference/commands.md is up to date. {@code -Dernie4j.write-docs} generates it again. */
class CommandReferenceTest {
  private static final Path PAGE = Path.of("../docs/reference/commands.md");

  @Test
  void pageMatchesTheProgram() throws IOException {
    if (System.getProperty("ernie4j.write-docs") != null) {
      Files.writeString(PAGE, CommandReference.page());
    }
    assertThat(Files.readString(PAGE))
        .as("out of date: mvn -pl cli -am test -Dtest=CommandReferenceTest -Dernie4j.write-docs")
        .isEqualTo(CommandReference.page());
  }

  @Test
  void pageHasEveryCommandAndOption() {
    String page = CommandReference.page();
    for (CommandSpec command : Commands.all()) {
      assertThat(page).contains("# " + String.join(" ", Commands.words(command)) + "\n");
      for (OptionSpec option : command.options()) {
        if (!option.hidden()) {
          assertThat(page).contains(Stream.of(option.names()).map(n -> "`" + n).toList());
        }
      }
    }
  }
}
