package ernie4j.cli.train;

import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.cli.CommandLineRun;
import ernie4j.cli.TinyModel;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Distil a tiny teacher through the command line and fine-tune the result. */
class DistillCommandTest {
  @TempDir static Path folder;

  private static Path teacher;
  private static Path corpus;
  private static Path texts;
  private static Path distilled;
  private static CommandLineRun run;

  @BeforeAll
  static void distil() throws Exception {
    teacher = TinyModel.write(folder.resolve("tiny.ernie"), TinyModel.vocabulary());
    corpus = TinyModel.writeCorpus(folder.resolve("corpus.txt"));
    List<String> lines =
        Files.readAllLines(corpus).stream().map(line -> line.split("\t", -1)[1]).toList();
    texts = Files.write(folder.resolve("texts.txt"), lines);
    distilled = folder.resolve("run");
    run = distil(distilled, "--student", "1L12H2A");
  }

  /** Options and their values replace those of the defaults. */
  private static CommandLineRun distil(Path output, Object... more) {
    Map<Object, Object> options = new LinkedHashMap<>();
    options.put("--teacher", teacher);
    options.put("--output-dir", output);
    options.put("--text", texts);
    options.put("--held-out", 30);
    options.put("--eval-steps", 10);
    options.put("--batch-size", 8);
    options.put("--learning-rate", 5e-3);
    options.put("--epochs", 3);
    options.put("--max-steps", 25);
    for (int i = 0; i + 1 < more.length; i += 2) {
      options.put(more[i], more[i + 1]);
    }
    List<Object> all = new ArrayList<>(List.of("distill"));
    options.forEach(
        (name, value) -> {
          all.add(name);
          all.add(value);
        });
    if (more.length % 2 == 1) {
      all.add(more[more.length - 1]);
    }
    return CommandLineRun.of(all.toArray());
  }

  @Test
  void reportsItsDataAndProgress() throws Exception {
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.err())
        .contains("96 texts to learn from, 30 to evaluate on")
        .contains("1L12H2A, intermediate 48")
        .contains("12 relation heads")
        .contains("evaluation at step 20")
        .contains("examples/s");
    assertThat(run.out()).contains("best at step").contains("relation_loss");
    assertThat(Files.readAllBytes(distilled.resolve("training.png"))).startsWith(0x89, 'P', 'N');
    List<String> metrics = Files.readAllLines(distilled.resolve("metrics.csv"));
    assertThat(metrics).hasSize(4);
    assertThat(metrics.get(0))
        .isEqualTo("step,epoch,learning_rate,loss,score,relation_loss,hidden_error");
    assertThat(metrics.get(3)).startsWith("25,");
  }

  @Test
  void theStudentRecordsItsOriginAndCanBeFineTuned() {
    Path student = distilled.resolve("model.ernie");
    assertThat(CommandLineRun.of("inspect", student).out())
        .contains("1 layers, hidden 12, 2 heads of 6")
        .contains("teacher           tiny.ernie")
        .contains("teacher_source    test")
        .contains("distill_texts     texts.txt")
        .containsPattern("teacher_sha256 +[0-9a-f]{64}")
        .contains("relation heads 12");
    Path output = folder.resolve("slu");
    List<Object> options = new ArrayList<>(List.of("train", "slu", "--model", student));
    options.addAll(List.of("--data", corpus, "--output-dir", output));
    options.addAll(List.of("--epochs", 1));
    CommandLineRun fineTuning = CommandLineRun.of(options.toArray());
    assertThat(fineTuning.code()).as(fineTuning.err()).isZero();
  }

  @Test
  void continuesOnlyWithResumeAndTheSameOptions() {
    Path output = folder.resolve("resumed");
    Object[] shape = {"--layers", 1, "--hidden", 12, "--heads", 2, "--intermediate", 20};
    assertThat(distil(output, shape).code()).isZero();
    CommandLineRun again = distil(output, shape);
    assertThat(again.code()).isEqualTo(2);
    assertThat(again.err()).contains("already holds a training; add --resume to continue");
    List<Object> resume = new ArrayList<>(List.of(shape));
    resume.add("--resume");
    CommandLineRun resumed = distil(output, resume.toArray());
    assertThat(resumed.code()).as(resumed.err()).isZero();
    List<Object> changed = new ArrayList<>(List.of(shape));
    changed.addAll(List.of("--hidden-weight", 3, "--resume"));
    CommandLineRun other = distil(output, changed.toArray());
    assertThat(other.code()).isEqualTo(1);
    assertThat(other.err()).contains("other options");
  }

  @Test
  void anAssistantTeachesSeveralStudents() throws Exception {
    Path output = folder.resolve("chain");
    Object[] chain = {"--assistant", "2L18H3A", "--student", "1L12H2A,1L6H1A"};
    CommandLineRun all = distil(output, chain);
    assertThat(all.code()).as(all.err()).isZero();
    assertThat(all.out().lines())
        .contains(
            output.resolve("assistant/model.ernie").toString(),
            output.resolve("1L12H2A.ernie").toString(),
            output.resolve("1L6H1A.ernie").toString());
    assertThat(CommandLineRun.of("inspect", output.resolve("1L6H1A.ernie")).out())
        .contains("1 layers, hidden 6, 1 heads of 6")
        .contains("teacher_teacher   tiny.ernie");
    List<Object> resume = new ArrayList<>(List.of(chain));
    resume.add("--resume");
    CommandLineRun again = distil(output, resume.toArray());
    assertThat(again.code()).as(again.err()).isZero();
    assertThat(again.err()).doesNotContain("2L18H3A");
    // As if it had been stopped while the assistant learned: the students have not begun.
    Files.delete(output.resolve("assistant/report.html"));
    Files.delete(output.resolve("checkpoint.safetensors"));
    Files.delete(output.resolve("1L6H1A.ernie"));
    CommandLineRun third = distil(output, resume.toArray());
    assertThat(third.code()).as(third.err()).isZero();
    assertThat(third.err()).contains("2L18H3A");
    assertThat(output.resolve("1L6H1A.ernie")).exists();
  }

  private static void refused(int code, String message, Object... more) {
    Path output = folder.resolve("refused");
    CommandLineRun failed = distil(output, more);
    assertThat(failed.code()).as(failed.err()).isEqualTo(code);
    assertThat(failed.err()).contains(message);
    assertThat(output).doesNotExist();
  }

  @Test
  void refusesWhatCannotWorkBeforeWriting() throws Exception {
    refused(2, "the student needs a shape");
    refused(2, "--student already gives the shape", "--student", "nano", "--layers", 2);
    refused(
        2,
        "--student: expected every value once, got 1L12H2A twice",
        "--student",
        "1L12H2A,1L12H2A");
    refused(2, "expected one of [base", "--student", "huge");
    refused(1, "not wider than its teacher's 24, got 312", "--student", "nano");
    refused(1, "5 relation heads must divide", "--student", "1L12H2A", "--relation-heads", 5);
    refused(1, "more texts than the 126 held out", "--student", "1L12H2A", "--held-out", 126);
    Path absent = folder.resolve("absent");
    refused(1, "absent: there is no such file", "--student", "1L12H2A", "--teacher", absent);
    refused(1, "absent: there is no such file", "--student", "1L12H2A", "--text", absent);
    Path gbk = Files.write(folder.resolve("gbk"), "你好\n".getBytes(Charset.forName("GB18030")));
    refused(1, "gbk: line 1: expected UTF-8 text", "--student", "1L12H2A", "--text", gbk);
    Path blank = Files.writeString(folder.resolve("blank"), "\n\n");
    CommandLineRun empty =
        CommandLineRun.of(
            "distill",
            "--teacher",
            teacher,
            "--student",
            "1L12H2A",
            "--text",
            blank,
            "--output-dir",
            folder.resolve("refused"));
    assertThat(empty.err()).contains("blank").contains("there is no text");
  }
}
