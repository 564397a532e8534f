package ernie4j.cli.option;

import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.cli.CommandLineRun;
import ernie4j.cli.Commands;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine.Model.CommandSpec;

class OldNamesTest {
  @TempDir Path folder;

  @Test
  void replacesANameAloneAndWithAValue() {
    assertThat(
            Stream.of("--train-path", "--max-seq-length=9", "a=b", "x--algo", "--algos", "--seed"))
        .map(OldNames::today)
        .containsExactly("--data", "--max-length=9", "a=b", "x--algo", "--algos", "--seed");
  }

  @Test
  void wordsAfterTwoDashesAreTexts() {
    assertThat(CommandLineRun.of("parse", "--", "--doc-stride").lines().get(0))
        .isEqualTo("--doc-stride");
  }

  @Test
  void argumentFilesMayHoldOldNames() throws Exception {
    Path file = Files.writeString(folder.resolve("options"), "--num-train-epochs=0\n");
    assertThat(CommandLineRun.of("train", "slu", "@" + file).err())
        .startsWith("Invalid value for option '--epochs'");
  }

  static Stream<Arguments> oldNamesOfCommands() {
    List<Arguments> all = new ArrayList<>();
    for (CommandSpec command : Commands.all()) {
      OldNames.TODAY.forEach(
          (old, today) -> {
            if (command.optionsMap().containsKey(today)) {
              all.add(Arguments.of(Commands.words(command), old, today));
            }
          });
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("oldNamesOfCommands")
  void everyCommandTakesTheOldNames(List<String> command, String old, String today) {
    Map<String, String> others = Map.of("--widths", "0.5", "--calibration", "ABS_MAX");
    String value = others.getOrDefault(today, "7");
    assertThat(Commands.reads(command, today, old, value)).isTrue();
    assertThat(Commands.reads(command, today, old + "=" + value)).isTrue();
    assertThat(Commands.reads(command, today, old + "x", value)).isFalse();
  }

  @Test
  void everyOldNameHasACommandAndNoneIsInUse() {
    List<Object[]> found = oldNamesOfCommands().map(Arguments::get).toList();
    assertThat(found).extracting(words -> words[1]).containsAll(OldNames.TODAY.keySet());
    for (CommandSpec command : Commands.all()) {
      assertThat(command.optionsMap())
          .doesNotContainKeys(OldNames.TODAY.keySet().toArray(String[]::new));
    }
  }

  @Test
  void noHelpShowsAnOldName() {
    for (CommandSpec command : Commands.all()) {
      List<Object> words = new ArrayList<>(Commands.words(command));
      words.add("--help");
      String help = CommandLineRun.of(words.toArray()).out();
      assertThat(help).contains("Usage: ernie4j");
      for (String old : OldNames.TODAY.keySet()) {
        assertThat(help).doesNotContainPattern(old + "(?![\\w-])");
      }
    }
  }
}
