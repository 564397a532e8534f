package ernie4j.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Schemas as JSON, in short form and in Java. */
class ExtractionSchemaTest {
  @Test
  void shortFormJsonAndJavaGiveEqualSchemas() {
    ExtractionSchema names = ExtractionSchema.of("时间", "情感倾向[正向,负向]");
    assertThat(ExtractionSchema.parse("时间,情感倾向[正向,负向]")).isEqualTo(names);
    assertThat(ExtractionSchema.parse(" 时间， 情感倾向[正向,负向] ")).isEqualTo(names);
    assertThat(ExtractionSchema.parse("[\"时间\", \"情感倾向[正向,负向]\"]")).isEqualTo(names);
    assertThat(ExtractionSchema.parse("\"时间\"")).isEqualTo(ExtractionSchema.of("时间"));
    assertThat(ExtractionSchema.parse("情感倾向［正向，负向］")).isEqualTo(ExtractionSchema.of("情感倾向［正向，负向］"));
  }

  @Test
  void mapsMayBeNestedToAnyDepth() {
    ExtractionSchema deep =
        ExtractionSchema.of("法院")
            .and("原告", ExtractionSchema.of("委托代理人").and("住址", ExtractionSchema.of("城市")));
    assertThat(ExtractionSchema.parse("[\"法院\", {\"原告\": [\"委托代理人\", {\"住址\": \"城市\"}]}]"))
        .isEqualTo(deep);
    int depth = 300;
    String nested = "{\"a\":[".repeat(depth) + "\"b\"" + "]}".repeat(depth);
    ExtractionSchema.Node node = ExtractionSchema.parse(nested).nodes().get(0);
    for (int i = 1; i < depth; i++) {
      node = node.children().get(0);
    }
    assertThat(node.children().get(0).name()).isEqualTo("b");
  }

  @Test
  void equalNamesAreMerged() {
    ExtractionSchema merged =
        ExtractionSchema.parse("[\"A\", {\"A\": \"B\"}, \"C\", {\"A\": [\"B\", \"D\"]}]");
    assertThat(merged)
        .isEqualTo(
            new ExtractionSchema(
                List.of(
                    new ExtractionSchema.Node("A", ExtractionSchema.of("B", "D").nodes()),
                    new ExtractionSchema.Node("C", List.of()))));
    assertThat(ExtractionSchema.parse("{\"A\": [\"B\"], \"A\": [\"D\"]}").nodes())
        .isEqualTo(merged.nodes().subList(0, 1));
    assertThat(ExtractionSchema.parse("A,A")).isEqualTo(ExtractionSchema.of("A"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "[]", "{}", "A,,B", ",", "\"\"", "[\" \"]", "{\"\": \"A\"}"})
  void emptySchemasAndNamesAreRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ExtractionSchema.parse(text))
        .withMessageStartingWith("schema: expected");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[[\"A\"]]",
        "{\"A\": {\"B\": \"C\"}}",
        "{\"A\": 1}",
        "[1]",
        "[null]",
        "{\"A\": null}",
        "{\"A\": [\"B\"}",
        "[\"A\"",
        "[\"A\"] [\"B\"]",
        "{A: B}",
        "情感倾向[正向,负向",
        "情感倾向]正向"
      })
  void refusesMalformedSchemas(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ExtractionSchema.parse(text))
        .withMessageStartingWith("schema: ")
        .withMessageContaining("expected names such as '时间,选手', or JSON");
  }

  @Test
  void messageExplainsAMapBelowAName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ExtractionSchema.parse("{\"商家\": {\"地址\": \"城市\"}}"))
        .withMessageContaining("what is below '商家' must be a name or a list, got a map");
  }
}
