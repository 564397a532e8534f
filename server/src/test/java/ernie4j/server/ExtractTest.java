package ernie4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import ernie4j.engine.file.Model;
import ernie4j.pipeline.Extraction;
import ernie4j.pipeline.ExtractionSchema;
import ernie4j.pipeline.InformationExtractor;
import ernie4j.pipeline.TinyModels;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code /v1/extract} gives the results of {@link InformationExtractor}. */
class ExtractTest {
  private static final String PATH = "/v1/extract";
  private static final String TEXT = "天地玄黄宇宙洪荒日月盈昃";
  private static final Model MODEL = TinyModels.extractor();
  private static final InformationExtractor EXTRACTOR = InformationExtractor.of(MODEL);
  private static final InformationExtractor SENSITIVE = EXTRACTOR.withThreshold(0.3);
  private static Running service;

  @BeforeAll
  static void start() {
    service = Running.start(Servers.options(), Map.of("extract", MODEL));
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  private static Running.Reply ask(String schema) {
    return service.post(
        PATH, "{'input': '" + TEXT + "', 'threshold': 0.3, 'schema': " + schema + "}");
  }

  @Test
  void aSchemaInTheShortForm() {
    JsonNode data = ask("'天地, 黄[宇,宙],日月盈'").answer().path("data");
    assertThat(data).hasSize(1);
    assertThat(data.path(0).path("index").intValue()).isZero();
    ExtractionSchema schema = ExtractionSchema.of("天地", "黄[宇,宙]", "日月盈");
    assertExtracted(data.path(0), schema);
    assertThat(SENSITIVE.extract(TEXT, schema).extractions()).isNotEmpty();
  }

  @Test
  void aSchemaAsJson() {
    assertExtracted(
        ask("['天地', '日月盈']").answer().path("data").path(0), ExtractionSchema.of("天地", "日月盈"));
    ExtractionSchema nested =
        ExtractionSchema.parse("[{\"天地\": [\"玄\", {\"黄[宇,宙]\": \"日\"}]}, \"玄\"]");
    JsonNode item = ask("[{'天地': ['玄', {'黄[宇,宙]': '日'}]}, '玄']").answer().path("data").path(0);
    assertExtracted(item, nested);
    assertThat(item.findValues("relations")).as("nested extractions").isNotEmpty();
  }

  @Test
  void aList() {
    JsonNode data =
        service
            .post(PATH, "{'input': ['" + TEXT + "', '日月', ''], 'schema': '天地'}")
            .answer()
            .path("data");
    assertThat(data).hasSize(3);
    ExtractionSchema schema = ExtractionSchema.of("天地");
    List<String> texts = List.of(TEXT, "日月", "");
    for (int i = 0; i < 3; i++) {
      assertThat(data.path(i).path("index").intValue()).isEqualTo(i);
      assertSame(
          data.path(i).path("extractions"), EXTRACTOR.extract(texts.get(i), schema).extractions());
    }
  }

  @Test
  void aThreshold() {
    ExtractionSchema schema = ExtractionSchema.of("天地");
    int before = Integer.MAX_VALUE;
    for (String threshold : List.of("0", "0.1", "0.3", "0.9", "1")) {
      JsonNode item =
          service
              .post(
                  PATH, "{'input': '" + TEXT + "', 'schema': '天地', 'threshold': " + threshold + "}")
              .answer()
              .path("data")
              .path(0);
      Map<String, List<Extraction>> expected =
          EXTRACTOR
              .withThreshold(Double.parseDouble(threshold))
              .extract(TEXT, schema)
              .extractions();
      assertSame(item.path("extractions"), expected);
      int found = item.path("extractions").path("天").size();
      assertThat(found).isLessThanOrEqualTo(before);
      before = found;
    }
    for (String wrong : List.of("-0.1", "1.1", "'0.5'", "[]", "1e999", "true")) {
      assertThat(
              service
                  .post(PATH, "{'input': '日', 'schema': '天地', 'threshold': " + wrong + "}")
                  .error(422, "threshold"))
          .startsWith("threshold: expected a number from 0.0 to 1.0, got ");
    }
  }

  @Test
  void errorsNameTheWrongSchema() {
    assertThat(service.post(PATH, "{'input': '日'}").error(422, "schema"))
        .startsWith("schema: expected what to extract")
        .endsWith("got nothing");
    for (String wrong : List.of("1", "true", "''", "[]", "{}", "[1]", "[['天']]", "'天['")) {
      assertThat(ask(wrong).error(422, "schema"))
          .startsWith("schema: ")
          .doesNotContain("schema: schema");
    }
  }

  private static void assertExtracted(JsonNode item, ExtractionSchema schema) {
    assertSame(item.path("extractions"), SENSITIVE.extract(TEXT, schema).extractions());
  }

  private static void assertSame(JsonNode actual, Map<String, List<Extraction>> expected) {
    assertThat(actual).hasSize(expected.size());
    expected.forEach(
        (name, extractions) -> {
          JsonNode list = actual.path(name);
          assertThat(list.isArray()).isTrue();
          assertThat(list).hasSize(extractions.size());
          for (int i = 0; i < extractions.size(); i++) {
            Extraction extraction = extractions.get(i);
            assertThat(list.path(i).path("text").textValue()).isEqualTo(extraction.text());
            assertThat(list.path(i).path("probability").doubleValue())
                .isEqualTo(extraction.probability());
            assertThat(list.path(i).has("start")).isNotEqualTo(extraction.isOption());
            if (!extraction.isOption()) {
              assertThat(list.path(i).path("start").intValue()).isEqualTo(extraction.start());
              assertThat(list.path(i).path("end").intValue()).isEqualTo(extraction.end());
            }
            assertSame(list.path(i).path("relations"), extraction.relations());
          }
        });
  }
}
