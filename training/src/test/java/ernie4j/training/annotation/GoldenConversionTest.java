package ernie4j.training.annotation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import ernie4j.training.data.AnnotatedText;
import ernie4j.training.data.AnnotationFile;
import ernie4j.training.data.ExtractionExample;
import ernie4j.training.data.GoldenLines;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Annotations of both tools against the golden prompts, pools of negatives and splits. */
class GoldenConversionTest {
  @TempDir Path folder;

  /** A case of the golden file, shown by its name and its format. */
  record Case(JsonNode json) {
    @Override
    public String toString() {
      return json.get("name").textValue() + " " + json.get("format").textValue();
    }

    JsonNode expected(String name) {
      return json.get("expected").get(name);
    }
  }

  private static Stream<Case> cases(String task) {
    try {
      JsonNode all = GoldenLines.value("uie/convert.json").get("cases");
      return StreamSupport.stream(all.spliterator(), false)
          .filter(c -> c.get("task_type").textValue().equals(task))
          .map(Case::new);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Stream<Case> extractions() {
    return cases("ext");
  }

  static Stream<Case> classifications() {
    return cases("cls");
  }

  private List<AnnotatedText> texts(Case golden) throws IOException {
    StringBuilder lines = new StringBuilder();
    golden.json.get("lines").forEach(line -> lines.append(line).append('\n'));
    AnnotationFile file =
        AnnotationFile.read(Files.writeString(folder.resolve("a.jsonl"), lines.toString()));
    assertThat(file.labelStudio())
        .isEqualTo(golden.json.get("format").textValue().equals("label_studio"));
    return file.texts();
  }

  private static ConversionOptions options(Case golden) {
    JsonNode json = golden.json;
    ConversionOptions options =
        ConversionOptions.defaults()
            .withClasses(
                json.get("prompt_prefix").textValue(), strings(json.get("options")), false);
    return json.has("separator")
        ? options
            .withSeparator(json.get("separator").textValue())
            .withEnglish(json.get("schema_lang").textValue().equals("en"))
            .withNegativeRatio(json.get("negative_ratio").intValue())
        : options;
  }

  private static List<String> strings(JsonNode array) {
    List<String> strings = new ArrayList<>();
    array.forEach(element -> strings.add(element.textValue()));
    return strings;
  }

  private List<ExtractionExample> examples(JsonNode list) throws IOException {
    return GoldenLines.examples(list, folder);
  }

  private static List<ExtractionExample> withAnswers(List<ExtractionExample> examples) {
    return examples.stream().filter(e -> !e.answers().isEmpty()).toList();
  }

  private static List<String> negatives(List<ExtractionExample> examples, JsonNode text) {
    String content = text.get("content").textValue();
    return examples.stream()
        .filter(e -> e.answers().isEmpty() && e.content().equals(content))
        .map(ExtractionExample::prompt)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("extractions")
  void promptsOfEntitiesAndRelations(Case golden) throws IOException {
    AnnotationConverter converter = new AnnotationConverter(options(golden));
    boolean train = golden.json.get("is_train").booleanValue();
    ConvertedPrompts converted =
        train ? converter.toLearnFrom(texts(golden)) : converter.toEvaluateOn(texts(golden));
    assertThat(withAnswers(converted.entities()))
        .isEqualTo(examples(golden.expected("entity_positive")));
    assertThat(withAnswers(converted.relations()))
        .isEqualTo(examples(golden.expected("relation_positive")));
    assertThat(converted.entityClasses())
        .isEqualTo(examples(golden.expected("entity_classification")));
    assertThat(converted.textClasses()).isEmpty();
    for (JsonNode text : golden.expected("entity_negative")) {
      List<String> prompts = negatives(converted.entities(), text);
      assertThat(prompts).hasSize(text.get("count").intValue() * copies(golden, text));
      assertThat(strings(text.get("admissible"))).containsAll(prompts);
      assertThat(prompts.stream().distinct().count()).isEqualTo(text.get("count").intValue());
    }
    for (JsonNode text : golden.expected("relation_negative")) {
      List<String> prompts = negatives(converted.relations(), text);
      if (train) {
        assertThat(prompts).hasSize(text.get("count").intValue());
      } else {
        assertThat(prompts).isEqualTo(strings(text.get("exact")));
      }
    }
  }

  /** How often a text occurs in a case. */
  private static int copies(Case golden, JsonNode text) {
    int copies = 0;
    for (JsonNode other : golden.expected("entity_negative")) {
      copies += other.get("content").equals(text.get("content")) ? 1 : 0;
    }
    return copies;
  }

  @ParameterizedTest
  @MethodSource("extractions")
  void poolsOfRelationsAndDrawnNegatives(Case golden) throws IOException {
    if (!golden.json.get("is_train").booleanValue()) {
      return; // nothing is drawn for evaluation examples
    }
    ConversionOptions options = options(golden);
    AskedTexts all = new AskedTexts(texts(golden), options);
    RelationNegatives negatives = new RelationNegatives(all, options);
    int index = 0;
    for (JsonNode text : golden.expected("relation_negative")) {
      AskedText asked = all.texts.get(index++);
      RelationNegatives.Pools pools = negatives.pools(asked);
      JsonNode expected = text.get("pools");
      assertThat(pools.inverse()).isEqualTo(slots(expected.get("inverse")));
      assertThat(pools.otherSubjects()).isEqualTo(slots(expected.get("other_subject")));
      assertThat(pools.otherLabels()).isEqualTo(slots(expected.get("other_label")));
      for (int seed = 0; seed < 20; seed++) {
        List<String> drawn = negatives.drawn(asked, new Random(seed));
        assertThat(drawn).hasSize(text.get("count").intValue());
        assertThat(drawn).noneMatch(asked.relations::containsKey);
        assertThat(isFrom(drawn, pools.asList())).isTrue();
        assertHolds(drawn, pools.inverse(), text.at("/pool_minimum/inverse").intValue());
        assertHolds(
            drawn, pools.otherSubjects(), text.at("/pool_minimum/other_subject").intValue());
        assertHolds(drawn, pools.otherLabels(), text.at("/pool_minimum/other_label").intValue());
      }
    }
    assertThat(index).isIn(0, all.texts.size());
  }

  private static List<List<String>> slots(JsonNode pool) {
    List<List<String>> slots = new ArrayList<>();
    pool.forEach(slot -> slots.add(strings(slot)));
    return slots;
  }

  /** Whether every prompt is one of its own slot. */
  private static boolean isFrom(List<String> drawn, List<List<List<String>>> pools) {
    List<List<String>> slots = new ArrayList<>(pools.stream().flatMap(List::stream).toList());
    // Those with the fewest alternatives first, so that each finds a slot if there is one for all.
    slots.sort((a, b) -> Integer.compare(a.size(), b.size()));
    for (String prompt : drawn) {
      int slot = 0;
      while (slot < slots.size() && !slots.get(slot).contains(prompt)) {
        slot++;
      }
      if (slot == slots.size()) {
        return false;
      }
      slots.remove(slot);
    }
    return true;
  }

  private static void assertHolds(List<String> drawn, List<List<String>> pool, int least) {
    List<String> left = new ArrayList<>(drawn);
    int found = 0;
    for (List<String> slot : pool) {
      found += slot.stream().anyMatch(left::remove) ? 1 : 0;
    }
    assertThat(found).isGreaterThanOrEqualTo(least);
  }

  @ParameterizedTest
  @MethodSource("classifications")
  void classesOfTexts(Case golden) throws IOException {
    List<ExtractionExample> expected = examples(golden.json.get("expected"));
    ConversionOptions options = options(golden);
    List<AnnotatedText> texts = texts(golden);
    assertThat(new AnnotationConverter(options).toLearnFrom(texts).all()).isEqualTo(expected);
    assertThat(new AnnotationConverter(options).toEvaluateOn(texts).all()).isEqualTo(expected);
  }

  @Test
  void splits() throws IOException {
    int cases = 0;
    for (JsonNode split : GoldenLines.value("uie/convert.json").get("splits")) {
      List<BigDecimal> shares = new ArrayList<>();
      split.get("splits").forEach(share -> shares.add(new BigDecimal(share.asText())));
      int count = split.get("n").intValue();
      for (AnnotationSplit parts :
          List.of(
              AnnotationSplit.of(count, shares), AnnotationSplit.shuffled(count, shares, 1000))) {
        assertThat(parts.train()).hasSize(split.get("train").intValue());
        assertThat(parts.dev()).hasSize(split.get("dev").intValue());
        assertThat(parts.test()).hasSize(split.get("test").intValue());
        List<Integer> all =
            Stream.of(parts.train(), parts.dev(), parts.test()).flatMap(List::stream).toList();
        assertThat(new HashSet<>(all)).hasSize(count);
      }
      cases++;
    }
    assertThat(cases).isGreaterThan(20);
  }
}
