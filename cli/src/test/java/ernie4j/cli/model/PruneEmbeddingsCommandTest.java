package ernie4j.cli.model;

import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.cli.CommandLineRun;
import ernie4j.cli.TinyModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PruneEmbeddingsCommandTest {
  @TempDir Path folder;

  @Test
  void aSmallerModelGivesTheSameVector() throws Exception {
    Path model = TinyModel.write(folder.resolve("full.ernie"), TinyModel.vocabulary());
    Path text = Files.write(folder.resolve("texts.txt"), List.of("放周华健的歌", "去周路"));
    Path small = folder.resolve("small.ernie");
    CommandLineRun run =
        CommandLineRun.of(
            "prune-embeddings",
            "--model",
            model,
            "--text",
            text,
            "--vocabulary-size",
            13,
            "--max-length",
            9,
            "--output",
            small);
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).contains("13 of 20 words, 9 of 16 positions");
    assertThat(CommandLineRun.of("embed", "--model", small, "放周华健的歌").out())
        .isEqualTo(CommandLineRun.of("embed", "--model", model, "放周华健的歌").out());
  }

  @Test
  void refusesTooFewWordsAndWritesNothing() throws Exception {
    Path model = TinyModel.write(folder.resolve("full.ernie"), TinyModel.vocabulary());
    Path text = Files.write(folder.resolve("texts.txt"), List.of("放"));
    Path small = folder.resolve("small.ernie");
    CommandLineRun run =
        CommandLineRun.of(
            "prune-embeddings",
            "--model",
            model,
            "--text",
            text,
            "--vocabulary-size",
            4,
            "--output",
            small);
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("'--vocabulary-size'", "of at least 5, got '4'");
    assertThat(small).doesNotExist();
  }
}
