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
  private static final Path REPRODUCTION = Path.of("../docs/reproduction.md");

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
    assertThat(card()).contains("16,844").contains("4,210");
    assertThat(provenance.get("training_examples"))
        .isEqualTo("16844 to learn from, 4210 to evaluate on");
  }

  @Test
  void statesTheScoresOfTheOtherSeeds() throws IOException {
    String last =
        Files.readAllLines(REPRODUCTION).stream()
            .filter(line -> line.startsWith("| + int8 embeddings, width 0.5 | 84"))
            .findFirst()
            .orElseThrow();
    List<String> seeds = List.of(last.split(" \\| ", -1)[2].split(", ", -1));
    assertThat(seeds).hasSize(3);
    assertThat(card()).contains("%s and %s".formatted(seeds.get(1), seeds.get(2)));
  }
}
