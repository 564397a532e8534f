package ernie4j.cli.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import ernie4j.cli.CommandLineRun;
import ernie4j.training.data.ExtractionExample;
import ernie4j.training.data.ExtractionFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConvertAnnotationsCommandTest {
  @TempDir Path folder;

  private CommandLineRun convert(Path data, Object... more) {
    List<Object> all = new ArrayList<>(List.of("convert-annotations", "--data", data));
    all.addAll(List.of("--output-dir", folder.resolve("out")));
    all.addAll(List.of(more));
    return CommandLineRun.of(all.toArray());
  }

  private Path file(String name, String content) throws IOException {
    return Files.writeString(folder.resolve(name), content);
  }

  private List<ExtractionExample> read(String name) throws IOException {
    return ExtractionFiles.read(folder.resolve("out").resolve(name));
  }

  private static String doccano(int texts) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < texts; i++) {
      lines.append(
          "{\"text\": \"第%d人在南京见😀张三\", \"entities\": [{\"id\": 1, \"label\": \"地名\", \"start_offset\": %d, \"end_offset\": %d}, {\"id\": 2, \"label\": \"人名##正向\", \"start_offset\": %d, \"end_offset\": %d}], \"relations\": [{\"id\": 0, \"from_id\": 2, \"to_id\": 1, \"type\": \"住所\"}]}\n"
              .formatted(i, at(i, 3), at(i, 5), at(i, 7), at(i, 9)));
    }
    return lines.toString();
  }

  private static int at(int number, int place) {
    return place + String.valueOf(number).length();
  }

  @Test
  void everyTextIsInOnePart() throws IOException {
    CommandLineRun run = convert(file("d.jsonl", doccano(20)));
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("train.txt: ", "prompts about 16 texts", "dev.txt: ", "about 2 texts, ");
    Set<String> contents = new HashSet<>();
    int sum = 0;
    for (String part : List.of("train.txt", "dev.txt", "test.txt")) {
      Set<String> own = new HashSet<>();
      read(part).forEach(example -> own.add(example.content()));
      sum += own.size();
      contents.addAll(own);
    }
    assertThat(contents).hasSize(20);
    assertThat(sum).isEqualTo(20);
    List<ExtractionExample> dev = read("dev.txt");
    assertThat(dev.get(0).prompt()).isEqualTo("地名");
    assertThat(dev.get(0).texts()).containsExactly("南京");
    assertThat(dev).anyMatch(e -> e.prompt().equals("张三的住所") && e.texts().equals(List.of("南京")));
    assertThat(dev)
        .anyMatch(
            e ->
                e.prompt().matches("张三的情感倾向\\[(正向,负向|负向,正向)\\]")
                    && e.texts().equals(List.of("正向")));
    JsonNode index = new ObjectMapper().readTree(folder.resolve("out/sample_index.json").toFile());
    assertThat(index.get("train_ids").size()).isEqualTo(16);
    int first = index.get("dev_ids").get(0).intValue();
    assertThat(dev.get(0).content()).startsWith("第" + first + "人");
  }

  @Test
  void theSameSeedGivesTheSameFiles() throws IOException {
    Path data = file("d.jsonl", doccano(20));
    convert(data);
    String first = Files.readString(folder.resolve("out/train.txt"));
    convert(data);
    assertThat(Files.readString(folder.resolve("out/train.txt"))).isEqualTo(first);
    convert(data, "--seed", 7);
    assertThat(Files.readString(folder.resolve("out/train.txt"))).isNotEqualTo(first);
  }

  @Test
  void renamesTagsAndLimitsTheTextsForEachLabel() throws IOException {
    StringBuilder tags = new StringBuilder();
    for (int i = 0; i < 30; i++) {
      tags.append(i % 3 == 0 ? "在 O\n沪 B-LOC\n" : i % 3 == 1 ? "张 B-PER\n三 I-PER\n" : "好 O\n")
          .append("。 O\n".repeat(1 + i))
          .append('\n');
    }
    CommandLineRun run =
        convert(
            file("t.txt", tags.toString()),
            "--names",
            "PER=人名,LOC=地名",
            "--splits",
            "1,0,0",
            "--texts-per-label",
            4,
            "--negative-ratio",
            -1);
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).contains("16 prompts about 8 texts, 8 with answers and 8 without");
    List<ExtractionExample> train = read("train.txt");
    assertThat(train).extracting(ExtractionExample::prompt).containsOnly("人名", "地名");
    assertThat(train.stream().filter(e -> e.texts().equals(List.of("张三"))).count()).isEqualTo(4);
    assertThat(folder.resolve("out/dev.txt")).doesNotExist();
  }

  @Test
  void slots() throws IOException {
    Path data =
        file("s.txt", "7\t来一首周华健的花心\tmusic.play\t来一首<singer>周华健</singer>的<song>花心</song>\n");
    CommandLineRun run = convert(data, "--format", "slots", "--splits", "0,1,0");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(read("dev.txt"))
        .extracting(e -> e.prompt() + e.texts())
        .containsExactly("singer[周华健]", "song[花心]");

    String[] names = {"--splits", "0,1,0", "--names", "singer=歌手,song=歌曲,theme=主题"};
    assertThat(convert(data, "--format", "slots", names[0], names[1], names[2], names[3]).code())
        .as("names for more labels than this part of the data has")
        .isZero();
    assertThat(read("dev.txt")).extracting(ExtractionExample::prompt).containsExactly("歌手", "歌曲");
  }

  @Test
  void convertsClassesAndWritesNoEmptyPart() throws IOException {
    Path data =
        file(
            "c.json",
            "[{\"text\": \"东西不错\", \"label\": [\"很好\"]}, {\"text\": \"不行\", \"label\": [\"坏\"]}]");
    Files.createDirectories(folder.resolve("out"));
    Files.writeString(folder.resolve("out/dev.txt"), "from before");
    CommandLineRun run =
        convert(data, "--options", "好,很好,坏", "--prompt-prefix", "评价", "--splits", "0.5,0.1,0.4");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.err()).contains("dev.txt was not written", "its 0 texts").doesNotContain("test");
    assertThat(folder.resolve("out/dev.txt")).doesNotExist();
    assertThat(read("train.txt")).hasSize(1);
    assertThat(read("test.txt").get(0).prompt()).matches("评价\\[.*很好.*]");
  }

  @Test
  void errorsNameWhatIsWrong() throws IOException {
    Path data = file("d.jsonl", doccano(3));
    assertRefused(2, convert(data, "--names", "PER=人名"), "--names", "[人名##正向, 住所, 地名]", "'PER'");
    assertRefused(
        2, convert(data, "--splits", "0.8,0.1"), "--splits", "whose sum is 1", "[0.8, 0.1]");
    assertRefused(2, convert(data, "--splits", "1.2,-0.1,-0.1"), "--splits", "from 0 to 1");
    assertRefused(2, convert(data, "--options", "正向"), "two different options", "[正向]");
    assertRefused(2, convert(data, "--negative-ratio", "-2"), "--negative-ratio", "-1");
    assertRefused(1, convert(data, "--options", "好,坏"), "第", "[好, 坏]", "'正向'");
    assertRefused(
        1,
        convert(file("e.json", "{\"text\": \"好\", \"label\": [[0, 2, \"a\"]]}")),
        "line 1",
        "0 to 1");
    assertRefused(
        1,
        convert(file("e.json", "{\"content\": \"好\", \"prompt\": \"a\", \"result_list\": []}")),
        "line 1",
        "train extract");
    assertRefused(1, convert(folder.resolve("none.json")), "none.json", "no such file");
    assertThat(folder.resolve("out/train.txt")).doesNotExist();
  }

  private static void assertRefused(int code, CommandLineRun run, String... words) {
    assertThat(run.err()).contains(words);
    assertThat(run.code()).isEqualTo(code);
  }
}
