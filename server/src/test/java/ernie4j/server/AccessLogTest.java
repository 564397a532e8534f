package ernie4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import ernie4j.pipeline.TinyModels;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The log has one line with a JSON object for every request, and never a text. */
class AccessLogTest {
  @Test
  void everyRequestIsALineWithoutItsTexts() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Instant before = Instant.now().minus(Duration.ofMillis(1));
    Running.Reply answered;
    try (Running service =
        Running.start(Servers.options().accessLog(out), Map.of("slu", TinyModels.joint()))) {
      answered = service.post("/v1/parse", "{'input': ['天地玄黄', '日']}");
      service.post("/v1/parse", "{'input': '天地玄黄', '宇宙洪荒': 1}").error(422, "宇宙洪荒");
      service.post("/v1/parse", "{'input': '天地玄黄', 'model': '宇宙洪荒'}").error(404, "model");
      service.post("/v1/parse", "{'input': 天地玄黄}").error(400);
      service.get("/v1/parse?input=%E5%A4%A9&q=secret").error(405);
      service.get("/nothing/%22%0A").error(404);
      service.get("/healthz");
    }
    List<JsonNode> lines = new ArrayList<>();
    for (String line : out.toString(StandardCharsets.UTF_8).lines().toList()) {
      lines.add(Running.MAPPER.readTree(line));
    }
    assertThat(lines)
        .extracting(
            l ->
                l.path("method").textValue()
                    + " "
                    + l.path("path").textValue()
                    + " "
                    + l.path("status").intValue())
        .containsExactlyInAnyOrder(
            "POST /v1/parse 200",
            "POST /v1/parse 422",
            "POST /v1/parse 404",
            "POST /v1/parse 400",
            "GET /v1/parse 405",
            "GET /nothing/%22%0A 404",
            "GET /healthz 200");
    JsonNode first = lines.stream().filter(line -> line.has("texts")).findFirst().orElseThrow();
    assertThat(first.fieldNames())
        .toIterable()
        .containsExactly(
            "time", "remote", "method", "path", "status", "ms", "bytes", "model", "texts");
    assertThat(Instant.parse(first.path("time").textValue())).isBetween(before, Instant.now());
    assertThat(first.path("remote").textValue()).isEqualTo("127.0.0.1");
    assertThat(first.path("ms").doubleValue()).isBetween(0.001, 60_000.0);
    assertThat(first.path("bytes").intValue())
        .isEqualTo(answered.text().getBytes(StandardCharsets.UTF_8).length);
    assertThat(first.path("model").textValue()).isEqualTo("slu");
    assertThat(first.path("texts").intValue()).isEqualTo(2);
    assertThat(lines.stream().filter(line -> line.has("model"))).hasSize(1);
    assertThat(out.toString(StandardCharsets.UTF_8))
        .doesNotContain("天", "日", "宇", "secret", "input");
  }

  /** Such requests are answered, although the server does not read their bodies. */
  @Test
  void logsTheStatusOfRequestsThatAreRefusedBeforeTheirBody() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ServerOptions options = Servers.options().token("opaque-token").accessLog(out);
    String authorization = "Authorization: Bearer opaque-token\r\n";
    try (Running service = Running.start(options, Map.of("slu", TinyModels.joint()))) {
      for (String head :
          List.of(
              "POST /v1/parse HTTP/1.1\r\n",
              "POST /v1/nothing HTTP/1.1\r\n" + authorization,
              "POST /v1/models HTTP/1.1\r\n" + authorization,
              "POST /v1/parse HTTP/1.1\r\n" + authorization)) {
        try (Socket socket = Servers.connect(service.server())) {
          Servers.send(socket, head + "Host: test\r\nContent-Length: 100000000\r\n\r\n{");
          assertThat(Servers.statusLine(socket)).contains(" 4");
        }
      }
    }
    assertThat(out.toString(StandardCharsets.UTF_8).lines())
        .extracting(line -> Running.MAPPER.readTree(line).path("status").intValue())
        .containsExactlyInAnyOrder(401, 404, 405, 413);
  }

  /** A full disk is no reason to refuse requests. */
  @Test
  void theServiceContinuesWithoutItsLog() {
    OutputStream full =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("no space left on device");
          }
        };
    try (Running service =
        Running.start(Servers.options().accessLog(full), Map.of("slu", TinyModels.joint()))) {
      for (int i = 0; i < 200; i++) { // more than the buffer holds
        service.post("/v1/parse", "{'input': '天'}").answer();
      }
    }
  }
}
