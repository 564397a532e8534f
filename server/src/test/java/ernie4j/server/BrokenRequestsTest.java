package ernie4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Errors are JSON and say what is wrong with a request, and the service keeps running. */
class BrokenRequestsTest {
  private static final String PATH = "/v1/embeddings";
  private static Running service;

  @BeforeAll
  static void start() {
    service = Running.start(Servers.options(), Running.allTasks());
  }

  @AfterAll
  static void stop() {
    assertThat(service.post(PATH, "{'input': '天'}").status())
        .as("the service still answers")
        .isEqualTo(200);
    service.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'input': ",
        "{'input': '天'",
        "{'input': '天'} {}",
        "{'input': '天'} x",
        "{'input': '天',}",
        "{input: '天'}",
        "{'input': '天', 'input': '地'}",
        "{'input': '天', 'model': {'a': 1, 'a': 2}}",
        "{'input': NaN}",
        "{'input': 01}",
        "{'input': '\u0001'}",
        "{'input': '\\x'}",
        "天",
        "<xml/>",
      })
  void brokenJson(String body) {
    assertThat(service.post(PATH, body).error(400))
        .startsWith("the body is not JSON: ")
        .containsPattern("\\(line 1, column \\d+\\)$")
        .doesNotContain("start marker", "Source:", "com.fasterxml");
  }

  @Test
  void theErrorHasThePositionInTheJson() {
    assertThat(service.post(PATH, "{'input':\n  '天' '地'}").error(400)).contains("(line 2, column ");
    assertThat(service.post(PATH, "{'input': '天', 'input': '地'}").error(400))
        .contains("Duplicate field 'input'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`` | nothing",
        "` ` | nothing",
        "[] | an empty list",
        "['天'] | a list",
        "'天' | \"天\"",
        "1 | 1",
        "true | true",
        "null | null"
      })
  void bodiesThatAreNotObjects(String body, String got) {
    assertThat(service.post(PATH, body).error(400))
        .isEqualTo("the body: expected a JSON object such as {\"input\": \"来一首歌\"}, got " + got);
  }

  @Test
  void noBody() {
    HttpRequest request = service.request(PATH).POST(HttpRequest.BodyPublishers.noBody()).build();
    assertThat(service.send(request).error(400)).endsWith("got nothing");
  }

  /** Bytes that are not UTF-8, in every place that can contain text. */
  @ParameterizedTest
  @ValueSource(
      strings = {"ff", "c3", "80", "c080", "eda080", "edb080", "f5808080", "e4bd", "e4bd22"})
  void invalidUtf8(String hex) throws IOException {
    byte[] wrong = new java.math.BigInteger("01" + hex, 16).toByteArray();
    for (String body :
        List.of("{\"input\": \"天#\"}", "{\"#\": \"天\"}", "#", "{\"input\": \"天\"} #")) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      int at = body.indexOf('#');
      bytes.write(body.substring(0, at).getBytes(StandardCharsets.UTF_8));
      bytes.write(wrong, 1, wrong.length - 1);
      bytes.write(body.substring(at + 1).getBytes(StandardCharsets.UTF_8));
      assertThat(service.post(PATH, bytes.toByteArray()).error(400))
          .startsWith("the body: expected JSON in UTF-8, got invalid UTF-8 at byte ");
    }
  }

  @Test
  void otherEncodings() {
    for (String name : List.of("UTF-16", "UTF-16LE", "UTF-32BE", "GBK", "ISO-8859-1")) {
      byte[] body = "{\"input\": \"天é\"}".getBytes(Charset.forName(name));
      assertThat(service.post(PATH, body).error(400)).as(name).startsWith("the body");
    }
  }

  /** They are not characters and cannot be sent back in a response. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'input': '\\ud83d天'}",
        "{'input': ['天', '天\\ude00']}",
        "{'\\ud83d': 1}",
        "{'input': '天', 'model': '\\ud83d'}",
        "{'input': '天', 'model': [{'\\ud83d': []}]}",
      })
  void halfSurrogatePairs(String body) {
    assertThat(service.post(PATH, body).error(400))
        .isEqualTo("the body: expected Unicode text, got half of a surrogate pair");
  }

  @Test
  void wholeSurrogatePairs() {
    assertThat(service.post("/v1/tag", "{'input': '\\ud83d\\ude00天'}").status()).isEqualTo(200);
  }

  @Test
  void deepJson() {
    String deep = "[".repeat(100_000) + "]".repeat(100_000);
    assertThat(service.post(PATH, "{'input': " + deep + "}").error(400))
        .startsWith("the body is not JSON: ")
        .contains("nesting depth");
  }

  @Test
  void unknownFields() {
    for (Map.Entry<String, String> path :
        Map.of(
                "/v1/embeddings", "[dimensions, encoding_format, input, model, user]",
                "/v1/parse", "[input, model]",
                "/v1/classify", "[input, model]",
                "/v1/tag", "[input, model]",
                "/v1/extract", "[input, model, schema, threshold]")
            .entrySet()) {
      assertThat(service.post(path.getKey(), "{'input': '天', 'txt': 1}").error(422, "txt"))
          .isEqualTo("txt: unknown field; known are " + path.getValue());
    }
    String longName = "x".repeat(1000);
    assertThat(service.post(PATH, "{'" + longName + "': 1}").error(422, longName))
        .startsWith("x".repeat(40) + "...: unknown field");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}|input|input: expected a text or a list of texts, got nothing",
        "{'input': null}|input|input: expected a text or a list of texts, got null",
        "{'input': 1}|input|input: expected a text or a list of texts, got 1",
        "{'input': {}}|input|input: expected a text or a list of texts, got an object",
        "{'input': []}|input|input: expected a text or a list of texts, got an empty list",
        "{'input': ['天', 1]}|input[1]|input[1]: expected a text, got 1",
        "{'input': ['天', null]}|input[1]|input[1]: expected a text, got null",
        "{'input': ['天', ['地']]}|input[1]|input[1]: expected a text, got a list",
        "{'input': [[1, 2]]}|input[0]|input[0]: expected a text, got a list",
        "{'input': '天', 'model': []}|model|model: expected a text, got an empty list",
        "{'input': '天', 'dimensions': '24'}|dimensions|dimensions: expected a number from 1 to 2,147,483,647, got \"24\"",
      })
  void wrongTypes(String body, String field, String message) {
    assertThat(service.post(PATH, body).error(422, field)).isEqualTo(message);
  }

  @Test
  void wrongPathsAndMethods() {
    for (String path : List.of("/v1", "/v1/nothing", "/v1/parse/x", "/favicon.ico", "/V1/parse")) {
      assertThat(service.get(path).error(404)).isEqualTo("there is nothing at " + path);
      assertThat(service.post(path, "{}").error(404)).isEqualTo("there is nothing at " + path);
    }
    assertThat(service.get("/v1/parse").error(405)).isEqualTo("/v1/parse does not accept GET");
    assertThat(service.post("/v1/models", "{}").error(405))
        .isEqualTo("/v1/models does not accept POST");
    for (String method : List.of("PUT", "DELETE", "PATCH", "TRACE", "FOO")) {
      HttpRequest request =
          service
              .request("/v1/parse")
              .method(method, HttpRequest.BodyPublishers.ofString("{}"))
              .build();
      assertThat(service.send(request).status()).as(method).isIn(405, 501);
    }
    HttpRequest put =
        service.request("/v1/parse").PUT(HttpRequest.BodyPublishers.ofString("{}")).build();
    Running.Reply reply = service.send(put);
    assertThat(reply.error(405)).isEqualTo("/v1/parse does not accept PUT");
  }
}
