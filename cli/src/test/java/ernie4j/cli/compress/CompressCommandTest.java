package ernie4j.cli.compress;

import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.cli.CommandLineRun;
import ernie4j.cli.TinyModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A model of our own, trained and compressed through the command line alone. */
class CompressCommandTest {
  @TempDir static Path folder;

  private static Path corpus;
  private static Path trained;

  @BeforeAll
  static void train() throws Exception {
    Path model = TinyModel.write(folder.resolve("tiny.ernie"), TinyModel.vocabulary());
    corpus = TinyModel.writeCorpus(folder.resolve("corpus.txt"));
    Path run = folder.resolve("run");
    List<Object> all = new ArrayList<>(List.of("train", "slu", "--model", model));
    all.addAll(List.of("--data", corpus, "--output-dir", run, "--eval-steps", 20));
    all.addAll(List.of("--learning-rate", 5e-3, "--batch-size", 8));
    all.addAll(List.of("--epochs", 12));
    CommandLineRun training = CommandLineRun.of(all.toArray());
    assertThat(training.code()).as(training.err()).isZero();
    trained = run.resolve("model.ernie");
  }

  private static CommandLineRun compress(Path output, Object... more) {
    List<Object> all = new ArrayList<>(List.of("compress", "--model", trained));
    all.addAll(List.of("--data", corpus, "--output-dir", output, "--eval-steps", 10));
    all.addAll(List.of("--learning-rate", 5e-3, "--batch-size", 8));
    all.addAll(List.of("--epochs", 3, "--qat-epochs", 2, "--dropout", 0));
    all.addAll(List.of("--latency-seconds", 0.02));
    all.addAll(List.of(more));
    return CommandLineRun.of(all.toArray());
  }

  @Test
  void allStagesGiveAModelThatParses() throws Exception {
    Path output = folder.resolve("all");
    // Two of three heads; the vocabulary loses only its spare tokens.
    CommandLineRun run =
        compress(output, "--widths", 2.0 / 3, "--vocabulary-size", 18, "--max-length", 12);
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("| original | 1.0 |")
        .contains("| + vocabulary pruning | 1.0 |")
        .contains("| + width pruning | 0.66")
        .contains("| + int8 products | 0.66")
        .contains("| + int8 embeddings | 0.66");
    Path model = output.resolve("model-" + 2.0 / 3 + ".ernie");
    assertThat(Files.size(model)).isLessThan(Files.size(trained) / 2);
    assertThat(Files.readAllLines(output.resolve("compression.csv"))).hasSize(6);
    assertThat(Files.readAllBytes(output.resolve("compression.png")))
        .startsWith(0x89, 'P', 'N', 'G');

    CommandLineRun parse = CommandLineRun.of("parse", "--model", model, "--json", "放刘德的歌");
    assertThat(parse.out()).contains("music.play").contains("刘德");
    CommandLineRun inspection = CommandLineRun.of("inspect", model, "--tensors");
    assertThat(inspection.out())
        .contains("int8     ernie.encoder.layers.0.linear1.weight [24, 32]")
        .contains("float32  ernie.encoder.layers.0.linear1.input_scale [1]")
        .contains("float32  ernie.embeddings.word_embeddings.weight_dictionary")
        .contains("+ vocabulary pruning");
    // The file records the same metrics as the table.
    String[] last = Files.readAllLines(output.resolve("compression.csv")).get(5).split(",", -1);
    assertThat(inspection.out())
        .containsPattern("dev_accuracy +%.2f\n".formatted(Double.parseDouble(last[2])));
  }

  @Test
  void evaluatesOnTheExamplesThatTrainingHeldBack() throws Exception {
    Path output = folder.resolve("split");
    CommandLineRun run = compress(output, "--strategy", "embeddings");
    CommandLineRun heldBack =
        CommandLineRun.of(
            "evaluate", "slu", "--model", trained, "--data", corpus, "--dev-share", 0.2);
    String utterances = heldBack.out().substring(0, heldBack.out().indexOf(' '));
    assertThat(run.err()).contains(" training examples, " + utterances + " to evaluate on");
  }

  @Test
  void continuesAnInterruptedCompression() throws Exception {
    Path output = folder.resolve("broken");
    CommandLineRun whole = compress(output, "--strategy", "qat");
    assertThat(whole.code()).as(whole.err()).isZero();
    byte[] model = Files.readAllBytes(output.resolve("model.ernie"));
    Files.delete(output.resolve("model.ernie"));
    Files.delete(output.resolve("int8.ernie"));

    assertThat(compress(output, "--strategy", "qat").err()).contains("add --resume");
    CommandLineRun resumed = compress(output, "--strategy", "qat", "--resume");
    assertThat(resumed.err()).contains("continued");
    assertThat(Files.readAllBytes(output.resolve("model.ernie"))).isEqualTo(model);
    assertThat(compress(output, "--strategy", "qat", "--resume", "--seed", 7).err())
        .contains("belongs to a training with other options");
  }

  @Test
  void calibrationAloneQuantizes() throws Exception {
    Path output = folder.resolve("ptq");
    CommandLineRun run =
        compress(
            output,
            "--strategy",
            "ptq+embeddings",
            "--embeddings",
            "row",
            "--calibration",
            "ABS_MAX");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(Files.exists(output.resolve("qat"))).isFalse();
    assertThat(CommandLineRun.of("inspect", output.resolve("model.ernie"), "--tensors").out())
        .contains("word_embeddings.weight_scale");
  }

  @Test
  void doesNotWriteAModelThatLosesTooMuch() {
    Path output = folder.resolve("lossy");
    // Nothing can be 200 points better.
    CommandLineRun run =
        compress(output, "--strategy", "dynabert", "--widths", 1.0 / 3, "--max-metric-loss", -200);
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains("was not written: it loses").contains("-200.00");
    assertThat(Files.exists(output.resolve("model-" + 1.0 / 3 + ".ernie"))).isFalse();
  }

  @Test
  void explainsWrongUsage() {
    Path output = folder.resolve("never");
    CommandLineRun unknown = compress(output, "--strategy", "magic");
    assertThat(unknown.code()).isEqualTo(2);
    assertThat(unknown.err()).contains("expected some of [dynabert, qat, ptq, embeddings]");
    assertThat(compress(output, "--strategy", "qat+ptq").err()).contains("choose one");
    assertThat(compress(output, "--widths", 0.5).err()).contains("width");
    assertThat(compress(output, "--strategy", "qat", "--exclude-layers", "nothing").err())
        .contains("'nothing' is neither the name of a linear layer");
    assertThat(compress(output, "--resume").err()).contains("holds no compression");
    assertThat(output).doesNotExist();
  }

  /** A file with examples that a tiny model can learn for a task. */
  private static Path examples(String task) throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 48; i++) {
      boolean first = i % 2 == 0;
      String name = "周华健刘德张学友".substring(i % 6, i % 6 + 1 + i % 3);
      String text = (first ? "放" : "去") + name;
      switch (task) {
        case "classify" ->
            lines.add("{\"text\": \"%s\", \"label\": \"%s\"}".formatted(text, first));
        case "multi-label" ->
            lines.add("{\"text\": \"%s\", \"labels\": [\"%s\", \"all\"]}".formatted(text, first));
        case "score" -> lines.add("{\"text\": \"%s\", \"score\": %d}".formatted(text, i % 2));
        case "tag" -> lines.addAll(List.of("放 O", name.charAt(0) + " B-singer", "歌 O", ""));
        case "qa" ->
            lines.add(
                "{\"question\": \"歌\", \"context\": \"%s你好\", \"answers\": [{\"text\": \"你好\"}]}"
                    .formatted(name));
        case "extract" ->
            lines.add(
                "{\"content\": \"%s\", \"prompt\": \"放\", \"result_list\": [%s]}"
                    .formatted(
                        text,
                        first
                            ? "{\"text\": \"%s\", \"start\": 1, \"end\": %d}"
                                .formatted(name, text.length())
                            : ""));
        default ->
            lines.add(
                "{\"context\": \"%s\", \"choices\": [\"你好\", \"去路\"], \"answer\": %d}"
                    .formatted(text, i % 2));
      }
    }
    String name = task + (task.equals("tag") ? ".txt" : ".jsonl");
    return Files.write(folder.resolve(name), lines);
  }

  private static Path trained(String task, Path data) {
    Path output = folder.resolve("trained-" + task);
    if (Files.exists(output)) {
      return output.resolve("model.ernie");
    }
    CommandLineRun run =
        CommandLineRun.of(
            (Object[])
                "train %s --model %s --data %s --output-dir %s --max-length 16 --epochs 3 --learning-rate 5e-3 --batch-size 8"
                    .formatted(task, folder.resolve("tiny.ernie"), data, output)
                    .split(" ", -1));
    assertThat(run.code()).as(run.err()).isZero();
    return output.resolve("model.ernie");
  }

  private static CommandLineRun compressed(Path model, Path data, Path output, String more) {
    return CommandLineRun.of(
        (Object[])
            ("compress --model %s --data %s --output-dir %s --learning-rate 5e-3 --batch-size 8 --epochs 3 --qat-epochs 1 --latency-seconds 0 "
                    + more)
                .formatted(model, data, output)
                .trim()
                .split(" +", -1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"classify", "multi-label", "score", "tag", "qa", "choice", "extract"})
  void compressesEveryTask(String task) throws Exception {
    Path data = examples(task);
    Path model = trained(task, data);
    Path output = folder.resolve("small-" + task);
    CommandLineRun run =
        compressed(
            model,
            data,
            output,
            "--widths 0.6666666666666666 --vocabulary-size 19 --max-length 15 --max-metric-loss 100 --qat-teacher-weight 1 --teacher "
                + model);
    assertThat(run.code()).as(run.err()).isZero();
    Path small = output.resolve("model-0.6666666666666666.ernie");
    assertThat(Files.size(small)).isLessThan(Files.size(model) / 2);
    CommandLineRun evaluation =
        CommandLineRun.of("evaluate", task, "--json", "--model", small, "--data", data);
    assertThat(evaluation.code()).as(evaluation.err()).isZero();
    String[] header = Files.readAllLines(output.resolve("compression.csv")).get(0).split(",", -1);
    assertThat(evaluation.out()).contains('"' + header[2] + '"');
    CommandLineRun prediction =
        CommandLineRun.of(
            "predict", "--model", small, "--data", data, "--output", output.resolve("answers"));
    assertThat(prediction.code()).as(prediction.err()).isZero();
    assertThat(Files.readString(output.resolve("answers"))).doesNotContain("error");
  }

  @Test
  void learnsTextsWithoutLabelsFromATeacher() throws Exception {
    Path data = examples("classify");
    Path model = trained("classify", data);
    Path texts = Files.write(folder.resolve("texts.txt"), List.of("放张学", "去刘德路", "放华"));
    Path output = folder.resolve("unlabelled");
    CommandLineRun run =
        compressed(
            model,
            data,
            output,
            "--widths 0.6666666666666666 --strategy dynabert --max-metric-loss 100 --unlabelled "
                + texts);
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.err()).contains("width pruning in");
  }

  private static void assertRefused(CommandLineRun run, Path output, int code, String... words) {
    assertThat(run.code()).as(run.err()).isEqualTo(code);
    assertThat(run.err()).contains(words);
    assertThat(run.err().lines().filter(line -> line.startsWith("ernie4j: "))).hasSize(1);
    assertThat(output).doesNotExist();
  }

  @Test
  void refusesInputThatDoesNotFitBeforeWriting() throws Exception {
    Path data = examples("classify");
    Path model = trained("classify", data);
    Path never = folder.resolve("never");
    assertRefused(
        compressed(folder.resolve("tiny.ernie"), data, never, ""), never, 2, "got one for encoder");
    assertRefused(
        compressed(model, data, never, "--widths 0.6667 --teacher " + trained),
        never,
        1,
        "expected a teacher for the student's task sequence-classification, got one for joint-intent-slots");
    assertRefused(
        compressed(model, data, never, "--strategy qat --teacher " + folder.resolve("tiny.ernie")),
        never,
        1,
        "the student's task sequence-classification, got one for encoder");
    assertRefused(compressed(model, data, never, "--widths 0.5"), never, 1, "width", "0.5");
    Path others =
        Files.write(
            folder.resolve("others.jsonl"),
            List.of(
                "{\"text\": \"放\", \"label\": \"x\"}", "{\"text\": \"去\", \"label\": \"true\"}"));
    assertRefused(compressed(model, others, never, ""), never, 1, "'x'");
  }
}
