package ernie4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import ernie4j.engine.file.ModelFile;
import ernie4j.pipeline.JointSlu;
import ernie4j.pipeline.Span;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
  @TempDir Path folder;

  @Test
  void parsesWithTheBundledModel() {
    CommandLineRun run = CommandLineRun.of("parse", "来一首周华健的花心");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.lines().get(0)).isEqualTo("来一首周华健的花心");
    assertThat(run.lines().get(1)).startsWith("  intent  music.play  (0.9");
    assertThat(run.lines().subList(2, 4))
        .containsExactly("  singer  周华健  [3,5]", "  song  花心  [7,8]");
  }

  @Test
  void parsesStandardInputToOneJsonObjectALine() throws Exception {
    CommandLineRun run = CommandLineRun.withInput("来一首周华健的花心\n\n到信阳市汽车配件城\n", "parse", "--json");
    assertThat(run.code()).isZero();
    // The blank line keeps its place.
    assertThat(run.lines()).hasSize(3);
    JsonNode second = new ObjectMapper().readTree(run.lines().get(2));
    assertThat(second.get("text").asText()).isEqualTo("到信阳市汽车配件城");
    assertThat(second.get("intent").asText()).isEqualTo("navigation.navigation");
    assertThat(second.get("probability").asDouble()).isBetween(0.5, 1.0);
  }

  /** Also after an emoji, which is two chars. */
  @Test
  void slotsHaveTheSameNamesAndPlacesInJsonAndJava() throws Exception {
    String text = "\uD83D\uDE00来一首周华健的花心";
    Path bundled = folder.resolve("bundled.ernie");
    ModelFile.write(bundled, JointSlu.bundledModel());
    JointSlu.Result result = JointSlu.bundled().parse(text);
    assertThat(result.slots()).isNotEmpty();
    Path data = Files.writeString(folder.resolve("texts.txt"), text + "\n");
    Path output = folder.resolve("answers.jsonl");
    CommandLineRun predicting =
        CommandLineRun.of("predict", "--model", bundled, "--data", data, "--output", output);
    assertThat(predicting.code()).as(predicting.err()).isZero();
    ObjectMapper mapper = new ObjectMapper();
    for (JsonNode json :
        List.of(
            mapper.readTree(CommandLineRun.of("parse", "--json", text).out()),
            mapper.readTree(Files.readString(output)))) {
      assertThat(json.get("text").asText()).isEqualTo(text);
      assertThat(json.get("intent").asText()).isEqualTo(result.intent());
      assertThat(json.get("truncated").asBoolean()).isEqualTo(result.truncated());
      assertThat(json.get("slots")).hasSameSizeAs(result.slots());
      for (int i = 0; i < result.slots().size(); i++) {
        Span slot = result.slots().get(i);
        JsonNode node = json.get("slots").get(i);
        assertThat(node.fieldNames())
            .toIterable()
            .containsExactly(
                Arrays.stream(Span.class.getRecordComponents())
                    .map(RecordComponent::getName)
                    .toArray(String[]::new));
        assertThat(node.get("type").asText()).isEqualTo(slot.type());
        assertThat(node.get("start").asInt()).isEqualTo(slot.start());
        assertThat(node.get("end").asInt()).isEqualTo(slot.end());
        assertThat(text.substring(node.get("start").asInt(), node.get("end").asInt()))
            .isEqualTo(node.get("text").asText());
      }
    }
  }

  @Test
  void quietLeavesResultsWarningsAndErrors() throws Exception {
    Path model = TinyModel.write(folder.resolve("m.ernie"), TinyModel.vocabulary());
    Path corpus = TinyModel.writeCorpus(folder.resolve("c.txt"), "1\t放歌\tmusic.play");
    CommandLineRun run =
        CommandLineRun.of(
            "train",
            "slu",
            "--quiet",
            "--model",
            model,
            "--data",
            corpus,
            "--max-steps",
            2,
            "--output-dir",
            folder.resolve("o"));
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).contains("best at step", "model.ernie");
    // The line of the corpus that cannot be read is a warning.
    assertThat(run.err().lines())
        .isNotEmpty()
        .allMatch(line -> line.startsWith("ernie4j: "))
        .anyMatch(line -> line.contains("line 127"));
    assertThat(CommandLineRun.of("embed", "--quiet", "--model", model, "放").err()).isEmpty();
    CommandLineRun failed = CommandLineRun.of("--quiet", "embed", "--model", "no", "放");
    assertThat(failed.code()).isEqualTo(1);
    assertThat(failed.err()).contains("there is no such file");
    assertThat(CommandLineRun.of("parse", "--quiet", "放".repeat(2000)).err())
        .contains("its end was ignored");
    assertThat(CommandLineRun.of("parse", "--quiet", "--model", "a", "--jsom").code()).isEqualTo(2);
  }

  @Test
  void reportsATextWithoutTokensAndContinues() {
    CommandLineRun run = CommandLineRun.withInput("\u0001\n打开空调\n", "parse");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains("line 1: parse: the text").contains("has no tokens");
    assertThat(run.lines()).contains("打开空调");
    assertThat(CommandLineRun.of("parse", "").err()).contains("the text '' has no tokens");
  }

  @Test
  void truncatesAHundredThousandCharactersWithAWarning() {
    CommandLineRun run = CommandLineRun.of("parse", "来一首周华健的花心".repeat(11_112));
    assertThat(run.code()).isZero();
    assertThat(run.err()).contains("longer than the model reads; its end was ignored");
    assertThat(run.lines().get(1)).contains("intent");
  }

  @Test
  void loneSurrogatesAreUnknownTokensNotErrors() {
    CommandLineRun run = CommandLineRun.of("parse", "--json", "\ud83d放首歌\udc00");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).contains("\"intent\"");
  }

  @Test
  void tokenizeShowsIdsPlacesAndTokens() throws Exception {
    Path model = TinyModel.write(folder.resolve("m.ernie"), TinyModel.vocabulary());
    CommandLineRun run = CommandLineRun.of("tokenize", "--model", model, "放x歌");
    assertThat(run.lines())
        .containsExactly(
            "     1  [0,0)  [CLS]",
            "    13  [0,1)  放",
            "     4  [1,2)  [UNK]",
            "    15  [2,3)  歌",
            "     2  [0,0)  [SEP]");
    assertThat(CommandLineRun.of("tokenize", "--model", model, "--json", "放").lines())
        .containsExactly(
            "{\"text\":\"放\",\"ids\":[1,13,2],\"tokens\":[\"[CLS]\",\"放\",\"[SEP]\"],\"offsets\":[[0,0],[0,1],[0,0]]}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"cls", "mean", "MEAN"})
  void embedGivesVectorsOfLengthOne(String pooling) throws Exception {
    Path model = TinyModel.write(folder.resolve("m.ernie"), TinyModel.vocabulary());
    CommandLineRun run = CommandLineRun.of("embed", "--model", model, "--pooling", pooling, "放歌");
    double squares = 0;
    String[] values = run.out().strip().split(" ", -1);
    for (String value : values) {
      squares += Math.pow(Double.parseDouble(value), 2);
    }
    assertThat(values).hasSize(24);
    assertThat(squares).isBetween(0.9999, 1.0001);
    JsonNode json =
        new ObjectMapper()
            .readTree(
                CommandLineRun.of("embed", "--model", model, "--pooling", pooling, "--json", "放歌")
                    .out());
    assertThat(json.get("embedding").get(0).asText()).isEqualTo(values[0]);
  }

  @Test
  void embedDescribesItsVectorsAndReadsLongTexts() throws Exception {
    Path model = TinyModel.write(folder.resolve("m.ernie"), TinyModel.vocabulary());
    CommandLineRun run = CommandLineRun.of("embed", "--model", model, "放歌");
    assertThat(run.err())
        .contains("the first token ([CLS]), because the model does not say which; length 1.");
    assertThat(CommandLineRun.of("embed", "--model", model, "--pooling", "mean", "放").err())
        .contains("the mean of all tokens");
    String text = "放歌".repeat(400);
    assertThat(CommandLineRun.of("embed", "--model", model, text).code()).isEqualTo(1);
    for (String policy : List.of("window", "truncate")) {
      CommandLineRun whole =
          CommandLineRun.of("embed", "--model", model, "--long-text", policy, text);
      assertThat(whole.code()).as(whole.err()).isZero();
      assertThat(whole.out().strip().split(" ", -1)).hasSize(24);
    }
  }

  @Test
  void wrongUsageEndsWithTwoAndAMessage() {
    for (List<Object> words :
        List.<List<Object>>of(
            List.of("frobnicate"),
            List.of("tokenize", "x"),
            List.of("parse", "--jsom", "x"),
            List.of("embed", "--model", "m", "--pooling", "sum", "x"),
            List.of("train", "slu"))) {
      CommandLineRun run = CommandLineRun.of(words.toArray());
      assertThat(run.code()).as("%s", words).isEqualTo(2);
      assertThat(run.err()).as("%s", words).isNotBlank();
      assertThat(run.out()).isEmpty();
    }
  }

  @Test
  void showsTheHelpWithoutACommand() {
    CommandLineRun run = CommandLineRun.of();
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("parse").contains("train");
    assertThat(CommandLineRun.of("--help").out()).contains("convert").contains("Exit codes");
    assertThat(CommandLineRun.of("--version").out())
        .matches("ernie4j \\d+\\.\\d+\\.\\d+(-SNAPSHOT)?\\R");
  }

  @Test
  void refusesFilesThatAreNotModelsInOneSentence() throws Exception {
    Path junk = folder.resolve("junk.ernie");
    Files.writeString(junk, "this is not a model, it is only a text of some length");
    Path encoder = TinyModel.write(folder.resolve("encoder.ernie"), TinyModel.vocabulary());
    assertFailure("there is no such file", "parse", "--model", folder.resolve("no"), "x");
    assertFailure("junk.ernie", "parse", "--model", junk, "x");
    assertFailure("got one for 'encoder'; use SentenceEmbedder", "parse", "--model", encoder, "x");
    assertFailure(
        "junk.ernie: expected parameters of Paddle", "convert", junk, folder.resolve("t.ernie"));
    assertThat(folder.resolve("t.ernie")).doesNotExist();
  }

  @Test
  void refusesAVocabularyWithoutUnknownToken() throws Exception {
    List<String> incomplete = TinyModel.vocabulary();
    incomplete.set(incomplete.indexOf("[UNK]"), "甲");
    Path model = TinyModel.write(folder.resolve("m.ernie"), incomplete);
    assertFailure("[UNK]", "tokenize", "--model", model, "放歌");
  }

  private static void assertFailure(String message, Object... arguments) {
    CommandLineRun run = CommandLineRun.of(arguments);
    assertThat(run.code()).as(run.err()).isEqualTo(1);
    assertThat(run.err()).startsWith("ernie4j: ").contains(message).doesNotContain("\tat ");
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.out()).isEmpty();
  }

  @Test
  void printsTheStackTraceOnlyOnRequest() {
    Path missing = folder.resolve("no");
    CommandLineRun run = CommandLineRun.of("parse", "--stacktrace", "--model", missing, "x");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains("NoSuchFileException").contains("\tat ");
  }
}
