package ernie4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import ernie4j.engine.file.Model;
import ernie4j.pipeline.LongText;
import ernie4j.pipeline.SentenceEmbedder;
import ernie4j.pipeline.TinyModels;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code /v1/embeddings} in the format of OpenAI, with the vectors of the library. */
class EmbeddingsTest {
  private static final String PATH = "/v1/embeddings";
  private static final Model MODEL = TinyModels.encoder(1);
  private static final SentenceEmbedder EMBEDDER = SentenceEmbedder.of(MODEL);
  private static Running service;

  @BeforeAll
  static void start() {
    service = Running.start(Servers.options(), Map.of("tiny", MODEL));
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @Test
  void aText() {
    JsonNode answer = service.post(PATH, "{'input': '天地玄黄', 'model': 'tiny'}").answer();
    assertThat(answer.path("object").textValue()).isEqualTo("list");
    assertThat(answer.path("model").textValue()).isEqualTo("tiny");
    assertThat(answer.path("data")).hasSize(1);
    assertVector(answer.path("data").path(0), 0, "天地玄黄");
    // [CLS], four characters, [SEP].
    assertThat(answer.path("usage").path("prompt_tokens").intValue()).isEqualTo(6);
    assertThat(answer.path("usage").path("total_tokens").intValue()).isEqualTo(6);
    assertThat(answer).hasSize(4);
  }

  @Test
  void aList() {
    List<String> texts = List.of("天地玄黄", "日", "宇宙洪荒，日月");
    for (String format : List.of("", ", 'encoding_format': 'float'", ", 'encoding_format': null")) {
      JsonNode answer =
          service
              .post(PATH, "{'input': ['" + String.join("', '", texts) + "']" + format + "}")
              .answer();
      assertThat(answer.path("data")).hasSize(3);
      for (int i = 0; i < 3; i++) {
        assertVector(answer.path("data").path(i), i, texts.get(i));
      }
      assertThat(answer.path("usage").path("prompt_tokens").intValue()).isEqualTo(6 + 3 + 9);
    }
  }

  private static void assertVector(JsonNode item, int index, String text) {
    assertThat(item.path("object").textValue()).isEqualTo("embedding");
    assertThat(item.path("index").intValue()).isEqualTo(index);
    JsonNode vector = item.path("embedding");
    assertThat(vector.isArray()).isTrue();
    float[] values = new float[vector.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.parseFloat(vector.path(i).asText());
    }
    assertThat(values).isEqualTo(EMBEDDER.embed(text));
  }

  @Test
  void base64IsLittleEndianFloats() {
    JsonNode answer =
        service
            .post(PATH, "{'input': ['天地', '日月'], 'encoding_format': 'base64', 'user': 'u'}")
            .answer();
    for (int i = 0; i < 2; i++) {
      byte[] bytes =
          Base64.getDecoder().decode(answer.path("data").path(i).path("embedding").textValue());
      float[] values = new float[bytes.length / 4];
      ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
      assertThat(values).isEqualTo(EMBEDDER.embed(List.of("天地", "日月").get(i)));
    }
  }

  @Test
  void dimensionsMustBeThoseOfTheModel() {
    int dimension = EMBEDDER.dimension();
    JsonNode answer =
        service.post(PATH, "{'input': '天', 'dimensions': " + dimension + "}").answer();
    assertThat(answer.path("data").path(0).path("embedding")).hasSize(dimension);
    assertThat(service.post(PATH, "{'input': '天', 'dimensions': 8}").error(422, "dimensions"))
        .isEqualTo(
            "dimensions: this model has vectors of %d values and cannot shorten them"
                .formatted(dimension));
    assertThat(service.post(PATH, "{'input': '天', 'dimensions': 'all'}").error(422, "dimensions"))
        .startsWith("dimensions: expected a number from 1");
    assertThat(
            service
                .post(PATH, "{'input': '天', 'encoding_format': 'int8'}")
                .error(422, "encoding_format"))
        .isEqualTo("encoding_format: expected float or base64, got int8");
  }

  /** Clients read one vector for each text; there is no place for an error among them. */
  @Test
  void aTextWithoutTokensFailsTheRequest() {
    assertThat(service.post(PATH, "{'input': ' '}").error(422, "input")).contains("has no tokens");
    assertThat(service.post(PATH, "{'input': ['天', '', '地']}").error(422, "input[1]"))
        .contains("has no tokens");
    assertThat(service.post(PATH, "{'input': ['']}").error(422, "input[0]"))
        .contains("has no tokens");
  }

  @Test
  void longTexts() {
    String text = TinyModels.CHARACTERS.repeat(6);
    String request = "{'input': '" + text + "'}";
    assertThat(service.post(PATH, request).error(422, "input")).contains("tokens");
    for (LongText policy : new LongText[] {LongText.TRUNCATE, LongText.WINDOW}) {
      try (Running other =
          Running.start(Servers.options().longText(policy), Map.of("tiny", MODEL))) {
        JsonNode vector = other.post(PATH, request).answer().path("data").path(0).path("embedding");
        float[] expected = EMBEDDER.withLongText(policy).embed(text);
        for (int i = 0; i < expected.length; i++) {
          assertThat(Float.parseFloat(vector.path(i).asText())).isEqualTo(expected[i]);
        }
      }
    }
  }
}
