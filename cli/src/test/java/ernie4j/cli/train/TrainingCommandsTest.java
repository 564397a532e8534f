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

/** Train, evaluate, inspect and parse with a model of our own, through the command line alone. */
class TrainingCommandsTest {
  @TempDir static Path folder;

  private static Path model;
  private static Path corpus;
  private static Path trained;
  private static CommandLineRun training;

  @BeforeAll
  static void train() throws Exception {
    model = TinyModel.write(folder.resolve("tiny.ernie"), TinyModel.vocabulary());
    corpus = TinyModel.writeCorpus(folder.resolve("corpus.txt"), "1\t放歌\tmusic.play");
    trained = folder.resolve("run");
    training = CommandLineRun.of(options(trained, "--epochs", 12).toArray());
  }

  private static List<Object> options(Path output, Object... more) {
    List<Object> all = new ArrayList<>(List.of("train", "slu", "--model", model));
    all.addAll(List.of("--data", corpus, "--output-dir", output, "--eval-steps", 20));
    all.addAll(List.of("--learning-rate", 5e-3, "--batch-size", 8));
    all.addAll(List.of(more));
    return all;
  }

  @Test
  void trainingReportsItsDataAndProgress() {
    assertThat(training.code()).as(training.err()).isZero();
    assertThat(training.err())
        .contains("126 utterances; left out 0 corrections and 1 lines that cannot be read")
        .contains("line 127")
        .contains("evaluation at step 20")
        .contains("examples/s")
        .contains("left");
    assertThat(training.out())
        .contains("best at step")
        .contains("accuracy")
        .contains("model.ernie");
  }

  @Test
  void theReportOfAJointModelHasItsConfusionsAndWorstAnswers() throws Exception {
    Path little = folder.resolve("little");
    CommandLineRun run = CommandLineRun.of(options(little, "--max-steps", 4).toArray());
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(Files.readString(little.resolve("report.html")))
        .contains("Training for joint intent slots", "Slot F1", "Intent accuracy")
        .contains("class=\"confusion\"", "music.play")
        .contains("The worst answers of the best model", "navigation: destination")
        .doesNotContain("slot_f1", "maxSteps", "9223372036854775807");
  }

  @Test
  void trainingWritesMetricsAndPicture() throws Exception {
    assertThat(Files.readAllBytes(trained.resolve("training.png"))).startsWith(0x89, 'P', 'N', 'G');
    List<String> metrics = Files.readAllLines(trained.resolve("metrics.csv"));
    assertThat(metrics.get(0)).startsWith("step,epoch,learning_rate,loss,accuracy");
    assertThat(metrics.size()).isGreaterThan(5);
  }

  @Test
  void theTrainedModelCanBeEvaluatedInspectedAndUsed() throws Exception {
    Path file = trained.resolve("model.ernie");
    CommandLineRun evaluation =
        CommandLineRun.of("evaluate", "slu", "--model", file, "--data", corpus, "--json");
    JsonNode metrics = new ObjectMapper().readTree(evaluation.out());
    assertThat(metrics.get("examples").asInt()).isEqualTo(126);
    assertThat(metrics.get("accuracy").asDouble()).isGreaterThan(90);

    CommandLineRun inspection = CommandLineRun.of("inspect", file, "--tensors");
    assertThat(inspection.out())
        .contains("2 layers, hidden 24, 3 heads of 8")
        .contains("intent labels")
        .contains("B-singer")
        .contains("training_corpus   corpus.txt")
        .contains("intent_classifier.weight");

    CommandLineRun parse = CommandLineRun.of("parse", "--model", file, "--json", "放刘德的歌");
    JsonNode answer = new ObjectMapper().readTree(parse.out());
    assertThat(answer.get("intent").asText()).isEqualTo("music.play");
    assertThat(answer.get("slots")).hasSize(1);
    assertThat(answer.get("slots").get(0).toString())
        .startsWith(
            "{\"type\":\"singer\",\"text\":\"刘德\",\"start\":1,\"end\":3,\"probability\":0.");
  }

  @Test
  void measuresTextsSeenInTrainingSeparately() throws Exception {
    Path test = folder.resolve("test.txt");
    Files.write(
        test,
        List.of(
            "2\t放刘德的歌\tmusic.play\t放<singer>刘德</singer>的歌",
            "2\t放德的歌\tmusic.play\t放<singer>德</singer>的歌",
            "3\t放友的歌\tmusic.play\t放<singer>友</singer>的歌"));
    Object[] command = {
      "evaluate", "slu", "--model", trained.resolve("model.ernie"), "--data", test
    };
    List<Object> words = new ArrayList<>(List.of(command));
    words.addAll(List.of("--train-data", corpus));
    CommandLineRun run = CommandLineRun.of(words.toArray());
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.lines().get(0))
        .startsWith("3 utterances of dialogues that are not in the training data: accuracy");
    assertThat(run.out())
        .containsPattern("  texts seen in training: accuracy .*\\(2\\)\n")
        .containsPattern("  texts not seen in training: accuracy .*\\(1\\)\n")
        .containsPattern("  intent music.play: accuracy .*\\(3\\)\n")
        .containsPattern("  slot singer: f1 .*\\(3 expected, ");
    words.add("--json");
    JsonNode json = new ObjectMapper().readTree(CommandLineRun.of(words.toArray()).out());
    assertThat(json.get("held_out").asText()).endsWith("that are not in the training data");
    assertThat(json.at("/parts/texts seen in training/examples").asInt()).isEqualTo(2);
    assertThat(json.at("/parts/intent music.play/accuracy").isNumber()).isTrue();
    assertThat(CommandLineRun.of(command).lines().get(0)).startsWith("3 utterances: accuracy");
  }

  @Test
  void measuresResultsOnTestDataIfGiven() throws Exception {
    Path test = folder.resolve("held-out.txt");
    Files.write(test, List.of("2\t放刘的歌\tmusic.play\t放<singer>刘</singer>的歌", "3\t你好\tOTHERS\t你好"));
    Path output = folder.resolve("tested");
    CommandLineRun run =
        CommandLineRun.of(options(output, "--max-steps", 4, "--test-data", test).toArray());
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("2 utterances of dialogues that are not in the training data: accuracy");
    assertThat(Files.readString(output.resolve("report.html")))
        .contains("The best model on 2 held-out examples")
        .contains("Report on", "texts not seen in training", "intent OTHERS");
    assertThat(CommandLineRun.of("inspect", output.resolve("model.ernie")).out())
        .contains("report_on");
  }

  @Test
  void learnsFromSeveralTeachersTogether() throws Exception {
    Path other = folder.resolve("other");
    CommandLineRun second =
        CommandLineRun.of(options(other, "--max-steps", 40, "--seed", 7).toArray());
    assertThat(second.code()).as(second.err()).isZero();
    Object[] teachers = {
      "--teacher", trained.resolve("model.ernie"), "--teacher", other.resolve("model.ernie")
    };
    Path student = folder.resolve("student");
    List<Object> words = options(student, "--max-steps", 2, "--teacher-weight", 2);
    words.addAll(List.of(teachers));
    CommandLineRun run = CommandLineRun.of(words.toArray());
    assertThat(run.code()).as(run.err()).isZero();
    Path model = student.resolve("model.ernie");
    assertThat(CommandLineRun.of("inspect", model).out())
        .contains("model.ernie and model.ernie, weight 2.0, temperature 1.0");
    Path small = folder.resolve("small");
    words = new ArrayList<>(List.of("compress", "--model", model, "--data", corpus));
    words.addAll(List.of("--output-dir", small, "--widths", "1.0", "--max-steps", 2));
    words.addAll(List.of("--qat-teacher-weight", 1, "--latency-seconds", 0.02));
    words.addAll(List.of("--max-metric-loss", 100));
    words.addAll(List.of(teachers));
    CommandLineRun compressed = CommandLineRun.of(words.toArray());
    assertThat(compressed.code()).as(compressed.err()).isZero();
    assertThat(compressed.out()).contains("+ int8 embeddings");
  }

  @Test
  void trainingUsesRDropAndConstrainedTags() throws Exception {
    Path output = folder.resolve("more");
    CommandLineRun run =
        CommandLineRun.of(
            options(output, "--max-steps", 3, "--r-drop", 2, "--constrained-tags").toArray());
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(CommandLineRun.of("inspect", output.resolve("model.ernie")).out())
        .containsPattern("r_drop +weight 2.0")
        .containsPattern("constrained_tags +true");
    CommandLineRun calm =
        CommandLineRun.of(options(folder.resolve("calm"), "--r-drop", 1, "--dropout", 0).toArray());
    assertThat(calm.code()).isEqualTo(2);
    assertThat(calm.err()).contains("--r-drop needs a --dropout above 0");
  }

  @Test
  void continuesATrainingOnlyWithResume() throws Exception {
    Path output = folder.resolve("resumed");
    assertThat(CommandLineRun.of(options(output, "--epochs", 2).toArray()).code()).isZero();
    CommandLineRun again = CommandLineRun.of(options(output, "--epochs", 2).toArray());
    assertThat(again.code()).isEqualTo(2);
    assertThat(again.err()).contains("already holds a training; add --resume to continue");
    CommandLineRun resumed =
        CommandLineRun.of(options(output, "--epochs", 2, "--resume").toArray());
    assertThat(resumed.code()).as(resumed.err()).isZero();
    CommandLineRun nothing =
        CommandLineRun.of(options(folder.resolve("absent"), "--resume").toArray());
    assertThat(nothing.code()).isEqualTo(2);
    assertThat(nothing.err()).contains("holds no training to resume");
  }

  @Test
  void aNewArchitectureTakesOnlyTheVocabulary() throws Exception {
    Path output = folder.resolve("scratch");
    CommandLineRun run =
        CommandLineRun.of(options(output, "--architecture", "1L16H2A", "--epochs", 1).toArray());
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(CommandLineRun.of("inspect", output.resolve("model.ernie")).out())
        .contains("1 layers, hidden 16, 2 heads of 8")
        .contains("random (1L16H2A)");
    CommandLineRun unknown =
        CommandLineRun.of(options(folder.resolve("x"), "--architecture", "huge").toArray());
    assertThat(unknown.code()).isEqualTo(2);
    assertThat(unknown.err()).contains("architecture 'huge': expected one of [base");
  }

  @Test
  void refusesACorpusWithoutUsableLines() throws Exception {
    Path threeColumns = folder.resolve("three.txt");
    Files.write(threeColumns, List.of("1\t放歌\tmusic.play", "1\t去路\tnavigation"));
    CommandLineRun run =
        CommandLineRun.of("evaluate", "slu", "--model", model, "--data", threeColumns);
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains("no usable line; expected four columns").contains("line 1");
  }
}
