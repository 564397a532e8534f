package ernie4j.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every line of the golden tokenizer files: token by token, offset by offset. */
class GoldenTokenizerTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static Path golden() {
    Path folder = Path.of(System.getProperty("ernie4j.golden", "../shared/golden"));
    Assumptions.assumeTrue(
        Files.isDirectory(folder), () -> "skipped: the folder " + folder + " is not there");
    return folder;
  }

  private static Tokenizer ernie(Path vocabulary) throws IOException {
    return new ErnieTokenizer(Vocabulary.read(vocabulary), TokenizerOptions.ernie());
  }

  private static Tokenizer full() throws IOException {
    return ernie(golden().resolveSibling("vocab").resolve("ernie-3.0-zh-vocab.txt"));
  }

  private static List<JsonNode> lines(String name) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(
                    Files.newInputStream(golden().resolve("tokenizer").resolve(name))),
                StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.add(JSON.readTree(line));
      }
    }
    return lines;
  }

  @ParameterizedTest
  @ValueSource(strings = {"train", "adversarial"})
  void idsTokensAndOffsetsOfTheFullVocabulary(String name) throws IOException {
    check(full(), lines(name + ".jsonl.gz"));
  }

  @Test
  void idsTokensAndOffsetsOfAPrunedVocabulary() throws IOException {
    Path vocabulary = golden().resolve("tokenizer").resolve("pruned-6000-vocab.txt");
    check(ernie(vocabulary), lines("pruned.train.jsonl.gz"));
  }

  private static void check(Tokenizer tokenizer, List<JsonNode> lines) throws IOException {
    assertThat(lines).hasSizeGreaterThan(1000);
    for (JsonNode line : lines) {
      int tokens = 0;
      String text = line.get("text").asText();
      Encoding encoding = tokenizer.encode(text);
      assertThat(encoding.ids()).as(text).isEqualTo(JSON.treeToValue(line.get("ids"), int[].class));
      for (JsonNode token : line.path("tokens")) {
        assertThat(encoding.tokens().get(tokens++)).as(text).isEqualTo(token.asText());
      }
      for (int t = 0; t < line.path("offsets").size(); t++) {
        int start = text.codePointCount(0, encoding.start(t));
        int end = text.codePointCount(0, encoding.end(t));
        JsonNode expected = line.get("offsets").get(t);
        assertThat(List.of(start, end))
            .as("offsets of token %d of '%s'", t, text)
            .isEqualTo(List.of(expected.get(0).asInt(), expected.get(1).asInt()));
      }
    }
  }

  @Test
  void pairsInEveryTruncation() throws IOException {
    Tokenizer tokenizer = full();
    List<JsonNode> lines = lines("pairs.jsonl.gz");
    assertThat(lines).hasSizeGreaterThan(1000);
    for (JsonNode line : lines) {
      Truncation truncation =
          Truncation.valueOf(line.get("truncation").asText().toUpperCase(Locale.ROOT));
      int max =
          line.get("max_length").isNull() ? Integer.MAX_VALUE : line.get("max_length").asInt();
      String text = line.get("text").asText();
      Encoding encoding =
          line.get("pair").isNull()
              ? tokenizer.encode(text, truncation, max)
              : tokenizer.encode(text, line.get("pair").asText(), truncation, max);
      assertThat(encoding.ids())
          .as(line.toString())
          .isEqualTo(JSON.treeToValue(line.get("ids"), int[].class));
      assertThat(encoding.typeIds())
          .as(line.toString())
          .isEqualTo(JSON.treeToValue(line.get("token_type_ids"), int[].class));
    }
  }
}
