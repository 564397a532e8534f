package ernie4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import ernie4j.engine.file.Model;
import ernie4j.pipeline.TextScorer;
import ernie4j.pipeline.TinyModels;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code /v1/score} and {@code /v1/rerank} give the results of {@link TextScorer}. */
class ScoreTest {
  private static final String SCORE = "/v1/score";
  private static final String RERANK = "/v1/rerank";
  private static final List<String> DOCUMENTS = List.of("日月", "宇宙洪荒", "辰宿列张", "玄黄");
  private static final Model MODEL = TinyModels.scorer();
  private static final TextScorer SCORER = TextScorer.of(MODEL);
  private static Running service;

  @BeforeAll
  static void start() {
    service = Running.start(Servers.options(), Map.of("score", MODEL));
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  private static String documents() {
    return "['" + String.join("', '", DOCUMENTS) + "']";
  }

  @Test
  void textsAndPairs() {
    JsonNode one = service.post(SCORE, "{'input': '天地'}").answer().path("data");
    assertThat(one).hasSize(1);
    assertItem(one.path(0), 0, SCORER.score("天地"));

    JsonNode list = service.post(SCORE, "{'input': ['天地', '日', ' ']}").answer().path("data");
    assertThat(list).hasSize(3);
    assertItem(list.path(0), 0, SCORER.score("天地"));
    assertItem(list.path(1), 1, SCORER.score("日"));
    assertThat(list.path(2).path("error").textValue()).contains("has no tokens");

    JsonNode pairs =
        service.post(SCORE, "{'input': [['天地', '日'], ['日', '天地']]}").answer().path("data");
    assertThat(pairs).hasSize(2);
    assertItem(pairs.path(0), 0, SCORER.score("天地", "日"));
    assertItem(pairs.path(1), 1, SCORER.score("日", "天地"));
  }

  @Test
  void aQueryWithDocumentsInTheirOrder() {
    JsonNode data =
        service
            .post(SCORE, "{'query': '天地', 'documents': " + documents() + "}")
            .answer()
            .path("data");
    assertThat(data).hasSize(DOCUMENTS.size());
    for (int i = 0; i < DOCUMENTS.size(); i++) {
      assertItem(data.path(i), i, SCORER.score("天地", DOCUMENTS.get(i)));
    }
    JsonNode other =
        service.post(SCORE, "{'query': '天地', 'documents': ['日', '']}").answer().path("data");
    assertItem(other.path(0), 0, SCORER.score("天地", "日"));
    assertThat(other.path(1).path("error").textValue()).contains("has no tokens");
  }

  @Test
  void rerankPutsTheBestFirst() {
    List<TextScorer.Ranked> ranked = SCORER.rank("天地", DOCUMENTS);
    assertThat(ranked).extracting(TextScorer.Ranked::index).isNotEqualTo(List.of(0, 1, 2, 3));
    for (int top : new int[] {0, 1, 3, 4, 99}) {
      String topN = top == 0 ? "" : ", 'top_n': " + top;
      JsonNode answer =
          service.post(RERANK, "{'query': '天地', 'documents': " + documents() + topN + "}").answer();
      assertThat(answer.path("model").textValue()).isEqualTo("score");
      JsonNode results = answer.path("results");
      assertThat(results).hasSize(top == 0 ? 4 : Math.min(top, 4));
      for (int i = 0; i < results.size(); i++) {
        assertThat(results.path(i).path("index").intValue()).isEqualTo(ranked.get(i).index());
        assertThat(results.path(i).path("relevance_score").doubleValue())
            .isEqualTo(ranked.get(i).score());
      }
    }
  }

  @Test
  void equalScoresKeepTheirOrder() {
    JsonNode results =
        service
            .post(RERANK, "{'query': '天', 'documents': ['日', '日', '日']}")
            .answer()
            .path("results");
    assertThat(results).extracting(r -> r.path("index").intValue()).containsExactly(0, 1, 2);
  }

  @Test
  void rerankFailsIfADocumentHasNoTokens() {
    assertThat(
            service
                .post(RERANK, "{'query': '天', 'documents': ['日', ' ']}")
                .error(422, "documents[1]"))
        .contains("has no tokens");
    assertThat(service.post(RERANK, "{'query': '天', 'documents': ['']}").error(422, "documents[0]"))
        .contains("has no tokens");
  }

  @Test
  void wrongFieldsAreNamed() {
    String good = "'query': '天', 'documents': ['日']";
    for (String path : List.of(SCORE, RERANK)) {
      assertThat(service.post(path, "{'query': '天'}").error(422, "documents"))
          .isEqualTo("documents: expected a text or a list of texts, got nothing");
      assertThat(service.post(path, "{'query': 1, 'documents': ['日']}").error(422, "query"))
          .isEqualTo("query: expected a text, got 1");
      assertThat(service.post(path, "{'query': '天', 'documents': [1]}").error(422, "documents[0]"))
          .isEqualTo("documents[0]: expected a text, got 1");
      assertThat(service.post(path, "{'documents': ['日']}").error(422, "query"))
          .isEqualTo("query: expected a text, got nothing");
    }
    assertThat(service.post(SCORE, "{'input': '日', " + good + "}").error(422, "input"))
        .contains("besides query and documents");
    assertThat(service.post(SCORE, "{'input': '日', 'documents': ['日']}").error(422, "query"))
        .as("documents are never ignored")
        .contains("expected a text, got nothing");
    assertThat(service.post(RERANK, "{'input': '日', " + good + "}").error(422, "input"))
        .isEqualTo("input: unknown field; known are [documents, model, query, top_n]");
    for (String wrong : List.of("0", "-1", "'1'", "1.5")) {
      assertThat(service.post(RERANK, "{" + good + ", 'top_n': " + wrong + "}").error(422, "top_n"))
          .startsWith("top_n: expected a number from 1");
    }
  }

  private static void assertItem(JsonNode item, int index, TextScorer.Result expected) {
    assertThat(item.path("index").intValue()).isEqualTo(index);
    assertThat(item.path("score").doubleValue()).isEqualTo(expected.value());
    assertThat(item.path("truncated").booleanValue()).isEqualTo(expected.truncated());
  }
}
