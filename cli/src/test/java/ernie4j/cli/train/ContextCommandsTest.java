package ernie4j.cli.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import ernie4j.cli.CommandLineRun;
import ernie4j.cli.TinyModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model that reads previous turns, through the command line alone. */
class ContextCommandsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path folder;

  private static Path corpus;
  private static Path model;

  /** 你好 means something else after a song than after a way. */
  @BeforeAll
  static void train() throws Exception {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      String name = "周华健刘德张学友".substring(i % 6, i % 6 + 2);
      boolean song = i % 2 == 0;
      lines.add(
          song
              ? "%d\t放%s的歌\tplay\t放<singer>%s</singer>的歌".formatted(i, name, name)
              : "%d\t去%s路\tgo\t去%s路".formatted(i, name, name));
      lines.add("%d\t你好\t%s\t你好".formatted(i, song ? "stop" : "leave"));
    }
    corpus = Files.write(folder.resolve("corpus.txt"), lines);
    Path encoder = TinyModel.write(folder.resolve("tiny.ernie"), TinyModel.vocabulary());
    Path output = folder.resolve("run");
    CommandLineRun run =
        CommandLineRun.of(
            "train",
            "slu",
            "--model",
            encoder,
            "--data",
            corpus,
            "--output-dir",
            output,
            "--context-turns",
            1,
            "--epochs",
            12,
            "--batch-size",
            8,
            "--learning-rate",
            5e-3);
    assertThat(run.code()).as(run.err()).isZero();
    model = output.resolve("model.ernie");
  }

  @Test
  void theModelFileKeepsTheNumberOfTurns() {
    assertThat(CommandLineRun.of("inspect", model).out()).containsPattern("context_turns +1\n");
    CommandLineRun evaluation =
        CommandLineRun.of("evaluate", "slu", "--model", model, "--data", corpus);
    assertThat(evaluation.lines().get(0)).startsWith("120 utterances: accuracy 100.00");
  }

  @Test
  void predictReadsTheTurnsOfDialogues() throws Exception {
    Path output = folder.resolve("answers.jsonl");
    CommandLineRun run =
        CommandLineRun.of("predict", "--model", model, "--data", corpus, "--output", output);
    assertThat(run.code()).as(run.err()).isZero();
    List<String> lines = Files.readAllLines(output);
    assertThat(JSON.readTree(lines.get(1)).get("intent").asText()).isEqualTo("stop");
    assertThat(JSON.readTree(lines.get(3)).get("intent").asText()).isEqualTo("leave");
  }

  @Test
  void compressionKeepsTheContext() throws Exception {
    Path output = folder.resolve("small");
    CommandLineRun run =
        CommandLineRun.of(
            "compress",
            "--model",
            model,
            "--data",
            corpus,
            "--output-dir",
            output,
            "--widths",
            "1.0",
            "--epochs",
            2,
            "--qat-epochs",
            1,
            "--qat-teacher-weight",
            1,
            "--latency-seconds",
            0.02,
            "--max-metric-loss",
            10);
    assertThat(run.code()).as(run.err()).isZero();
    Path small = output.resolve("model.ernie");
    assertThat(CommandLineRun.of("inspect", small).out()).containsPattern("context_turns +1\n");
    assertThat(CommandLineRun.of("evaluate", "slu", "--model", small, "--data", corpus).out())
        .containsPattern("^120 utterances: accuracy (9[0-9]|100)");
  }

  @Test
  void furtherTrainingKeepsTheContextByDefault() throws Exception {
    for (boolean alone : new boolean[] {false, true}) {
      Path output = folder.resolve("on-" + alone);
      List<Object> words =
          new ArrayList<>(List.of("train", "slu", "--model", model, "--data", corpus));
      words.addAll(List.of("--output-dir", output, "--max-steps", 1));
      words.addAll(alone ? List.of("--context-turns", 0) : List.of());
      CommandLineRun run = CommandLineRun.of(words.toArray());
      assertThat(run.code()).as(run.err()).isZero();
      assertThat(CommandLineRun.of("inspect", output.resolve("model.ernie")).out())
          .satisfies(text -> assertThat(text.contains("context_turns")).isEqualTo(!alone));
    }
  }

  private static List<String> intents(CommandLineRun run) throws Exception {
    assertThat(run.code()).as(run.err()).isZero();
    List<String> intents = new ArrayList<>();
    for (String line : run.lines()) {
      JsonNode answer = JSON.readTree(line);
      intents.add(answer.get("intent").asText());
    }
    return intents;
  }

  @Test
  void aDialogueHasOneTurnALineAndABlankLineStartsANewOne() throws Exception {
    String input = "放刘德的歌\n你好\n\n去刘德路\n你好\n";
    CommandLineRun run =
        CommandLineRun.withInput(input, "parse", "--model", model, "--dialogue", "--json");
    assertThat(intents(run)).containsExactly("play", "stop", "go", "leave");
    assertThat(JSON.readTree(run.lines().get(1)).get("history").toString())
        .isEqualTo("[\"放刘德的歌\"]");
    CommandLineRun arguments =
        CommandLineRun.of("parse", "--model", model, "--dialogue", "--json", "去刘德路", "你好");
    assertThat(intents(arguments)).containsExactly("go", "leave");
    CommandLineRun text = CommandLineRun.withInput(input, "parse", "--model", model, "--dialogue");
    assertThat(text.lines()).filteredOn(line -> line.startsWith("  intent")).hasSize(4);
    assertThat(text.out()).as("no prompt without a terminal").doesNotContain(">");
  }

  @Test
  void requestsMayBeJson() throws Exception {
    String input =
        """
        {"text": "你好", "history": ["放刘德的歌"]}
        {"text": "你好", "history": ["放刘德的歌", "去刘德路"]}
        {"text": "放刘德的歌"}
        """;
    CommandLineRun run =
        CommandLineRun.withInput(input, "parse", "--model", model, "--json-input", "--json");
    assertThat(intents(run)).containsExactly("stop", "leave", "play");
    for (String wrong :
        List.of(
            "你好",
            "[]",
            "{\"text\": 1}",
            "{\"text\": \"你好\", \"history\": \"x\"}",
            "{\"texts\": \"好\"}")) {
      CommandLineRun refused =
          CommandLineRun.withInput(wrong, "parse", "--model", model, "--json-input");
      assertThat(refused.code()).isEqualTo(1);
      assertThat(refused.err())
          .contains("line 1: expected {\"text\": \"...\", \"history\": [\"...\"]}");
    }
    assertThat(CommandLineRun.of("parse", "--dialogue", "--json-input", "好").code()).isEqualTo(2);
  }
}
