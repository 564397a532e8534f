package ernie4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import ernie4j.engine.file.Model;
import ernie4j.pipeline.LongText;
import ernie4j.pipeline.QuestionAnswerer;
import ernie4j.pipeline.TinyModels;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code /v1/answer} gives the results of {@link QuestionAnswerer}. */
class AnswerTest {
  private static final String PATH = "/v1/answer";
  private static final String CONTEXT = "日月盈昃，辰宿列张。";
  private static final Model MODEL = TinyModels.answerer();
  private static final QuestionAnswerer ANSWERER = QuestionAnswerer.of(MODEL);
  private static Running service;

  @BeforeAll
  static void start() {
    service = Running.start(Servers.options(), Map.of("answer", MODEL));
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  private static Running.Reply ask(String fields) {
    return service.post(PATH, "{'context': '" + CONTEXT + "', " + fields + "}");
  }

  @Test
  void aQuestion() {
    JsonNode data = ask("'input': '天地'").answer().path("data");
    assertThat(data).hasSize(1);
    QuestionAnswerer.Result expected = ANSWERER.answer("天地", CONTEXT);
    assertThat(expected.answers()).hasSizeLessThanOrEqualTo(1);
    assertItem(data.path(0), 0, expected);
  }

  @Test
  void severalQuestionsAboutOneContext() {
    JsonNode data = ask("'input': ['玄', '宇宙洪荒', '黄'], 'best': 2").answer().path("data");
    assertThat(data).hasSize(3);
    List<String> questions = List.of("玄", "宇宙洪荒", "黄");
    for (int i = 0; i < 3; i++) {
      assertItem(data.path(i), i, ANSWERER.withBest(2).answer(questions.get(i), CONTEXT));
    }
  }

  @Test
  void bestSetsTheNumberOfAnswers() {
    for (int best : new int[] {1, 3, 20}) {
      JsonNode item = ask("'input': '天地', 'best': " + best).answer().path("data").path(0);
      QuestionAnswerer.Result expected = ANSWERER.withBest(best).answer("天地", CONTEXT);
      assertItem(item, 0, expected);
    }
    assertThat(ANSWERER.withBest(20).answer("天地", CONTEXT).answers().size())
        .as("number of answers")
        .isGreaterThan(3);
    for (String wrong : List.of("0", "21", "-1", "'3'", "1.5", "[]", "3.0", "99999999999")) {
      assertThat(ask("'input': '天地', 'best': " + wrong).error(422, "best"))
          .startsWith("best: expected a number from 1 to 20, got ");
    }
  }

  @Test
  void longContextsFollowTheOption() {
    String context = TinyModels.CHARACTERS.repeat(6);
    String request = "{'input': '天地', 'context': '" + context + "', 'best': 5}";
    assertThat(service.post(PATH, request).error(422, "input")).contains("tokens");
    try (Running windows =
        Running.start(Servers.options().longText(LongText.WINDOW), Map.of("answer", MODEL))) {
      JsonNode item = windows.post(PATH, request).answer().path("data").path(0);
      assertItem(item, 0, ANSWERER.withLongText(LongText.WINDOW).withBest(5).answer("天地", context));
    }
  }

  @Test
  void contextsWithoutTokensAreErrors() {
    assertThat(service.post(PATH, "{'input': '天地', 'context': ' '}").error(422, "input"))
        .contains("has no tokens");
    JsonNode data = service.post(PATH, "{'input': ['天地'], 'context': ''}").answer().path("data");
    assertThat(data.path(0).path("error").textValue()).contains("has no tokens");
  }

  @Test
  void contextMustBeAText() {
    assertThat(service.post(PATH, "{'input': '天'}").error(422, "context"))
        .isEqualTo("context: expected a text, got nothing");
    assertThat(service.post(PATH, "{'input': '天', 'context': ['日']}").error(422, "context"))
        .isEqualTo("context: expected a text, got a list");
    assertThat(ask("'inputs': '天'").error(422, "inputs"))
        .isEqualTo("inputs: unknown field; known are [best, context, input, model]");
  }

  private static void assertItem(JsonNode item, int index, QuestionAnswerer.Result expected) {
    assertThat(item.path("index").intValue()).isEqualTo(index);
    assertThat(item.path("no_answer_probability").doubleValue())
        .isEqualTo(expected.noAnswerProbability());
    assertThat(item.path("truncated").booleanValue()).isEqualTo(expected.truncated());
    JsonNode answers = item.path("answers");
    assertThat(
            IntStream.range(0, answers.size())
                .mapToObj(answers::path)
                .map(
                    a ->
                        new QuestionAnswerer.Answer(
                            a.path("text").textValue(),
                            a.path("start").intValue(),
                            a.path("end").intValue(),
                            a.path("score").doubleValue(),
                            a.path("probability").doubleValue()))
                .toList())
        .isEqualTo(expected.answers());
  }
}
