package ernie4j.cli.train;

import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.cli.CommandLineRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SplitDialoguesCommandTest {
  @TempDir Path folder;

  private Path corpus() throws Exception {
    List<String> lines = new ArrayList<>();
    for (int d = 0; d < 10; d++) {
      lines.addAll(List.of("d%d\t取消\tcancel\t取消".formatted(d), ""));
    }
    return Files.write(folder.resolve("corpus.txt"), lines);
  }

  @Test
  void writesAndCountsThreeParts() throws Exception {
    Path parts = folder.resolve("parts");
    CommandLineRun run =
        CommandLineRun.of(
            "split-dialogues", "--data", corpus(), "--output-dir", parts, "--dev-share", 0.2);
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.lines())
        .containsExactly(
            parts.resolve("train.txt") + ": 6 dialogues, 6 utterances",
            parts.resolve("dev.txt")
                + ": 2 dialogues, 2 utterances, 100.0 % of them also said in train.txt",
            parts.resolve("test.txt")
                + ": 2 dialogues, 2 utterances, 100.0 % of them also said in train.txt");
    assertThat(Files.readAllLines(parts.resolve("dev.txt"))).hasSize(3).element(1).isEqualTo("");
  }

  @Test
  void sharesMustLeaveSomethingToLearnFrom() throws Exception {
    CommandLineRun run =
        CommandLineRun.of(
            "split-dialogues",
            "--data",
            corpus(),
            "--output-dir",
            folder.resolve("parts"),
            "--test-share",
            0.9);
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("nothing would be left to learn from");
    assertThat(folder.resolve("parts")).doesNotExist();
  }
}
