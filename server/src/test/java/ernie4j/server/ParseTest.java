package ernie4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import ernie4j.pipeline.JointSlu;
import ernie4j.pipeline.Span;
import ernie4j.pipeline.TinyModels;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code /v1/parse} gives the results of {@link JointSlu}. */
class ParseTest {
  private static final String PATH = "/v1/parse";
  private static Running service;
  private static JointSlu slu;

  @BeforeAll
  static void start() throws IOException {
    service = Running.start(ErnieServer.Builder::bundledModel);
    slu = JointSlu.bundled();
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @Test
  void aText() {
    JsonNode answer = service.post(PATH, "{'input': '来一首周华健的花心'}").answer();
    assertThat(answer.path("model").textValue()).isEqualTo("bundled");
    assertThat(answer.path("data")).hasSize(1);
    JsonNode item = answer.path("data").path(0);
    assertThat(item.path("intent").textValue()).isEqualTo("music.play");
    assertThat(item.path("slots")).hasSize(2);
    assertItem(item, 0, "来一首周华健的花心");
  }

  @Test
  void aListInItsOrder() {
    List<String> texts = List.of("导航到天安门广场", "打电话给张三", "来一首周华健的花心", "打电话给张三");
    JsonNode answer =
        service.post(PATH, Running.MAPPER.valueToTree(java.util.Map.of("input", texts))).answer();
    assertThat(answer.path("data")).hasSize(texts.size());
    for (int i = 0; i < texts.size(); i++) {
      assertItem(answer.path("data").path(i), i, texts.get(i));
    }
  }

  private static void assertItem(JsonNode item, int index, String text) {
    JointSlu.Result expected = slu.parse(text);
    assertThat(item.path("index").intValue()).isEqualTo(index);
    assertThat(item.path("intent").textValue()).isEqualTo(expected.intent());
    assertThat(item.path("probability").doubleValue()).isEqualTo(expected.probability());
    assertThat(item.path("truncated").booleanValue()).isFalse();
    assertSpans(item.path("slots"), expected.slots());
  }

  /** Compares spans, with exactly equal probabilities. */
  static void assertSpans(JsonNode actual, List<Span> expected) {
    assertThat(actual.isArray()).isTrue();
    assertThat(actual).hasSize(expected.size());
    for (int i = 0; i < expected.size(); i++) {
      JsonNode span = actual.path(i);
      assertThat(
              new Span(
                  span.path("type").textValue(),
                  span.path("text").textValue(),
                  span.path("start").intValue(),
                  span.path("end").intValue(),
                  span.path("probability").doubleValue()))
          .isEqualTo(expected.get(i));
    }
  }

  @Test
  void textWithoutTokensFailsAloneAndGetsAnErrorInAList() {
    assertThat(service.post(PATH, "{'input': ' '}").error(422, "input")).contains("has no tokens");
    assertThat(service.post(PATH, "{'input': ''}").error(422, "input")).contains("has no tokens");
    JsonNode data = service.post(PATH, "{'input': ['打电话给张三', ' ', '']}").answer().path("data");
    assertItem(data.path(0), 0, "打电话给张三");
    for (int i = 1; i < 3; i++) {
      assertThat(data.path(i).path("index").intValue()).isEqualTo(i);
      assertThat(data.path(i).path("error").textValue()).contains("has no tokens");
      assertThat(data.path(i)).hasSize(2);
    }
    // A list of one text is still a list.
    JsonNode alone = service.post(PATH, "{'input': ['']}").answer().path("data");
    assertThat(alone.path(0).path("error").textValue()).contains("has no tokens");
  }

  @Test
  void positionsCountUtf16Chars() {
    String text = "😀来一首周华健的花心😀";
    JsonNode item = service.post(PATH, "{'input': '" + text + "'}").answer().path("data").path(0);
    assertThat(item.path("slots")).isNotEmpty();
    for (JsonNode slot : item.path("slots")) {
      assertThat(text.substring(slot.path("start").intValue(), slot.path("end").intValue()))
          .isEqualTo(slot.path("text").textValue());
    }
    assertItem(item, 0, text);
  }

  @Test
  void longTextsAreTruncatedAndMarked() {
    try (Running tiny = Running.start(b -> b.model("tiny", TinyModels.joint()))) {
      String text = TinyModels.CHARACTERS.repeat(5);
      JsonNode item = tiny.post(PATH, "{'input': '" + text + "'}").answer().path("data").path(0);
      JointSlu.Result expected = JointSlu.of(TinyModels.joint()).parse(text);
      assertThat(item.path("truncated").booleanValue()).isTrue();
      assertThat(item.path("probability").doubleValue()).isEqualTo(expected.probability());
      assertSpans(item.path("slots"), expected.slots());
    }
  }
}
