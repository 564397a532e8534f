package ernie4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.pipeline.TinyModels;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Health, readiness and metrics, for operators and their tools. */
class HealthTest {
  @Test
  void readyAfterWarmUpAndNotBefore() throws InterruptedException {
    ServerOptions options = Servers.options().warmUp(Duration.ofSeconds(3));
    try (Running service = Running.start(options, ErnieServer.Builder::bundledModel)) {
      Running.Reply before = service.get("/readyz");
      assertThat(before.status()).isEqualTo(503);
      assertThat(before.text()).isEqualTo("not ready\n");
      assertThat(service.get("/healthz").text()).isEqualTo("ok\n");
      assertThat(service.post("/v1/parse", "{'input': '打开空调'}").status())
          .as("requests are already answered")
          .isEqualTo(200);
      assertThat(service.server().awaitReady(Duration.ofSeconds(60))).isTrue();
      Running.Reply after = service.get("/readyz");
      assertThat(after.status()).isEqualTo(200);
      assertThat(after.text()).isEqualTo("ready\n");
      assertThat(service.get("/healthz").status()).isEqualTo(200);
    }
  }

  /** Load balancers often request only the head. */
  @Test
  void headIsAnswered() {
    try (Running service = Running.start(b -> b.model("slu", TinyModels.joint()))) {
      for (String path : List.of("/healthz", "/", "/openapi.json")) {
        HttpRequest head =
            service.request(path).method("HEAD", HttpRequest.BodyPublishers.noBody()).build();
        Running.Reply reply = service.send(head);
        assertThat(reply.status()).as(path).isEqualTo(200);
        assertThat(reply.text()).isEmpty();
      }
    }
  }

  @Test
  void awaitReadyReturnsFalseAfterTheTimeLimit() throws InterruptedException {
    ServerOptions options = Servers.options().warmUp(Duration.ofSeconds(30));
    try (Running service = Running.start(options, ErnieServer.Builder::bundledModel)) {
      assertThat(service.server().awaitReady(Duration.ofMillis(1))).isFalse();
    }
  }

  @Test
  void metrics() {
    try (Running service =
        Running.start(
            b -> b.model("slu", TinyModels.joint()).model("tags", TinyModels.tagger("O", "B-x")))) {
      service.post("/v1/parse", "{'input': ['天', '地', '日']}").answer();
      service.post("/v1/parse", "{'input': '月'}").answer();
      service.post("/v1/parse", "{'input': 1}").error(422, "input");
      service.post("/v1/parse?query=1", "{'input': '月'}").answer();
      for (int i = 0; i < 3; i++) {
        service.get("/v1/unknown" + i).error(404);
        service.post("/v1/parse/" + i, "{}").error(404);
      }
      service.post("/v1/parse", "{'input': '天', 'model': 'no-such-model'}").error(404, "model");
      String text =
          scrape(
              service,
              "ernie4j_texts_total{model=\"slu\"} 5.0",
              "ernie4j_requests_seconds_count{model=\"slu\",path=\"/v1/parse\",status=\"200\"} 3",
              "ernie4j_requests_seconds_count{model=\"none\",path=\"/v1/parse\",status=\"422\"} 1",
              "ernie4j_requests_seconds_count{model=\"none\",path=\"/v1/parse\",status=\"404\"} 1",
              "ernie4j_requests_seconds_count{model=\"none\",path=\"other\",status=\"404\"} 6",
              "ernie4j_requests_seconds_bucket{model=\"slu\",path=\"/v1/parse\",status=\"200\",le=\"0.005\"}",
              "ernie4j_batch_texts_sum{model=\"slu\"} 5.0",
              "ernie4j_batch_texts_bucket{model=\"slu\",le=\"32.0\"}",
              "ernie4j_batch_texts_count{model=\"tags\"} 0",
              "ernie4j_waiting_texts{model=\"slu\"} 0.0",
              "ernie4j_waiting_texts{model=\"tags\"} 0.0",
              "ernie4j_requests_active 1.0", // this request
              "ernie4j_requests_bytes 0.0",
              "jvm_memory_used_bytes",
              "jvm_gc",
              "jvm_threads_live_threads",
              "process_uptime_seconds");
      assertThat(text)
          .containsPattern("ernie4j_connections [1-9]")
          .doesNotContain("unknown", "no-such-model", "/v1/parse/", "query");
      assertThat(service.get("/metrics").headers().firstValue("Content-Type").orElse(""))
          .startsWith("text/plain");
    }
  }

  /** A request is counted after its last byte was sent; its client may get that byte earlier. */
  private static String scrape(Running service, String... expected) {
    String text = service.get("/metrics").text();
    for (int i = 0; i < 200 && !Arrays.stream(expected).allMatch(text::contains); i++) {
      try {
        TimeUnit.MILLISECONDS.sleep(10);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      text = service.get("/metrics").text();
    }
    assertThat(text).contains(expected);
    return text;
  }

  /** Prometheus rejects a scrape with a name in two families or an invalid escape sequence. */
  @Test
  void namesOfModelsAreEscapedInMetrics() {
    try (Running service =
        Running.start(Servers.options(), Map.of("a \"b\"\\c\n天", TinyModels.joint()))) {
      service.post("/v1/parse", "{'input': '天'}").answer();
      String text = scrape(service, "ernie4j_texts_total{model=\"a \\\"b\\\"\\\\c\\n天\"} 1.0");
      List<String> families =
          text.lines().filter(l -> l.startsWith("# TYPE")).map(l -> l.split(" ", -1)[2]).toList();
      assertThat(families).doesNotHaveDuplicates().contains("ernie4j_requests_seconds");
      assertThat(text.lines().filter(l -> !l.startsWith("#")))
          .allMatch(l -> l.matches("[a-z0-9_]+(\\{.*})? [-+0-9.eENaInf]+"));
    }
  }
}
