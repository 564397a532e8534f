package ernie4j.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.engine.file.Model;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The model card in the jar describes the model in the jar. */
class ModelCardTest {
  private static final Path MEASURED = Path.of("../docs/dialogue.md");

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = JointSlu.class.getResourceAsStream(name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    }
  }

  private static String card() throws IOException {
    return new String(resource("/META-INF/model-card.md"), StandardCharsets.UTF_8);
  }

  @Test
  void statesSizeAndHashOfTheFile() throws Exception {
    byte[] model = resource("slu-nlpcc2018.ernie");
    assertThat(card())
        .contains(String.format(Locale.ROOT, "| Size | %,d bytes |", model.length))
        .contains(
            "`"
                + HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(model))
                + "`");
  }

  @Test
  void statesTheShapeOfTheModel() throws IOException {
    Model model = JointSlu.bundledModel();
    JointSlu slu = JointSlu.of(model);
    assertThat(card())
        .contains("`" + model.task() + "`: " + slu.intents().size() + " intents")
        .contains(
            slu.slotLabels().stream().filter(label -> label.startsWith("B-")).count()
                + " types of slots")
        .contains(
            "%d layers, hidden size %d"
                .formatted(model.config().layers(), model.config().hiddenSize()))
        .contains(
            String.format(
                Locale.ROOT, "| Vocabulary | %,d tokens |", model.config().vocabularySize()))
        .contains("at most " + model.config().maxPositions() + " tokens");
  }

  @Test
  void statesTheScoresFromTraining() throws IOException {
    Map<String, String> provenance = JointSlu.bundledModel().provenance();
    for (String metric : List.of("dev_accuracy", "dev_intent_accuracy", "dev_slot_f1")) {
      assertThat(card()).as(metric).contains("| " + provenance.get(metric) + " |");
    }
    assertThat(card()).contains("on 14,653 of them").contains("test part, 4,284 utterances");
    assertThat(provenance.get("training_examples")).contains(" 14653 utterances");
    assertThat(provenance.get("evaluated_on"))
        .isEqualTo("4,284 utterances of dialogues that are not in the training data");
    assertThat(provenance.get("calibrated_on")).isEqualTo("dev.txt, 2117 utterances");
  }

  /** The page on dialogues says which seed became the bundled model. */
  @Test
  void statesTheScoresOfAllSeeds() throws IOException {
    String last =
        Files.readAllLines(MEASURED).stream()
            .filter(line -> line.startsWith("| + int8 embeddings"))
            .findFirst()
            .orElseThrow();
    List<String> seeds = List.of(last.split(" *\\| *", -1)).subList(3, 6);
    assertThat(seeds).allMatch(score -> score.matches("8[0-9]\\.[0-9]{2}"));
    assertThat(card())
        .contains("| " + seeds.get(0) + " |")
        .contains("%s and %s".formatted(seeds.get(1), seeds.get(2)));
  }
}
