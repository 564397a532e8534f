package ernie4j.cli.ask;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import ernie4j.cli.CommandLineRun;
import ernie4j.cli.TinyModel;
import ernie4j.engine.head.Task;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What files and standard input may contain, and what happens to texts that are refused. */
class TextsTest {
  @TempDir Path folder;

  private Path model;

  @BeforeEach
  void writeModel() throws IOException {
    model =
        TinyModel.writeTask(
            folder.resolve("m.ernie"), Task.SEQUENCE_CLASSIFICATION.id(), "good", "bad");
  }

  private CommandLineRun ofFile(String command, byte[] bytes) throws IOException {
    Path file = Files.write(folder.resolve("input.txt"), bytes);
    return CommandLineRun.of(command, "--model", model, "--json", "--input", file);
  }

  private CommandLineRun ofInput(byte[] bytes) {
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream(bytes));
    try {
      return CommandLineRun.of("classify", "--model", model, "--json");
    } finally {
      System.setIn(before);
    }
  }

  private static List<JsonNode> json(CommandLineRun run) throws IOException {
    List<JsonNode> nodes = new ArrayList<>();
    for (String line : run.lines()) {
      nodes.add(new ObjectMapper().readTree(line));
    }
    return nodes;
  }

  @Test
  void aByteOrderMarkIsNotPartOfTheText() throws IOException {
    byte[] marked = "\uFEFF放歌\n\uFEFF".getBytes(StandardCharsets.UTF_8);
    JsonNode first = json(ofFile("tokenize", marked)).get(0);
    assertThat(first.get("text").asText()).isEqualTo("放歌");
    assertThat(first.get("offsets").get(1).toString()).isEqualTo("[0,1]");
    assertThat(json(ofInput(marked)).get(0).get("text").asText()).isEqualTo("放歌");
  }

  @Test
  void refusesInputThatIsNotUtf8() throws IOException {
    byte[] gbk = "iPhone ok\n手机多少钱\n".getBytes(Charset.forName("GB18030"));
    CommandLineRun run = ofFile("classify", gbk);
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains("input.txt: line 2", "UTF-8", "GBK", "iconv");
    assertThat(run.out()).isEmpty();
    CommandLineRun utf16 = ofFile("classify", "\uFEFF手机".getBytes(StandardCharsets.UTF_16LE));
    assertThat(utf16.err()).contains("UTF-16");
    CommandLineRun binary = ofFile("classify", new byte[] {'a', '\n', 'b', 0, 'c'});
    assertThat(binary.err()).contains("line 2", "not text");
    assertThat(utf16.code() + binary.code()).isEqualTo(2);
    CommandLineRun piped = ofInput(gbk);
    assertThat(piped.code()).isEqualTo(1);
    assertThat(piped.lines()).hasSize(1);
    assertThat(piped.err()).contains("standard input: line 2", "GBK");
  }

  @Test
  void blankAndRefusedTextsKeepTheirPlaces() throws IOException {
    String longText = "放的歌去".repeat(20);
    byte[] lines = ("放\n\n" + longText + "\n歌").getBytes(StandardCharsets.UTF_8);
    CommandLineRun run = ofFile("classify", lines);
    assertThat(run.code()).isEqualTo(1);
    List<JsonNode> nodes = json(run);
    assertThat(nodes).hasSize(4);
    assertThat(nodes.get(0).has("label") && nodes.get(3).has("label")).isTrue();
    assertThat(nodes.get(1).toString())
        .isEqualTo("{\"text\":\"\",\"index\":1,\"error\":\"the line is blank\"}");
    assertThat(nodes.get(2).get("index").asInt()).isEqualTo(2);
    assertThat(nodes.get(2).get("error").asText()).contains("82 tokens");
    assertThat(run.err()).contains("line 3: ").doesNotContain("line 2");
    CommandLineRun blank = ofInput("放\n \n歌\n".getBytes(StandardCharsets.UTF_8));
    assertThat(blank.code()).isZero();
    assertThat(blank.lines()).hasSize(3);
  }

  @Test
  void aTextMayBeginWithAMinusSign() {
    for (String text : new String[] {"-5度", "-5", "—好", "- 好", "-好"}) {
      CommandLineRun run = CommandLineRun.of("classify", "--model", model, text, "--json");
      assertThat(run.code()).as(run.err()).isZero();
      assertThat(run.out()).contains("\"text\":\"" + text + "\"");
    }
    CommandLineRun option = CommandLineRun.of("classify", "--model", model, "--jsno", "放");
    assertThat(option.code()).isEqualTo(2);
    assertThat(option.err()).contains("Unknown option: '--jsno'");
    CommandLineRun marked = CommandLineRun.of("classify", "--model", model, "--", "--jsno");
    assertThat(marked.code()).as(marked.err()).isZero();
    assertThat(marked.lines().get(0)).isEqualTo("--jsno");
  }
}
