package ernie4j.cli.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import ernie4j.cli.CommandLineRun;
import ernie4j.cli.TinyModel;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.engine.head.HeadOptions;
import ernie4j.training.data.JointFile;
import ernie4j.training.evaluation.JointEvaluation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CalibrateCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  private static JsonNode evaluated(String task, Path model, Path data) throws Exception {
    CommandLineRun run =
        CommandLineRun.of("evaluate", task, "--model", model, "--data", data, "--json");
    assertThat(run.code()).as(run.err()).isZero();
    return JSON.readTree(run.out());
  }

  private static CommandLineRun calibrated(Path model, Path data, Path output, Object... options) {
    List<Object> words =
        new ArrayList<>(List.of("calibrate", "--model", model, "--data", data, "--output", output));
    words.addAll(List.of(options));
    return CommandLineRun.of(words.toArray());
  }

  /** Classes at random, so that a random model is right only by chance, however sure it is. */
  private Path reviews() throws Exception {
    List<String> lines = new ArrayList<>(List.of("text\tlabel"));
    String characters = "周华健刘德张学友放的歌去路你好";
    for (int i = 0; i < 120; i++) {
      lines.add(
          "%s%s%s\t%s"
              .formatted(
                  characters.charAt(i % 15),
                  characters.charAt(i * 7 % 15),
                  characters.charAt(i * 11 % 13),
                  i * 31 % 7 < 4 ? "good" : "bad"));
    }
    return Files.write(folder.resolve("reviews.tsv"), lines);
  }

  @Test
  void calibratesAClassifierAndRefusesAnswers() throws Exception {
    Path model =
        TinyModel.writeTask(
            folder.resolve("classes.ernie"), "sequence-classification", "good", "bad");
    Path data = reviews();
    Path output = folder.resolve("calibrated.ernie");
    CommandLineRun run = calibrated(model, data, output, "--coverage", 0.5);
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .containsPattern("(?m)^temperature: [0-9.]+$")
        .containsPattern("expected calibration error on 120 examples: [0-9.]+ %, before [0-9.]+ %")
        .containsPattern(
            "refused below a confidence of 0\\.[0-9]+: [0-9.]+ %; of the other answers")
        .endsWith(output + System.lineSeparator());
    Model calibrated = ModelFile.read(output);
    assertThat(calibrated.options())
        .containsKeys(HeadOptions.TEMPERATURE, HeadOptions.MIN_CONFIDENCE);
    assertThat(calibrated.provenance()).containsEntry("calibrated_on", "reviews.tsv, 120 examples");
    JsonNode before = evaluated("classify", model, data);
    JsonNode after = evaluated("classify", output, data);
    assertThat(after.get("accuracy")).isEqualTo(before.get("accuracy"));
    assertThat(after.at("/calibration/expected_calibration_error").asDouble())
        .isLessThan(before.at("/calibration/expected_calibration_error").asDouble());
    assertThat(before.at("/calibration/not_refused").isMissingNode()).isTrue();
    assertThat(after.at("/calibration/not_refused/coverage").asDouble()).isBetween(50.0, 60.0);
    CommandLineRun text =
        CommandLineRun.of("evaluate", "classify", "--model", output, "--data", data);
    assertThat(text.out())
        .containsPattern("expected calibration error [0-9.]+ %; of the surest 90 % of the answers")
        .contains("refused below a confidence of");
    CommandLineRun constrained = calibrated(model, data, output, "--constrained-tags");
    assertThat(constrained.code()).isEqualTo(2);
    assertThat(constrained.err())
        .contains("--constrained-tags: expected a model of intents and slots");
    CommandLineRun asked = calibrated(model, data, output, "--min-confidence", 1);
    assertThat(asked.code()).as(asked.err()).isZero();
    assertThat(CommandLineRun.of("classify", "--model", output, "你好").out())
        .contains("refused: not sure enough");
  }

  @Test
  void drawsTheAccuracyOfTheSurestAnswers() throws Exception {
    Path model =
        TinyModel.writeTask(
            folder.resolve("classes.ernie"), "sequence-classification", "good", "bad");
    Path picture = folder.resolve("coverage.png");
    CommandLineRun run =
        CommandLineRun.of(
            "evaluate",
            "classify",
            "--model",
            model,
            "--data",
            reviews(),
            "--coverage-picture",
            picture);
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(Files.readAllBytes(picture)).startsWith(0x89, 'P', 'N', 'G');
  }

  @Test
  void calibrationKeepsTheLabels() throws Exception {
    Path model =
        TinyModel.writeTask(
            folder.resolve("labels.ernie"), "multi-label-classification", "good", "bad");
    Model read = ModelFile.read(model);
    ModelFile.write(model, read.withOptions(Map.of(HeadOptions.THRESHOLD, "0.3")));
    Path data = reviews();
    Path output = folder.resolve("calibrated.ernie");
    CommandLineRun run = calibrated(model, data, output);
    assertThat(run.code()).as(run.err()).isZero();
    JsonNode before = evaluated("multi-label", model, data);
    JsonNode after = evaluated("multi-label", output, data);
    for (String metric : List.of("micro_f1", "micro_recall", "exact_match")) {
      assertThat(after.get(metric)).isEqualTo(before.get(metric));
    }
    assertThat(ModelFile.read(output).options().get(HeadOptions.THRESHOLD)).isNotEqualTo("0.3");
    CommandLineRun refusing = calibrated(model, data, output, "--coverage", 0.5);
    assertThat(refusing.code()).isEqualTo(2);
    assertThat(refusing.err()).contains("every label has its own threshold");
  }

  @Test
  void calibratesIntentsAndSlotsAndCompressionRemovesIt() throws Exception {
    Path encoder = TinyModel.write(folder.resolve("tiny.ernie"), TinyModel.vocabulary());
    Path corpus = TinyModel.writeCorpus(folder.resolve("corpus.txt"));
    Path output = folder.resolve("run");
    CommandLineRun trained =
        CommandLineRun.of(
            "train",
            "slu",
            "--model",
            encoder,
            "--data",
            corpus,
            "--output-dir",
            output,
            "--epochs",
            4,
            "--learning-rate",
            3e-3,
            "--batch-size",
            8);
    assertThat(trained.code()).as(trained.err()).isZero();
    Path model = output.resolve("model.ernie");
    Path calibrated = folder.resolve("calibrated.ernie");
    CommandLineRun run =
        calibrated(model, corpus, calibrated, "--coverage", 0.9, "--dev-share", 0.2);
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .containsPattern("(?m)^temperature: [0-9.]+$")
        .containsPattern("(?m)^slot temperature: [0-9.]+$")
        .contains("calibration error on 25 utterances");
    assertThat(ModelFile.read(calibrated).options())
        .containsKeys(
            HeadOptions.TEMPERATURE, HeadOptions.SLOT_TEMPERATURE, HeadOptions.MIN_CONFIDENCE);
    assertThat(ModelFile.read(calibrated).options().get(HeadOptions.INTENTS_WITHOUT_SLOTS))
        .isEqualTo(
            String.join(
                "\t", JointEvaluation.intentsWithoutSlots(JointFile.read(corpus).examples())))
        .isNotEmpty();
    JsonNode before = evaluated("slu", model, corpus);
    JsonNode after = evaluated("slu", calibrated, corpus);
    assertThat(after.get("accuracy")).isEqualTo(before.get("accuracy"));
    assertThat(after.get("slot_f1")).isEqualTo(before.get("slot_f1"));
    assertThat(after.at("/calibration/not_refused/coverage").asDouble()).isLessThan(100);
    Path free = folder.resolve("free.ernie");
    ModelFile.write(free, ModelFile.read(model).withOptions(Map.of()));
    CommandLineRun constrained = calibrated(free, corpus, free, "--constrained-tags");
    assertThat(constrained.code()).as(constrained.err()).isZero();
    assertThat(ModelFile.read(free).options())
        .containsEntry(HeadOptions.CONSTRAINED_TAGS, "true")
        .containsKey(HeadOptions.SLOT_TEMPERATURE);
    assertThat(ModelFile.read(free).provenance().get("dev_accuracy"))
        .isEqualTo(
            String.format(
                Locale.ROOT, "%.2f", evaluated("slu", free, corpus).get("accuracy").asDouble()));
    Path small = folder.resolve("small");
    CommandLineRun compressed =
        CommandLineRun.of(
            "compress",
            "--model",
            calibrated,
            "--data",
            corpus,
            "--output-dir",
            small,
            "--strategy",
            "embeddings",
            "--latency-seconds",
            0.02,
            "--max-metric-loss",
            100);
    assertThat(compressed.code()).as(compressed.err()).isZero();
    assertThat(ModelFile.read(small.resolve("model.ernie")).options())
        .isEqualTo(Map.of(HeadOptions.CONSTRAINED_TAGS, "true"));
  }

  @Test
  void refusesModelsOfOtherTasks() throws Exception {
    Path model =
        TinyModel.writeTask(folder.resolve("tags.ernie"), "token-classification", "O", "B-x");
    CommandLineRun run =
        CommandLineRun.of(
            "calibrate", "--model", model, "--data", model, "--output", folder.resolve("x.ernie"));
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("expected a model of intents and slots").contains("token-class");
  }
}
