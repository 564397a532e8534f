package ernie4j.cli.reproduce;

import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.cli.CommandLineRun;
import ernie4j.cli.TinyModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole experiment on a small scale. */
class ReproduceDistillationCommandTest {
  @TempDir Path folder;

  private void write(String file, String... lines) throws IOException {
    Path path = folder.resolve("data").resolve(file);
    Files.createDirectories(path.getParent());
    Files.write(path, List.of(lines));
  }

  /** A first line, then two others ten times each in turn, so that every part has both. */
  private static String[] table(String first, String... two) {
    List<String> lines = new ArrayList<>(List.of(first));
    for (int i = 0; i < 10; i++) {
      lines.addAll(List.of(two));
    }
    return lines.toArray(new String[0]);
  }

  private void writeData() throws IOException {
    for (String part : new String[] {"train", "dev"}) {
      write("chnsenticorp/" + part + ".tsv", table("label\ttext_a", "1\t你好友", "0\t去路"));
      write("afqmc/" + part + ".txt", table("你好\t好\t1", "你好\t好你\t1", "去路\t放歌\t0"));
      write("msra-ner/" + part + ".txt", table("周 B-PER", "", "华 B-PER\n友 I-PER\n"));
    }
    String[] pairs =
        table(
            "{\"sentence1\": \"路\", \"sentence2\": \"歌\", \"label\": \"-\"}",
            "{\"sentence1\": \"你好\", \"sentence2\": \"好\", \"label\": \"entailment\"}",
            "{\"sentence1\": \"去路\", \"sentence2\": \"歌\", \"label\": \"neutral\"}");
    write("ocnli/train.10k.json", pairs);
    write("ocnli/dev.json", pairs);
    write(
        "shopping10/online_shopping_10_cats.csv", table("cat,label,review", "书籍,1,你好", "酒店,0,去路"));
    TinyModel.writeCorpus(
        Files.createDirectories(folder.resolve("data/nlpcc2018-task4"))
            .resolve("corpus.train.txt"));
    write("nlpcc2018-task4/intent_label.txt", "OTHERS", "music.play", "navigation");
    write(
        "nlpcc2018-task4/slot_label.txt",
        "[PAD]",
        "O",
        "B-singer",
        "I-singer",
        "B-destination",
        "I-destination");
    String good = "{\"text\": \"你好\", \"label\": \"a\"}";
    String bad = "{\"text\": \"去路\", \"label\": \"b\"}";
    write("fewclue/csldcp/train_0.json", good, bad);
    for (String name : new String[] {"tnews", "iflytek", "bustm", "eprstmt", "csldcp"}) {
      write("fewclue/%s/dev_few_all.json".formatted(name), good, bad);
    }
    for (String name : new String[] {"tnews", "iflytek", "bustm", "eprstmt"}) {
      List<String> splits = new ArrayList<>();
      for (int i = 0; i < 5 * 16; i++) {
        splits.addAll(List.of(good, bad));
      }
      write("fewclue/%s/train_few_all.json".formatted(name), splits.toArray(new String[0]));
    }
  }

  private List<Object> command() throws IOException {
    Path teacher = TinyModel.write(folder.resolve("teacher.ernie"), TinyModel.vocabulary());
    Path text = Files.write(folder.resolve("text.txt"), List.of("放刘德的歌", "去张学路", "周华你好"));
    List<Object> command = new ArrayList<>(List.of("reproduce", "distillation"));
    command.addAll(List.of("--teacher", teacher, "--text", text));
    command.addAll(
        List.of("--data", folder.resolve("data"), "--output-dir", folder.resolve("out")));
    command.addAll(List.of("--student", "1L12H2A", "--distill-steps", 2, "--held-out", 1));
    command.addAll(List.of("--teacher-steps", 2, "--task-steps", 2, "--few-shot-steps", 1));
    command.addAll(List.of("--seeds", "1,2"));
    return command;
  }

  @Test
  void makesTheTableAndRepeatsNoStep() throws IOException {
    writeData();
    List<Object> command = command();
    Path output = folder.resolve("out");
    CommandLineRun run = CommandLineRun.of(command.toArray());
    assertThat(run.code()).as(run.err()).isZero();
    List<String> table = Files.readAllLines(output.resolve("distillation.md"));
    assertThat(run.out()).contains(table);
    assertThat(table).hasSize(8);
    assertThat(table.get(0))
        .isEqualTo(
            "| encoder | chnsenticorp | afqmc | ocnli | tnews | iflytek | msra-ner | **in-domain** |"
                + " shopping10 | slu | **out-of-domain** | bustm | eprstmt | csldcp | **low-resource** |");
    assertThat(table.get(2)).startsWith("| 1L12H2A scratch | ").contains(" ± ");
    assertThat(table.get(3)).startsWith("| 1L12H2A v1 | ");
    assertThat(table.get(4)).startsWith("| 1L12H2A v2 | ");
    assertThat(table.get(6))
        .matches(
            "- 1L12H2A v1 - 1L12H2A scratch: in-domain \\S+, out-of-domain \\S+, low-resource \\S+ ± \\S+");
    assertThat(table.get(7)).startsWith("- 1L12H2A v2 - 1L12H2A v1: ");
    assertThat(Files.readAllBytes(output.resolve("distillation.png")))
        .startsWith(0x89, 'P', 'N', 'G');

    for (int i = 0; i < 2; i++) {
      assertThat(run.err()).containsPattern("bustm-train-" + i + ".json.* --seed " + (i + 1));
      assertThat(Files.readAllLines(output.resolve("data/bustm-train-" + i + ".json"))).hasSize(32);
    }

    CommandLineRun again = CommandLineRun.of(command.toArray());
    assertThat(again.code()).isZero();
    assertThat(again.err()).doesNotContain("ernie4j train").doesNotContain("ernie4j distill");

    List<Object> longer = new ArrayList<>(command);
    longer.set(longer.indexOf("--distill-steps") + 1, 3);
    CommandLineRun mixed = CommandLineRun.of(longer.toArray());
    assertThat(mixed.code()).isEqualTo(2);
    assertThat(mixed.err()).contains("v1 was made by", "--max-steps 2", "--max-steps 3");
  }

  @Test
  void makesATableOfSomeTasks() throws IOException {
    writeData();
    List<Object> command = command();
    command.addAll(List.of("--task", "msra-ner,eprstmt"));
    assertThat(CommandLineRun.of(command.toArray()).code()).isZero();
    assertThat(Files.readAllLines(folder.resolve("out").resolve("distillation.md")).get(0))
        .isEqualTo("| encoder | msra-ner | **in-domain** | eprstmt | **low-resource** |");
    List<Object> share = new ArrayList<>(command);
    share.addAll(List.of("--sampling-exponent", 2));
    assertThat(CommandLineRun.of(share.toArray()).err()).contains("from 0 to 1, got '2'");
    String[] wrong = {"msra-ner,names", "eprstmt"};
    String[] got = {"got [msra-ner, names]", "teacher to learn among them, got [eprstmt]"};
    for (int i = 0; i < wrong.length; i++) {
      command.set(command.size() - 1, wrong[i]);
      CommandLineRun refused = CommandLineRun.of(command.toArray());
      assertThat(refused.code()).isEqualTo(2);
      assertThat(refused.err()).contains("--task: expected", got[i]);
    }
  }
}
