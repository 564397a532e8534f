package ernie4j.cli.ask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import ernie4j.cli.CommandLineRun;
import ernie4j.cli.TinyModel;
import ernie4j.engine.head.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands classify, tag, answer and fill-mask on random models. */
class PipelineCommandsTest {
  @TempDir Path folder;

  private Path model(String task, String... labels) throws IOException {
    return TinyModel.writeTask(folder.resolve(task + ".ernie"), task, labels);
  }

  private static JsonNode json(CommandLineRun run) throws IOException {
    assertThat(run.code()).as(run.err()).isZero();
    return new ObjectMapper().readTree(run.lines().get(0));
  }

  @Test
  void classifiesTextsAndPairs() throws IOException {
    Path model = model(Task.SEQUENCE_CLASSIFICATION.id(), "good", "bad");
    CommandLineRun run = CommandLineRun.of("classify", "--model", model, "放歌", "你好");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.lines()).hasSize(4);
    assertThat(run.lines().get(0)).isEqualTo("放歌");
    assertThat(run.lines().get(1)).matches("  (good|bad)  \\([01]\\.\\d{4}\\)");
    JsonNode single = json(CommandLineRun.of("classify", "--model", model, "--json", "放歌"));
    JsonNode all = single.get("probabilities");
    assertThat(all.get("good").asDouble() + all.get("bad").asDouble()).isCloseTo(1, within(1e-9));
    assertThat(all.get(single.get("label").asText())).isEqualTo(single.get("probability"));
    JsonNode pair =
        json(CommandLineRun.of("classify", "--model", model, "--pair", "--json", "放\t歌"));
    assertThat(pair.get("probability")).isNotEqualTo(single.get("probability"));
    CommandLineRun noTab = CommandLineRun.of("classify", "--model", model, "--pair", "放歌");
    assertThat(noTab.code()).isEqualTo(1);
    assertThat(noTab.err()).contains("two texts with a tab between them, got 1");
  }

  @Test
  void multiLabelPrintsTheLabelsThatApply() throws IOException {
    Path model = model(Task.MULTI_LABEL_CLASSIFICATION.id(), "music", "way");
    JsonNode all =
        json(CommandLineRun.of("multi-label", "--model", model, "--threshold", 0, "--json", "放歌"));
    assertThat(all.get("labels")).hasSize(2);
    assertThat(all.get("probabilities").get("way").asDouble()).isBetween(0.0, 1.0);
    CommandLineRun none =
        CommandLineRun.of("multi-label", "--model", model, "--threshold", 1, "放歌", "去路");
    assertThat(none.code()).as(none.err()).isZero();
    assertThat(none.lines()).containsExactly("放歌", "去路");
    CommandLineRun some = CommandLineRun.of("multi-label", "--model", model, "--threshold", 0, "放");
    assertThat(some.lines()).hasSize(3);
    assertThat(some.lines().get(1)).matches("  (music|way)  \\(0\\.\\d{4}\\)");
  }

  @Test
  void scoresTextsAndPairs() throws IOException {
    Path model = TinyModel.writeTask(folder.resolve("score.ernie"), Task.SCORING.id());
    JsonNode pair = json(CommandLineRun.of("score", "--model", model, "--pair", "--json", "放\t歌"));
    JsonNode single = json(CommandLineRun.of("score", "--model", model, "--json", "放歌"));
    assertThat(pair.get("score").isNumber()).isTrue();
    assertThat(pair.get("score")).isNotEqualTo(single.get("score"));
    CommandLineRun noTab = CommandLineRun.of("score", "--model", model, "--pair", "放歌", "放\t歌");
    assertThat(noTab.code()).isEqualTo(1);
    assertThat(noTab.err()).contains("--pair: expected two texts with a tab between them, got 1");
    assertThat(noTab.lines()).hasSize(3);
    assertThat(noTab.lines().get(0)).isEmpty();
    assertThat(noTab.lines().get(2)).matches("  -?\\d+\\.\\d{4}");
  }

  @Test
  void refusesAScorerAndNamesItsPipeline() throws IOException {
    Path model = TinyModel.writeTask(folder.resolve("score.ernie"), Task.SCORING.id());
    for (String command : new String[] {"classify", "multi-label", "tag"}) {
      CommandLineRun run = CommandLineRun.of(command, "--model", model, "放歌");
      assertThat(run.code()).isEqualTo(1);
      assertThat(run.err()).contains("got one for 'scoring'", "use TextScorer");
    }
  }

  @Test
  void readsTextsFromAFile() throws IOException {
    Path model = model(Task.SEQUENCE_CLASSIFICATION.id(), "good", "bad");
    Path input = folder.resolve("texts.txt");
    Files.writeString(input, "放歌\r\n\n你好\n");
    CommandLineRun run = CommandLineRun.of("classify", "--model", model, "--input", input);
    List<String> lines = new ArrayList<>(run.lines());
    assertThat(lines.remove(2)).isEmpty();
    assertThat(lines)
        .isEqualTo(CommandLineRun.of("classify", "--model", model, "放歌", "你好").lines());
    CommandLineRun both = CommandLineRun.of("classify", "--model", model, "--input", input, "x");
    assertThat(both.code()).isEqualTo(2);
    assertThat(both.err()).contains("not from both");
  }

  @Test
  void tagShowsSpansWithTheirPlaces() throws IOException {
    Path model = model(Task.TOKEN_CLASSIFICATION.id(), "S-x", "S-y");
    CommandLineRun run = CommandLineRun.of("tag", "--model", model, "放😀歌");
    assertThat(run.lines().get(0)).isEqualTo("放😀歌");
    assertThat(run.lines().get(3)).matches("  [xy]  歌  \\[3,3\\]  \\([01]\\.\\d{4}\\)");
    String longText = "放的歌去".repeat(20);
    assertThat(CommandLineRun.of("tag", "--model", model, longText).err())
        .contains("tag: the text has 82 tokens");
    CommandLineRun cut =
        CommandLineRun.of("tag", "--model", model, "--long-text", "truncate", longText);
    assertThat(cut.err()).contains("its end was ignored");
    JsonNode windows =
        json(
            CommandLineRun.of(
                "tag",
                "--model",
                model,
                "--long-text",
                "window",
                "--max-length",
                12,
                "--stride",
                4,
                "--json",
                longText));
    assertThat(windows.get("entities")).hasSize(80);
    JsonNode last = windows.get("entities").get(79);
    assertThat(last.get("start").asInt()).isEqualTo(79);
    assertThat(last.get("end").asInt()).isEqualTo(80);
    assertThat(windows.get("truncated").asBoolean()).isFalse();
  }

  @Test
  void extractShowsATreeAndJson() throws IOException {
    Path model = model(Task.INFORMATION_EXTRACTION.id());
    String text = "放😀歌你好";
    String schema = "[{\"歌\": \"去路\"}, \"好[你,好]\"]";
    CommandLineRun run =
        CommandLineRun.of(
            "extract", "--model", model, "--schema", schema, "--threshold", 0.1, text);
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.lines().get(0)).isEqualTo(text);
    assertThat(run.lines().subList(1, run.lines().size()))
        .isNotEmpty()
        .allMatch(
            line ->
                line.matches("  (歌|好\\[你,好]|  去路)  \\S+(  \\[\\d+,\\d+])?  \\([01]\\.\\d{4}\\)"))
        .anyMatch(line -> line.startsWith("    去路"));
    Path file = folder.resolve("schema.json");
    Files.writeString(file, schema);
    JsonNode json =
        json(
            CommandLineRun.of(
                "extract",
                "--model",
                model,
                "--schema-file",
                file,
                "--threshold",
                0.1,
                "--json",
                text));
    assertThat(json.get("text").asText()).isEqualTo(text);
    JsonNode first = json.get("extractions").get("歌").get(0);
    assertThat(first.get("text").asText())
        .isEqualTo(text.substring(first.get("start").asInt(), first.get("end").asInt()));
    assertThat(first.get("relations").get("去路").isArray()).isTrue();
    JsonNode option = json.get("extractions").path("好[你,好]").path(0);
    assertThat(option.has("start")).isFalse();
  }

  @Test
  void extractHighlightsSpans() throws IOException {
    Path model = model(Task.INFORMATION_EXTRACTION.id());
    CommandLineRun run =
        CommandLineRun.of(
            "extract",
            "--model",
            model,
            "--schema",
            "歌,去路",
            "--threshold",
            0.1,
            "--highlight",
            "--split-sentences",
            "--threads",
            1,
            "放😀歌。你好");
    assertThat(run.code()).as(run.err()).isZero();
    String first = run.lines().get(0);
    assertThat(first).contains("\u001b[30;4").contains("\u001b[0m");
    assertThat(first.replaceAll("\u001b\\[[0-9;]*m", "")).isEqualTo("放😀歌。你好");
  }

  @Test
  void extractExplainsErrors() throws IOException {
    Path model = model(Task.INFORMATION_EXTRACTION.id());
    for (String schema : List.of("", "[[\"a\"]]", "{\"a\"", "a[b")) {
      CommandLineRun run = CommandLineRun.of("extract", "--model", model, "--schema", schema, "放");
      assertThat(run.code()).isEqualTo(2);
      assertThat(run.err()).contains("--schema: schema: ");
    }
    assertThat(CommandLineRun.of("extract", "--model", model, "放").code()).isEqualTo(2);
    assertThat(
            CommandLineRun.of(
                    "extract", "--model", model, "--schema", "a", "--schema-language", "fr", "放")
                .err())
        .contains("--schema-language: expected zh or en, got fr");
    CommandLineRun tooLong =
        CommandLineRun.of("extract", "--model", model, "--schema", "歌".repeat(20), "放", "");
    assertThat(tooLong.code()).isEqualTo(1);
    assertThat(tooLong.err()).contains("has 20 characters, which leaves no room");
  }

  @Test
  void answersFromATextAndFromAFile() throws IOException {
    Path model = model(Task.QUESTION_ANSWERING.id());
    String context = "周华健的歌";
    CommandLineRun run =
        CommandLineRun.of("answer", "--model", model, "--context", context, "--best", 3, "你");
    assertThat(run.lines()).hasSize(4).first().isEqualTo("你");
    Path file = folder.resolve("context.txt");
    Files.writeString(file, context);
    JsonNode json =
        json(
            CommandLineRun.of(
                "answer",
                "--model",
                model,
                "--context-file",
                file,
                "--json",
                "--max-answer-length",
                1,
                "--no-answer",
                1000,
                "你"));
    JsonNode answer = json.get("answers").get(0);
    int at = answer.get("start").asInt();
    assertThat(answer.get("text").asText())
        .isEqualTo(context.substring(at, answer.get("end").asInt()));
    assertThat(json.get("no_answer_probability").asDouble()).isBetween(0.0, 1.0);
    CommandLineRun none =
        CommandLineRun.of(
            "answer", "--model", model, "--context", context, "--no-answer", -1000, "你");
    assertThat(none.lines().get(1)).startsWith("  (no answer)  (");
    assertThat(CommandLineRun.of("answer", "--model", model, "你").code()).isEqualTo(2);
  }

  @Test
  void fillMaskShowsTheBestTokens() throws IOException {
    Path model = TinyModel.writeMaskedLanguageModel(folder.resolve("mlm.ernie"));
    CommandLineRun run = CommandLineRun.of("fill-mask", "--model", model, "--top", 2, "放[MASK]歌");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.lines().get(1)).matches("  \\S+ \\(0\\.\\d{4}\\)  \\S+ \\(0\\.\\d{4}\\)");
    JsonNode json = json(CommandLineRun.of("fill-mask", "--model", model, "--json", "放[MASK]歌"));
    assertThat(json.get("masks").get(0).get("start").asInt()).isEqualTo(1);
    assertThat(json.get("masks").get(0).get("end").asInt()).isEqualTo(7);
    assertThat(json.get("masks").get(0).get("candidates")).hasSize(5);
    assertThat(CommandLineRun.of("fill-mask", "--model", model, "放歌").err())
        .contains("at least one [MASK]");
  }

  @Test
  void refusesATaggerAndNamesItsPipeline() throws IOException {
    Path model = model(Task.TOKEN_CLASSIFICATION.id(), "O", "S-x");
    List<String> errors = new ArrayList<>();
    errors.add(CommandLineRun.of("classify", "--model", model, "放").err());
    errors.add(CommandLineRun.of("fill-mask", "--model", model, "放").err());
    errors.add(CommandLineRun.of("parse", "--model", model, "放").err());
    assertThat(errors).allMatch(e -> e.contains("'token-classification'; use TokenTagger"));
  }
}
