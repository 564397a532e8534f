package ernie4j.cli.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import ernie4j.cli.CommandLineRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Train, evaluate and predict every task through the command line alone. */
class TaskCommandsTest extends TaskCommands {
  @Test
  void classify() throws IOException {
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < 120; i++) {
      rows.add(i % 2 == 0 ? "放" + name(i / 2) + "的歌\t<music>" : "去" + name(i / 2) + "路\tway");
    }
    Path data = lines("texts.txt", rows);
    Object[] columns = {"--text-column", 1, "--label-column", 2};
    CommandLineRun run =
        train(
            "classify",
            data,
            "--text-column",
            1,
            "--label-column",
            2,
            "--lr-scheduler",
            "cosine",
            "--gradient-accumulation-steps",
            2,
            "--max-batch-tokens",
            80,
            "--save-total-limit",
            2);
    assertThat(run.err()).contains("sequence-classification", "108 examples to learn from", "left");
    assertThat(evaluate("classify", data, columns).get("accuracy").asDouble()).isEqualTo(100);
    JsonNode first = predict("classify", data, "--text-column", 1).get(0);
    assertThat(first.get("label").asText()).isEqualTo("<music>");
    assertThat(first.get("probability").asDouble()).isGreaterThan(0.5);
    String report = Files.readString(folder.resolve("classify/report.html"));
    assertThat(report)
        .contains("data:image/png;base64,", "class=\"confusion\"", "&lt;music&gt;")
        .contains("Training corpus", "texts.txt")
        .doesNotContain("<music>", "http");
    assertThat(folder.resolve("classify/checkpoints").toFile().list()).hasSize(2);
    assertThat(folder.resolve("classify/metrics.jsonl")).exists();
    byte[] before = Files.readAllBytes(folder.resolve("classify/model.ernie"));
    CommandLineRun refused =
        CommandLineRun.of(
            "train",
            "classify",
            "--model",
            model,
            "--data",
            data,
            "--output-dir",
            folder.resolve("classify"));
    assertThat(refused.err()).contains("already holds a training; add --resume");
    train(
        "classify",
        data,
        "--text-column",
        1,
        "--label-column",
        2,
        "--lr-scheduler",
        "cosine",
        "--gradient-accumulation-steps",
        2,
        "--max-batch-tokens",
        80,
        "--save-total-limit",
        2,
        "--resume");
    assertThat(Files.readAllBytes(folder.resolve("classify/model.ernie"))).isEqualTo(before);
  }

  @Test
  void tag() throws IOException {
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < 120; i++) {
      rows.add("放 O");
      String prefix = "B-";
      for (String c : name(i).split("", -1)) {
        if (!c.isEmpty()) {
          rows.add(c + " " + prefix + "singer");
          prefix = "I-";
        }
      }
      rows.addAll(List.of("的 O", "歌 O", ""));
    }
    Path data = lines("names.txt", rows);
    train("tag", data);
    assertThat(evaluate("tag", data).get("f1").asDouble()).isEqualTo(100);
    CommandLineRun bare =
        CommandLineRun.of(
            "evaluate",
            "tag",
            "--model",
            folder.resolve("tag/model.ernie"),
            "--data",
            lines("bare.txt", List.of("放 O")));
    assertThat(bare.err()).contains("none of the 1 examples to evaluate on has a span");
    assertThat(bare.out()).contains("f1 0.0").doesNotContain("100");
    Path open = lines("open.jsonl", List.of("{\"text\": \"放友健的歌\"}"));
    assertThat(predict("tag", open).get(0).get("entities").toString())
        .startsWith(
            "[{\"type\":\"singer\",\"text\":\"友健\",\"start\":1,\"end\":3,\"probability\":0.");
  }

  @Test
  void qa() throws IOException {
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < 90; i++) {
      rows.add(
          "{\"question\": \"歌\", \"context\": \"%s你好%s\", \"answers\": [{\"text\": \"你好\"}]}"
              .formatted(name(i).repeat(1 + i % 5), name(i + 1)));
    }
    Path data = lines("questions.jsonl", rows);
    train("qa", data, "--stride", 5);
    assertThat(evaluate("qa", data, "--stride", 5).get("exact_match").asDouble()).isEqualTo(100);
    JsonNode first = predict("qa", data, "--stride", 5).get(0);
    assertThat(first.get("answer").asText()).isEqualTo("你好");
    assertThat(first.get("start").asInt()).isEqualTo(1);
  }

  /** Training and answering both end if a question fills the window. */
  @Test
  @Timeout(120)
  void qaRefusesWindowsWithoutRoomForTheContext() throws IOException {
    String line =
        "{\"question\": \"你好歌\", \"context\": \"周华健你好\", \"answers\": [{\"text\": \"你好\"}]}";
    Path data = lines("narrow.jsonl", List.of(line, line, line));
    for (int length = 3; length <= 7; length++) {
      CommandLineRun run =
          CommandLineRun.of(
              "train",
              "qa",
              "--model",
              model,
              "--data",
              data,
              "--output-dir",
              folder.resolve("narrow" + length),
              "--max-seq-length",
              length,
              "--epochs",
              1);
      assertThat(run.code()).as(run.err()).isEqualTo(length == 7 ? 0 : 1);
      if (length < 7) {
        assertThat(run.err()).contains("leaves no room for the context");
      }
    }
  }

  @Test
  void choice() throws IOException {
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < 90; i++) {
      boolean first = i % 2 == 0;
      rows.add(
          "{\"context\": \"%s\", \"choices\": [\"%s\", \"%s\"], \"answer\": %d}"
              .formatted(name(i), first ? "你好" : "去路", first ? "去路" : "你好", first ? 0 : 1));
    }
    Path data = lines("choices.jsonl", rows);
    train("choice", data);
    assertThat(evaluate("choice", data).get("accuracy").asDouble()).isEqualTo(100);
    assertThat(predict("choice", data).get(1).get("choice").asText()).isEqualTo("你好");
  }

  @Test
  void mlm() throws IOException {
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      rows.add(NAMES.substring(i % 3, i % 3 + 1).repeat(5 + i % 4));
    }
    CommandLineRun run = train("mlm", lines("texts.txt", rows), "--held-out", 12);
    assertThat(run.err()).contains("masked-lm", "perplexity");
    assertThat(CommandLineRun.of("inspect", folder.resolve("mlm/model.ernie"), "--tensors").out())
        .contains("cls.predictions.decoder_bias");
    CommandLineRun refused =
        CommandLineRun.of(
            "predict",
            "--model",
            folder.resolve("mlm/model.ernie"),
            "--data",
            "x",
            "--output",
            "y");
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err()).contains("got one for masked-lm");
  }

  @Test
  void multitask() throws IOException {
    List<String> texts = new ArrayList<>(List.of("text\tlabel"));
    List<String> choices = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      texts.add(i % 2 == 0 ? "放" + name(i / 2) + "\tmusic" : "去" + name(i / 2) + "\tway");
      choices.add(
          "{\"context\": \"%s\", \"choices\": [\"你好\", \"去路\"], \"answer\": 0}".formatted(name(i)));
    }
    Path output = folder.resolve("multitask");
    CommandLineRun run =
        CommandLineRun.of(
            "train",
            "multitask",
            "--model",
            model,
            "--output-dir",
            output,
            "--classify",
            "texts=" + lines("texts.tsv", texts),
            "--choice",
            "choices=" + lines("choices.jsonl", choices),
            "--max-length",
            16,
            "--batch-size",
            8,
            "--learning-rate",
            5e-3,
            "--epochs",
            6,
            "--sampling-exponent",
            0.5,
            "--eval-steps",
            20);
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.err()).contains("texts: sequence-classification, 54 examples", "texts_accuracy");
    assertThat(output.resolve("report.html")).exists();
    for (String file : new String[] {"model.ernie", "texts.ernie", "choices.ernie"}) {
      assertThat(output.resolve(file)).exists();
    }
    CommandLineRun none =
        CommandLineRun.of(
            "train", "multitask", "--model", model, "--output-dir", folder.resolve("none"));
    assertThat(none.code()).isEqualTo(2);
    assertThat(none.err()).contains("at least one of --slu, --classify");
    CommandLineRun share =
        CommandLineRun.of(
            "train",
            "multitask",
            "--model",
            model,
            "--sampling-exponent",
            -1,
            "--output-dir",
            folder.resolve("none"));
    assertThat(share.code()).isEqualTo(2);
    assertThat(share.err())
        .contains("'--sampling-exponent'", "expected a number from 0 to 1, got '-1'");
  }

  @Test
  void reportsErrorsBeforeWriting() throws IOException {
    Path data = lines("bad.tsv", List.of("label\ttext", "a\t放", "放"));
    CommandLineRun run =
        CommandLineRun.of(
            "train",
            "classify",
            "--model",
            model,
            "--data",
            data,
            "--output-dir",
            folder.resolve("x"));
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains("bad.tsv", "line 3", "2 columns");
    assertThat(folder.resolve("x")).doesNotExist();
    CommandLineRun other =
        CommandLineRun.of(
            "evaluate", "tag", "--model", model, "--data", lines("t.txt", List.of("放 O")));
    assertThat(other.code()).isEqualTo(1);
    assertThat(other.err())
        .contains("expects a model for the task token-classification, got one for 'encoder'");
    CommandLineRun columns =
        CommandLineRun.of(
            "evaluate", "classify", "--model", model, "--data", data, "--label-column", 1);
    assertThat(columns.code()).isEqualTo(2);
    assertThat(columns.err()).contains("Missing required argument(s): --text-column");
  }
}
