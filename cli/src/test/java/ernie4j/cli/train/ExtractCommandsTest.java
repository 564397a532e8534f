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

/** An extractor through the command line. */
class ExtractCommandsTest extends TaskCommands {
  /** From annotations to predictions: half of the texts have nothing to find. */
  @Test
  void extract() throws IOException {
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < 120; i++) {
      String text = (i % 2 == 0 ? "放" : "去") + name(i) + "的歌";
      rows.add(
          "{\"text\": \"%s\", \"label\": [%s]}"
              .formatted(text, i % 2 == 0 ? "[1, %d, \"s\"]".formatted(1 + name(i).length()) : ""));
    }
    CommandLineRun converted =
        CommandLineRun.of(
            "convert-annotations",
            "--data",
            lines("doccano.json", rows),
            "--output-dir",
            folder,
            "--splits",
            "0.8,0.2,0",
            "--names",
            "s=放");
    assertThat(converted.code()).as(converted.err()).isZero();
    Path data = folder.resolve("train.txt");
    Path dev = folder.resolve("dev.txt");
    CommandLineRun run = train("extract", data, "--dev-data", dev);
    assertThat(run.err()).contains("information-extraction: 96 examples to learn from");
    JsonNode metrics = evaluate("extract", dev);
    assertThat(metrics.get("f1").asDouble()).isGreaterThan(90);
    assertThat(metrics.at("/labels/放/f1").asDouble()).isGreaterThan(80);
    JsonNode first = predict("extract", dev).get(0);
    assertThat(first.get("content").asText()).startsWith("放");
    assertThat(first.get("prompt").asText()).isEqualTo("放");
    assertThat(first.get("result_list").toString())
        .matches("\\[\\{\"text\":\".+\",\"start\":1,\"end\":[234],\"probability\":0\\..+}]");
    assertThat(Files.readString(folder.resolve("extract/report.html")))
        .contains("The best model on each label", "<td>放</td>", "Training corpus");
    CommandLineRun people =
        CommandLineRun.of(
            "evaluate", "extract", "--model", folder.resolve("extract/model.ernie"), "--data", dev);
    assertThat(people.out()).containsPattern("  放: f1 [0-9.]+  precision .* expected, ");
  }

  @Test
  void trainsAnExtractorFurtherAndDistillsItOnTexts() throws IOException {
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      rows.add(
          "{\"content\": \"放%s\", \"prompt\": \"放\", \"result_list\": [{\"text\": \"%s\", \"start\": 1, \"end\": %d}]}"
              .formatted(name(i), name(i), 1 + name(i).length()));
    }
    Path data = lines("prompts.txt", rows);
    train("extract", data);
    Path extractor = folder.resolve("extract/model.ernie");
    List<Object> on = new ArrayList<>(List.of("train", "extract", "--data", data));
    on.addAll(List.of("--output-dir", folder.resolve("on"), "--max-steps", 2));
    on.addAll(List.of("--model", extractor, "--teacher", extractor, "--unlabelled"));
    Path texts = lines("texts.txt", List.of("放友健", "去学友"));
    List<Object> asked = new ArrayList<>(on);
    asked.addAll(List.of(texts, "--prompts", "放,去"));
    CommandLineRun run = CommandLineRun.of(asked.toArray());
    assertThat(run.code()).as(run.err()).isZero();
    // 33 prompts, because no text is in both parts, and two texts with two prompts each.
    assertThat(run.err()).contains("37 examples to learn from");
    String facts = CommandLineRun.of("inspect", folder.resolve("on/model.ernie")).out();
    assertThat(facts)
        .contains("epochs 100, batch 16, learning rate 1.0E-5 (constant), warm-up 0.0")
        .contains("gradient norm Infinity", "4 without labels");
    on.set(5, folder.resolve("never"));
    on.add(texts);
    CommandLineRun unasked = CommandLineRun.of(on.toArray());
    assertThat(unasked.code()).isEqualTo(2);
    assertThat(unasked.err()).contains("texts and --prompts", "texts.txt");
    on.addAll(List.of("--prompts", "{\"放\": \"去\"}"));
    assertThat(CommandLineRun.of(on.toArray()).err()).contains("names without others below them");
    CommandLineRun auto =
        CommandLineRun.of(
            "train",
            "tag",
            "--epochs",
            "auto",
            "--model",
            model,
            "--data",
            data,
            "--output-dir",
            folder.resolve("never"));
    assertThat(auto.code()).isNotZero();
    assertThat(folder.resolve("never")).doesNotExist();
  }
}
