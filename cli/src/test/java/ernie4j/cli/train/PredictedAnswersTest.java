package ernie4j.cli.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import ernie4j.cli.CommandLineRun;
import ernie4j.cli.TinyModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToDoubleBiFunction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The metric that {@code evaluate} prints is the one counted by hand from what {@code predict}
 * writes. The models have learned little and some labels are wrong, so that no metric is 0 or 100.
 */
class PredictedAnswersTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String NAMES = "周华健刘德张学友";
  private static final int EXAMPLES = 60;

  @TempDir Path folder;

  private Path model;

  @BeforeEach
  void writeModel() throws IOException {
    model = TinyModel.write(folder.resolve("tiny.ernie"), TinyModel.vocabulary());
  }

  private static String name(int i) {
    return NAMES.substring(i % 6, i % 6 + 1 + i % 3);
  }

  /** Two of seven examples have a label that is wrong. */
  private static boolean wrong(int i) {
    return i % 7 < 2;
  }

  private JsonNode evaluated(String task, Path data) throws IOException {
    Path trained = folder.resolve("trained");
    CommandLineRun training =
        run(
            "train %s --model %s --data %s --output-dir %s --max-length 16 --learning-rate 3e-3 --epochs 4 --batch-size 8 --eval-steps 20"
                .formatted(task, model, data, trained));
    assertThat(training.code()).as(training.err()).isZero();
    CommandLineRun evaluation =
        run("evaluate %s --json --data %s --model %s/model.ernie".formatted(task, data, trained));
    assertThat(evaluation.code()).as(evaluation.err()).isZero();
    JsonNode metrics = JSON.readTree(evaluation.out());
    assertThat(metrics.get("examples").asInt()).isEqualTo(EXAMPLES);
    return metrics;
  }

  private static CommandLineRun run(String words) {
    return CommandLineRun.of((Object[]) words.split(" ", -1));
  }

  private List<JsonNode> predicted(Path data) throws IOException {
    Path output = folder.resolve("predictions.jsonl");
    CommandLineRun run =
        run(
            "predict --data %s --model %s --output %s"
                .formatted(data, folder.resolve("trained/model.ernie"), output));
    assertThat(run.code()).as(run.err()).isZero();
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(output)) {
      lines.add(JSON.readTree(line));
    }
    assertThat(lines).hasSize(EXAMPLES);
    return lines;
  }

  private Path lines(String name, List<String> lines) throws IOException {
    return Files.write(folder.resolve(name), lines);
  }

  private static double mean(
      List<JsonNode> predicted, List<String> expected, ToDoubleBiFunction<JsonNode, String> score) {
    double sum = 0;
    for (int i = 0; i < predicted.size(); i++) {
      sum += score.applyAsDouble(predicted.get(i), expected.get(i));
    }
    return sum / predicted.size();
  }

  private static void assertSame(JsonNode evaluated, double counted) {
    assertThat(evaluated.asDouble()).isCloseTo(counted, within(1e-9));
    assertThat(counted).isStrictlyBetween(0.0, 100.0);
  }

  @Test
  void classes() throws IOException {
    List<String> rows = new ArrayList<>(List.of("text\tlabel"));
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < EXAMPLES; i++) {
      expected.add((i % 2 == 0) != wrong(i) ? "music" : "way");
      rows.add((i % 2 == 0 ? "放" + name(i) + "的歌" : "去" + name(i) + "路") + "\t" + expected.get(i));
    }
    Path data = lines("texts.tsv", rows);
    JsonNode metrics = evaluated("classify", data);
    assertSame(
        metrics.get("accuracy"),
        100
            * mean(
                predicted(data),
                expected,
                (line, e) -> line.path("label").asText().equals(e) ? 1 : 0));
  }

  @Test
  void labels() throws IOException {
    List<String> rows = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < EXAMPLES; i++) {
      Set<String> labels = new TreeSet<>();
      if (i % 2 == 0) {
        labels.add("music");
      }
      if ((i % 5 < 2) != wrong(i)) {
        labels.add("greeting");
      }
      String text = (i % 2 == 0 ? "放" : "去") + name(i) + (i % 5 < 2 ? "你好" : "路");
      String list = JSON.writeValueAsString(labels);
      expected.add(list);
      rows.add("{\"text\": \"%s\", \"labels\": %s}".formatted(text, list));
    }
    Path data = lines("labels.jsonl", rows);
    JsonNode metrics = evaluated("multi-label", data);
    List<JsonNode> predicted = predicted(data);
    int right = 0;
    int given = 0;
    int wanted = 0;
    for (int i = 0; i < EXAMPLES; i++) {
      Set<String> labels = new HashSet<>();
      predicted.get(i).get("labels").forEach(label -> labels.add(label.asText()));
      given += labels.size();
      Set<String> own = new HashSet<>();
      JSON.readTree(expected.get(i)).forEach(label -> own.add(label.asText()));
      wanted += own.size();
      labels.retainAll(own);
      right += labels.size();
    }
    assertSame(metrics.get("micro_f1"), 200.0 * right / (given + wanted));
  }

  @Test
  void scores() throws IOException {
    List<String> rows = new ArrayList<>(List.of("text\tscore"));
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < EXAMPLES; i++) {
      expected.add(String.valueOf((i % 2 + (wrong(i) ? 1 : 0)) / 2.0));
      rows.add((i % 2 == 0 ? "放" : "去") + name(i) + "\t" + expected.get(i));
    }
    Path data = lines("scores.tsv", rows);
    JsonNode metrics = evaluated("score", data);
    double squares =
        mean(
            predicted(data),
            expected,
            (line, e) -> Math.pow(line.path("score").asDouble() - Double.parseDouble(e), 2));
    assertSame(metrics.get("mean_squared_error"), squares);
  }

  @Test
  void spans() throws IOException {
    List<String> rows = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < EXAMPLES; i++) {
      String name = name(i);
      rows.add("放 O");
      for (int c = 0; c < name.length(); c++) {
        rows.add(name.charAt(c) + (c == 0 ? " B-" : " I-") + (wrong(i) ? "song" : "singer"));
      }
      rows.addAll(List.of("的 O", "歌 O", ""));
      expected.add("%s 1 %d".formatted(wrong(i) ? "song" : "singer", 1 + name.length()));
    }
    Path data = lines("names.txt", rows);
    JsonNode metrics = evaluated("tag", data);
    List<JsonNode> predicted = predicted(data);
    int right = 0;
    int given = 0;
    for (int i = 0; i < EXAMPLES; i++) {
      for (JsonNode span : predicted.get(i).get("entities")) {
        given++;
        right += describe(span).equals(expected.get(i)) ? 1 : 0;
      }
    }
    assertSame(metrics.get("f1"), 200.0 * right / (given + EXAMPLES));
  }

  private static String describe(JsonNode span) {
    return "%s %s %s".formatted(span.get("type").asText(), span.get("start"), span.get("end"));
  }

  @Test
  void answers() throws IOException {
    List<String> rows = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < EXAMPLES; i++) {
      // Some questions have no answer, and some contexts are longer than a window.
      boolean impossible = i % 4 == 0;
      String context = name(i).repeat(1 + i % 5) + (impossible ? "" : "你好") + name(i + 1);
      expected.add(impossible ? "" : wrong(i) ? context.substring(0, 1) : "你好");
      rows.add(
          "{\"question\": \"歌\", \"context\": \"%s\", \"answers\": %s}"
              .formatted(
                  context, impossible ? "[]" : "[{\"text\": \"%s\"}]".formatted(expected.get(i))));
    }
    Path data = lines("questions.jsonl", rows);
    JsonNode metrics = evaluated("qa", data);
    List<JsonNode> predicted = predicted(data);
    assertSame(
        metrics.get("exact_match"),
        100
            * mean(
                predicted, expected, (line, e) -> line.path("answer").asText().equals(e) ? 1 : 0));
  }

  @Test
  void extractions() throws IOException {
    List<String> rows = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < EXAMPLES; i++) {
      // Every fourth text lacks the answer; wrong answers have a wrong end.
      boolean absent = i % 4 == 0;
      String text = (absent ? "去" : "放") + name(i) + "的歌";
      int end = wrong(i) ? 2 : 1 + name(i).length();
      String answer = text.substring(1, end);
      expected.add(absent ? "[]" : "[%s 1 %d]".formatted(answer, end));
      rows.add(
          "{\"content\": \"%s\", \"prompt\": \"放\", \"result_list\": [%s]}"
              .formatted(
                  text,
                  absent
                      ? ""
                      : "{\"text\": \"%s\", \"start\": 1, \"end\": %d}".formatted(answer, end)));
    }
    Path data = lines("prompts.jsonl", rows);
    JsonNode metrics = evaluated("extract", data);
    List<JsonNode> predicted = predicted(data);
    int right = 0;
    int found = 0;
    int wanted = 0;
    for (int i = 0; i < EXAMPLES; i++) {
      List<String> results = new ArrayList<>();
      for (JsonNode result : predicted.get(i).get("result_list")) {
        assertThat(result.get("probability").doubleValue()).isBetween(0.25, 1.0);
        results.add(
            "[%s %d %d]"
                .formatted(
                    result.get("text").asText(),
                    result.get("start").asInt(),
                    result.get("end").asInt()));
      }
      found += results.size();
      wanted += expected.get(i).equals("[]") ? 0 : 1;
      right += results.contains(expected.get(i)) ? 1 : 0;
    }
    assertThat(right).isPositive();
    assertSame(metrics.get("f1"), 200.0 * right / (found + wanted));
    assertSame(metrics.at("/labels/放/precision"), 100.0 * right / found);
    assertThat(metrics.at("/labels/放/expected").intValue()).isEqualTo(wanted);
  }

  @Test
  void choices() throws IOException {
    List<String> rows = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < EXAMPLES; i++) {
      boolean first = i % 2 == 0;
      expected.add(first != wrong(i) ? "你好" : "去路");
      rows.add(
          "{\"context\": \"%s\", \"choices\": [\"你好\", \"去路\"], \"answer\": %d}"
              .formatted((first ? "放" : "歌") + name(i), expected.get(i).equals("你好") ? 0 : 1));
    }
    Path data = lines("choices.jsonl", rows);
    JsonNode metrics = evaluated("choice", data);
    assertSame(
        metrics.get("accuracy"),
        100
            * mean(
                predicted(data),
                expected,
                (line, e) -> line.path("choice").asText().equals(e) ? 1 : 0));
  }

  @Test
  void intentsAndSlots() throws IOException {
    List<String> rows = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < EXAMPLES; i++) {
      String name = name(i);
      String intent = wrong(i) ? "OTHERS" : "music.play";
      rows.add("1\t放%s的歌\t%s\t放<singer>%s</singer>的歌".formatted(name, intent, name));
      expected.add("%s [singer 1 %d]".formatted(intent, 1 + name.length()));
    }
    Path data = lines("corpus.txt", rows);
    JsonNode metrics = evaluated("slu", data);
    assertSame(
        metrics.get("accuracy"),
        100 * mean(predicted(data), expected, (line, e) -> answer(line).equals(e) ? 1 : 0));
  }

  private static String answer(JsonNode line) {
    List<String> slots = new ArrayList<>();
    line.path("slots").forEach(slot -> slots.add(describe(slot)));
    return line.path("intent").asText() + " " + slots;
  }
}
