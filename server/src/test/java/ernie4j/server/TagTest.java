package ernie4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import ernie4j.engine.file.Model;
import ernie4j.pipeline.LongText;
import ernie4j.pipeline.TinyModels;
import ernie4j.pipeline.TokenTagger;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code /v1/tag} gives the results of {@link TokenTagger}. */
class TagTest {
  private static final String PATH = "/v1/tag";
  private static final Model MODEL = TinyModels.tagger("B-x", "I-x", "B-y", "O");
  private static final TokenTagger TAGGER = TokenTagger.of(MODEL);

  @Test
  void textsAndLists() {
    try (Running service = Running.start(Servers.options(), Map.of("tag", MODEL))) {
      String text = TinyModels.CHARACTERS;
      assertThat(TAGGER.tag(text).entities()).isNotEmpty();
      JsonNode one = service.post(PATH, "{'input': '" + text + "'}").answer().path("data");
      assertThat(one).hasSize(1);
      assertItem(one.path(0), 0, TAGGER.tag(text));

      // A tagger has an answer for a text without tokens: no entities.
      JsonNode list = service.post(PATH, "{'input': ['日月，', '', '天地玄黄']}").answer().path("data");
      assertThat(list).hasSize(3);
      assertItem(list.path(0), 0, TAGGER.tag("日月，"));
      assertItem(list.path(1), 1, TAGGER.tag(""));
      assertItem(list.path(2), 2, TAGGER.tag("天地玄黄"));
      assertItem(
          service.post(PATH, "{'input': ''}").answer().path("data").path(0), 0, TAGGER.tag(""));
    }
  }

  @Test
  void longTextsFollowTheOption() {
    String text = TinyModels.CHARACTERS.repeat(6);
    for (LongText policy : new LongText[] {LongText.TRUNCATE, LongText.WINDOW}) {
      try (Running service =
          Running.start(Servers.options().longText(policy), Map.of("tag", MODEL))) {
        JsonNode item =
            service.post(PATH, "{'input': '" + text + "'}").answer().path("data").path(0);
        assertItem(item, 0, TAGGER.withLongText(policy).tag(text));
        assertThat(item.path("truncated").booleanValue()).isEqualTo(policy == LongText.TRUNCATE);
      }
    }
    try (Running service =
        Running.start(Servers.options().longText(LongText.ERROR), Map.of("tag", MODEL))) {
      assertThat(service.post(PATH, "{'input': '" + text + "'}").error(422, "input"))
          .contains("tokens");
      JsonNode data = service.post(PATH, "{'input': ['日', '" + text + "']}").answer().path("data");
      assertItem(data.path(0), 0, TAGGER.tag("日"));
      assertThat(data.path(1).path("error").textValue()).contains("tokens");
    }
  }

  private static void assertItem(JsonNode item, int index, TokenTagger.Result expected) {
    assertThat(item.path("index").intValue()).isEqualTo(index);
    assertThat(item.path("truncated").booleanValue()).isEqualTo(expected.truncated());
    ParseTest.assertSpans(item.path("entities"), expected.entities());
  }
}
