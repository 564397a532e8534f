package ernie4j.cli.train;

import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.cli.CommandLineRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RefillSlotsCommandTest {
  @TempDir Path folder;

  private CommandLineRun refilling(String... lines) throws Exception {
    Path corpus = Files.write(folder.resolve("corpus.txt"), List.of(lines));
    return CommandLineRun.of(
        "refill-slots", "--data", corpus, "--copies", 20, "--output", folder.resolve("new.txt"));
  }

  @Test
  void writesNewTextsOnce() throws Exception {
    CommandLineRun run =
        refilling(
            "1\t放花心\tplay\t放<song>花心</song>",
            "1\t取消\tcancel\t取消",
            "2\t我想听冰雨\tplay\t我想听<song>冰雨</song>");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.lines())
        .containsExactly(folder.resolve("new.txt") + ": 2 new texts from 2 utterances with slots");
    assertThat(Files.readAllLines(folder.resolve("new.txt")))
        .containsExactlyInAnyOrder("放冰雨", "我想听花心");
  }

  @Test
  void aCorpusFromWhichNothingCanBeMadeIsRefused() throws Exception {
    CommandLineRun none = refilling("1\t取消\tcancel\t取消");
    assertThat(none.code()).isEqualTo(1);
    assertThat(none.err()).contains("expected utterances with slots, got 1 without any");
    CommandLineRun one = refilling("1\t放花心\tplay\t放<song>花心</song>");
    assertThat(one.code()).isEqualTo(1);
    assertThat(one.err()).contains("every type of slot has only one value");
    assertThat(folder.resolve("new.txt")).doesNotExist();
  }
}
