package ernie4j.server;

import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.engine.file.Model;
import ernie4j.pipeline.TinyModels;
import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Requests over a limit are refused with a message that states the limit; others are not. */
class LimitsTest {
  private static final String PATH = "/v1/embeddings";
  private static final Map<String, Model> TINY = Map.of("tiny", TinyModels.encoder(1));

  private static String texts(int count) {
    return "['" + String.join("', '", java.util.Collections.nCopies(count, "天地")) + "']";
  }

  @Test
  void texts() {
    Map<String, Model> models = Map.of("score", TinyModels.scorer());
    try (Running service = Running.start(Servers.options().maxTexts(3), models)) {
      assertThat(service.post("/v1/score", "{'input': " + texts(3) + "}").status()).isEqualTo(200);
      assertThat(service.post("/v1/score", "{'input': " + texts(4) + "}").error(413, "input"))
          .isEqualTo("input: 4 texts, but one request may have 3; send several requests");
      String documents = "{'query': '日', 'documents': " + texts(4) + "}";
      assertThat(service.post("/v1/rerank", documents).error(413, "documents"))
          .isEqualTo("documents: 4 texts, but one request may have 3; send several requests");
    }
  }

  @Test
  void tokens() {
    // [CLS], two characters, [SEP] for each text.
    try (Running service = Running.start(Servers.options().maxTokens(12), TINY)) {
      assertThat(service.post(PATH, "{'input': " + texts(3) + "}").status()).isEqualTo(200);
      assertThat(service.post(PATH, "{'input': " + texts(5) + "}").error(413, "input"))
          .isEqualTo(
              "input: the texts have more than the 12 tokens that one request may have (reached with text 4 of 5); send several requests");
    }
    Map<String, Model> scorer = Map.of("score", TinyModels.scorer());
    try (Running service = Running.start(Servers.options().maxTokens(12), scorer)) {
      // [CLS] 日 [SEP] two characters [SEP].
      assertThat(
              service.post("/v1/rerank", "{'query': '日', 'documents': " + texts(2) + "}").status())
          .isEqualTo(200);
      assertThat(
              service
                  .post("/v1/rerank", "{'query': '日', 'documents': " + texts(3) + "}")
                  .error(413, "documents"))
          .contains("reached with text 3 of 3");
    }
  }

  @Test
  void bodiesWithAndWithoutALength() {
    try (Running service = Running.start(Servers.options().maxBodyBytes(100), TINY)) {
      String fits = "{\"input\": \"天\"}";
      for (int length : new int[] {fits.length() + 2, 100, 101, 5_000, 2_000_000}) {
        byte[] body =
            (fits + " ".repeat(length - fits.length() - 2)).getBytes(StandardCharsets.UTF_8);
        assertThat(body).hasSize(length);
        HttpRequest unknownLength =
            service
                .request(PATH)
                .POST(HttpRequest.BodyPublishers.fromPublisher(publisher(body)))
                .build();
        for (Running.Reply reply : List.of(service.post(PATH, body), service.send(unknownLength))) {
          if (length <= 100) {
            assertThat(reply.status()).as("%d bytes: %s", length, reply.text()).isEqualTo(200);
          } else {
            assertThat(reply.error(413))
                .isEqualTo(
                    "the body has more than the 100 bytes that this service accepts; send several requests");
          }
        }
      }
    }
  }

  /** A body whose length the client does not know, which is sent in chunks. */
  private static Flow.Publisher<ByteBuffer> publisher(byte[] body) {
    return HttpRequest.BodyPublishers.ofByteArray(body);
  }

  @Test
  void refusesTextsIfTooManyWait() throws Exception {
    ServerOptions options = Servers.options().maxWaitingTexts(2).batchWait(Duration.ofSeconds(1));
    try (Running service = Running.start(options, TINY)) {
      Running.Reply refused = whileTwoTextsWait(service);
      for (int i = 0; i < 10 && refused.status() == 200; i++) { // the wait of one second was over
        refused = whileTwoTextsWait(service);
      }
      assertThat(refused.error(429))
          .isEqualTo("2 texts wait for this model, the limit is 2; try again in a second");
      assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
      assertThat(service.post(PATH, "{'input': " + texts(5) + "}").status())
          .as("an idle service accepts any request")
          .isEqualTo(200);
    }
  }

  /** The response to a third text while two wait for their batch, which are always answered. */
  private static Running.Reply whileTwoTextsWait(Running service) throws Exception {
    CompletableFuture<Running.Reply> two =
        CompletableFuture.supplyAsync(() -> service.post(PATH, "{'input': " + texts(2) + "}"));
    String waiting = "ernie4j_waiting_texts{model=\"tiny\"} 2.0";
    while (!service.get("/metrics").text().contains(waiting) && !two.isDone()) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
    Running.Reply third = service.post(PATH, "{'input': '日'}");
    assertThat(two.get(20, TimeUnit.SECONDS).status()).isEqualTo(200);
    return third;
  }
}
