package ernie4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import ernie4j.engine.file.Model;
import ernie4j.pipeline.MultiLabelClassifier;
import ernie4j.pipeline.Score;
import ernie4j.pipeline.TextClassifier;
import ernie4j.pipeline.TinyModels;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code /v1/classify}: one class for each text, or any number, and pairs. */
class ClassifyTest {
  private static final String PATH = "/v1/classify";
  private static Running service;
  private static TextClassifier one;
  private static MultiLabelClassifier many;

  @BeforeAll
  static void start() {
    Model single = TinyModels.classifier("好", "坏", "中");
    Model multiple = TinyModels.multiLabel("天", "地", "人");
    service = Running.start(b -> b.model("classify", single).model("multi-label", multiple));
    one = TextClassifier.of(single);
    many = MultiLabelClassifier.of(multiple);
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  private static JsonNode data(String json) {
    return service.post(PATH, json).answer().path("data");
  }

  @Test
  void aText() {
    JsonNode data = data("{'input': '天地玄黄'}");
    assertThat(data).hasSize(1);
    assertItem(data.path(0), 0, one.classify("天地玄黄"));
  }

  @Test
  void aList() {
    JsonNode data = data("{'input': ['日月', '宇宙洪荒', '']}");
    assertThat(data).hasSize(3);
    assertItem(data.path(0), 0, one.classify("日月"));
    assertItem(data.path(1), 1, one.classify("宇宙洪荒"));
    assertThat(data.path(2).path("error").textValue()).contains("has no tokens");
  }

  @Test
  void pairs() {
    JsonNode data = data("{'input': [['日月', '宇宙洪荒'], ['宇宙洪荒', '日月'], ['日', '']]}");
    assertThat(data).hasSize(3);
    assertItem(data.path(0), 0, one.classify("日月", "宇宙洪荒"));
    assertItem(data.path(1), 1, one.classify("宇宙洪荒", "日月"));
    assertThat(data.path(2).path("error").textValue()).contains("has no tokens");
    assertThat(one.classify("日月", "宇宙洪荒").probability())
        .as("the order matters")
        .isNotEqualTo(one.classify("宇宙洪荒", "日月").probability());
  }

  @Test
  void severalLabels() {
    JsonNode data = data("{'model': 'multi-label', 'input': ['天地玄黄', '日月', '']}");
    assertThat(data).hasSize(3);
    assertItem(data.path(0), 0, many.classify("天地玄黄"));
    assertItem(data.path(1), 1, many.classify("日月"));
    assertThat(data.path(2).path("error").textValue()).contains("has no tokens");
    assertItem(data("{'model': 'multi-label', 'input': '宇宙'}").path(0), 0, many.classify("宇宙"));
    JsonNode pairs = data("{'model': 'multi-label', 'input': [['天', '地'], ['日月', '宇']]}");
    assertItem(pairs.path(0), 0, many.classify("天", "地"));
    assertItem(pairs.path(1), 1, many.classify("日月", "宇"));
  }

  /** A list cannot contain both, because texts and pairs cannot be computed together. */
  @Test
  void listsAreTextsOrPairs() {
    assertThat(service.post(PATH, "{'input': [['天', '地'], '日']}").error(422, "input[1]"))
        .isEqualTo("input[1]: expected a list of two texts, like the first element, got \"日\"");
    assertThat(service.post(PATH, "{'input': ['日', ['天', '地']]}").error(422, "input[1]"))
        .isEqualTo("input[1]: expected a text, got a list");
    for (String pair : List.of("['天']", "['天', '地', '人']", "['天', 1]", "[]")) {
      assertThat(service.post(PATH, "{'input': [" + pair + "]}").error(422, "input[0]"))
          .startsWith("input[0]: expected a list of two texts");
    }
  }

  private static void assertItem(JsonNode item, int index, TextClassifier.Result expected) {
    assertThat(item.path("index").intValue()).isEqualTo(index);
    assertThat(item.path("label").textValue()).isEqualTo(expected.label());
    assertThat(item.path("probability").doubleValue()).isEqualTo(expected.probability());
    assertThat(item.path("truncated").booleanValue()).isFalse();
    assertProbabilities(item, expected.scores());
  }

  private static void assertItem(JsonNode item, int index, MultiLabelClassifier.Result expected) {
    assertThat(item.path("index").intValue()).isEqualTo(index);
    assertThat(item.path("labels")).extracting(JsonNode::textValue).isEqualTo(expected.labels());
    assertThat(item.path("truncated").booleanValue()).isFalse();
    assertProbabilities(item, expected.scores());
  }

  private static void assertProbabilities(JsonNode item, List<Score> expected) {
    JsonNode all = item.path("probabilities");
    assertThat(all).hasSize(expected.size());
    for (Score score : expected) {
      assertThat(all.path(score.label()).doubleValue()).isEqualTo(score.probability());
    }
  }
}
