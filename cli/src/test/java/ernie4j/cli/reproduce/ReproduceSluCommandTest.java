package ernie4j.cli.reproduce;

import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.cli.CommandLineRun;
import ernie4j.cli.TinyModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole experiment on a small scale. */
class ReproduceSluCommandTest {
  @TempDir Path folder;

  @Test
  void makesTheTableAndContinuesWhereItWasInterrupted() throws Exception {
    Path teacher = TinyModel.write(folder.resolve("teacher.ernie"), TinyModel.vocabulary());
    TinyModel.writeCorpus(folder.resolve("corpus.txt"));
    Path data = Files.createDirectory(folder.resolve("data"));
    TinyModel.writeCorpus(data.resolve("corpus.train.txt"));
    Files.writeString(data.resolve("intent_label.txt"), "OTHERS\nmusic.play\nnavigation\n");
    Files.writeString(
        data.resolve("slot_label.txt"),
        "[PAD]\nO\nB-singer\nI-singer\nB-destination\nI-destination\n");
    Path text = Files.write(folder.resolve("text.txt"), List.of("放刘德的歌", "去张学路", "周华你好", "华健"));
    Path output = folder.resolve("out");
    List<Object> command = new ArrayList<>(List.of("reproduce", "slu", "--teacher", teacher));
    command.addAll(List.of("--text", text, "--data", data, "--output-dir", output));
    command.addAll(List.of("--student", "2L12H2A", "--distill-steps", 3, "--held-out", 1));
    command.addAll(
        List.of(
            "--seeds", "1,2", "--fine-tuning-epochs", 1, "--teacher-epochs", 1, "--widths", "0.5"));
    command.addAll(
        List.of(
            "--vocabulary-size",
            18,
            "--latency-seconds",
            0.02,
            "--settle-seconds",
            0,
            "--qat-epochs",
            1));

    CommandLineRun run = CommandLineRun.of(command.toArray());
    assertThat(run.code()).as(run.err()).isZero();
    String table = Files.readString(output.resolve("reproduction.md"));
    assertThat(run.out()).contains(table);
    assertThat(table)
        .contains("seeds 1, 2")
        .contains("| original |")
        .contains("| + vocabulary pruning |")
        .contains("| + int8 embeddings, width 0.5 |");
    assertThat(Files.readAllBytes(output.resolve("reproduction.png")))
        .startsWith(0x89, 'P', 'N', 'G');

    Files.delete(output.resolve("seed-2-compressed/compression.csv"));
    Files.delete(output.resolve("reproduction.md"));
    // As it was written before the options got their current names.
    Path record = output.resolve("seed-2-compressed.command");
    String line = Files.readString(record);
    String before =
        line.replace("--data ", "--train-path ")
            .replace("--widths ", "--width-mult-list ")
            .replace("--vocabulary-size ", "--max-vocab-size ");
    assertThat(before).isNotEqualTo(line);
    Files.writeString(record, before);
    CommandLineRun again = CommandLineRun.of(command.toArray());
    assertThat(again.code()).as(again.err()).isZero();
    assertThat(again.err())
        .contains("ernie4j compress")
        .contains("--resume")
        .doesNotContain("ernie4j distill")
        .doesNotContain("ernie4j train");
    assertThat(output.resolve("reproduction.md")).exists();

    assertThat(run.out()).contains("Measured on a fifth of the rows");

    List<Object> byDialogue = new ArrayList<>(command);
    byDialogue.set(byDialogue.indexOf(output), folder.resolve("dialogues"));
    byDialogue.set(byDialogue.indexOf("1,2"), "1");
    byDialogue.addAll(List.of("--split", "dialogues"));
    byDialogue.addAll(List.of("--distilled", output.resolve("student/model.ernie")));
    Path corpus = data.resolve("corpus.train.txt");
    List<String> lines = new ArrayList<>();
    for (String utterance : Files.readAllLines(corpus)) {
      lines.add("d" + lines.size() / 4 + utterance.substring(1));
    }
    Files.write(corpus, lines);
    CommandLineRun honest = CommandLineRun.of(byDialogue.toArray());
    assertThat(honest.code()).as(honest.err()).isZero();
    assertThat(honest.out())
        .contains("Measured on dialogues that are in neither the training data")
        .contains("| + int8 embeddings, width 0.5 |");
    assertThat(honest.err())
        .contains("ernie4j split-dialogues --data " + corpus)
        .containsPattern("train slu .*dialogues/train.txt --dev-data .*dialogues/dev.txt ")
        .containsPattern("compress .*--test-data .*dialogues/test.txt ")
        .containsPattern(
            "measured on [0-9]+ utterances of dialogues that are not in the training data")
        .doesNotContain("also in the training data");
    TinyModel.writeCorpus(corpus);

    List<Object> other = new ArrayList<>(command);
    other.set(other.indexOf(output), folder.resolve("other"));
    other.set(other.indexOf("1,2"), "1");
    int texts = other.indexOf("--text");
    other.subList(texts, texts + 2).clear();
    CommandLineRun withoutTexts = CommandLineRun.of(other.toArray());
    assertThat(withoutTexts.code()).isEqualTo(2);
    assertThat(withoutTexts.err()).contains("add --text FILE");
    other.addAll(List.of("--distilled", output.resolve("student/model.ernie")));
    CommandLineRun fromDistilled = CommandLineRun.of(other.toArray());
    assertThat(fromDistilled.code()).as(fromDistilled.err()).isZero();
    assertThat(fromDistilled.err())
        .contains("ernie4j train slu --model " + output.resolve("student/model.ernie"))
        .doesNotContain("ernie4j distill");
  }
}
