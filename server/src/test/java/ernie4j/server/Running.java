package ernie4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import ernie4j.engine.file.Model;
import ernie4j.pipeline.TinyModels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.UnaryOperator;

/** A service on a free port, and a client for it. */
final class Running implements AutoCloseable {
  static final ObjectMapper MAPPER = new ObjectMapper();

  private final ErnieServer server;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private Running(ErnieServer server) {
    this.server = server;
  }

  /** A response. */
  record Reply(int status, HttpHeaders headers, String text) {
    JsonNode json() {
      try {
        return MAPPER.readTree(text);
      } catch (JsonProcessingException e) {
        throw new AssertionError("expected JSON, got " + text, e);
      }
    }

    /** The response, which must be an answer. */
    JsonNode answer() {
      assertThat(status).as(text).isEqualTo(200);
      assertThat(headers.firstValue("Content-Type")).hasValue("application/json");
      return json();
    }

    /** The message of the response, which must be an error as OpenAI's clients read it. */
    String error(int expected, String field) {
      assertThat(status).as(text).isEqualTo(expected);
      assertThat(headers.firstValue("Content-Type")).hasValue("application/json");
      JsonNode error = json().path("error");
      assertThat(error.path("code").textValue()).isEqualTo(String.valueOf(expected));
      assertThat(error.path("type").textValue()).isEqualTo("invalid_request_error");
      assertThat(error.path("param").asText()).isEqualTo(field);
      assertThat(json().size()).isEqualTo(1);
      return error.path("message").textValue();
    }

    /** The same for an error that does not concern a field. */
    String error(int expected) {
      return error(expected, "null");
    }
  }

  static Running start(ServerOptions options, UnaryOperator<ErnieServer.Builder> models) {
    try {
      return new Running(models.apply(ErnieServer.with(options)).start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Running start(ServerOptions options, Map<String, Model> models) {
    return start(
        options,
        builder -> {
          models.forEach(builder::model);
          return builder;
        });
  }

  static Running start(UnaryOperator<ErnieServer.Builder> models) {
    return start(Servers.options(), models);
  }

  /** A tiny model for every task, named after what it does, in a fixed order. */
  static Map<String, Model> allTasks() {
    Map<String, Model> models = new LinkedHashMap<>();
    models.put("embed", TinyModels.encoder(1));
    models.put("parse", TinyModels.joint());
    models.put("classify", TinyModels.classifier("好", "坏", "中"));
    models.put("multi-label", TinyModels.multiLabel("天", "地", "人"));
    models.put("tag", TinyModels.tagger("O", "B-x", "I-x", "B-y", "I-y"));
    models.put("answer", TinyModels.answerer());
    models.put("score", TinyModels.scorer());
    models.put("extract", TinyModels.extractor());
    return models;
  }

  ErnieServer server() {
    return server;
  }

  String address() {
    return "http://127.0.0.1:" + server.port();
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(address() + path)).timeout(Duration.ofSeconds(60));
  }

  Reply send(HttpRequest request) {
    try {
      HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
      String text = new String(response.body(), StandardCharsets.UTF_8);
      return new Reply(response.statusCode(), response.headers(), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException();
    }
  }

  Reply get(String path) {
    return send(request(path).build());
  }

  /** Posts JSON, which is written with apostrophes instead of quotation marks. */
  Reply post(String path, String json) {
    return post(path, json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  Reply post(String path, byte[] body) {
    return send(request(path).POST(HttpRequest.BodyPublishers.ofByteArray(body)).build());
  }

  Reply post(String path, JsonNode body) {
    return post(path, body.toString().getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    server.close();
  }
}
