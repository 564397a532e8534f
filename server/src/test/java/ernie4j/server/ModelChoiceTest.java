package ernie4j.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import ernie4j.engine.head.WrongTaskException;
import ernie4j.pipeline.SentenceEmbedder;
import ernie4j.pipeline.TinyModels;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which model answers a request, and what prevents a service from starting. */
class ModelChoiceTest {
  private static final String EMBEDDINGS = "/v1/embeddings";

  @TempDir Path folder;

  @Test
  void selectedByNameOrElseByPath() {
    try (Running service =
        Running.start(
            b ->
                b.model("slu", TinyModels.joint())
                    .model("a", TinyModels.encoder(1))
                    .model("b", TinyModels.encoder(2)))) {
      assertVectorOf(service, "{'input': '天地'}", "a", 1);
      assertVectorOf(service, "{'input': '天地', 'model': null}", "a", 1);
      assertVectorOf(service, "{'input': '天地', 'model': 'a'}", "a", 1);
      assertVectorOf(service, "{'input': '天地', 'model': 'b'}", "b", 2);
      assertThat(service.post(EMBEDDINGS, "{'input': '天', 'model': 'c'}").error(404, "model"))
          .isEqualTo(
              "model: there is no c; the models are slu (/v1/parse), a (/v1/embeddings), b (/v1/embeddings)");
      assertThat(service.post(EMBEDDINGS, "{'input': '天', 'model': 'slu'}").error(404, "model"))
          .isEqualTo("model: slu answers [/v1/parse], not /v1/embeddings");
      assertThat(service.post("/v1/tag", "{'input': '天'}").error(404, "model"))
          .isEqualTo(
              "no model of this service answers /v1/tag; the models are slu (/v1/parse), a (/v1/embeddings), b (/v1/embeddings)");
      assertThat(service.post(EMBEDDINGS, "{'input': '天', 'model': 1}").error(422, "model"))
          .isEqualTo("model: expected a text, got 1");
    }
  }

  private static void assertVectorOf(Running service, String json, String name, long seed) {
    JsonNode answer = service.post(EMBEDDINGS, json).answer();
    assertThat(answer.path("model").textValue()).isEqualTo(name);
    float[] expected = SentenceEmbedder.of(TinyModels.encoder(seed)).embed("天地");
    JsonNode vector = answer.path("data").path(0).path("embedding");
    for (int i = 0; i < expected.length; i++) {
      assertThat(Float.parseFloat(vector.path(i).asText())).isEqualTo(expected[i]);
    }
  }

  @Test
  void modelsAreListed() {
    try (Running service = Running.start(Servers.options(), Running.allTasks())) {
      JsonNode answer = service.get("/v1/models").answer();
      assertThat(answer.path("object").textValue()).isEqualTo("list");
      assertThat(answer.path("data"))
          .extracting(
              m -> m.path("id").textValue() + " " + m.path("task").textValue() + m.path("paths"))
          .containsExactly(
              "embed encoder[\"/v1/embeddings\"]",
              "parse joint-intent-slots[\"/v1/parse\"]",
              "classify sequence-classification[\"/v1/classify\"]",
              "multi-label multi-label-classification[\"/v1/classify\"]",
              "tag token-classification[\"/v1/tag\"]",
              "answer question-answering[\"/v1/answer\"]",
              "score scoring[\"/v1/score\",\"/v1/rerank\"]",
              "extract information-extraction[\"/v1/extract\"]");
      assertThat(answer.path("data"))
          .allMatch(m -> m.path("object").textValue().equals("model") && m.has("owned_by"));
      assertThat(service.server().describeModels())
          .contains("score  /v1/score /v1/rerank", "parse  /v1/parse");
    }
  }

  @Test
  void whatCannotBeServed() throws IOException {
    ServerOptions options = Servers.options();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ErnieServer.with(options).start())
        .withMessage("serve: expected at least one model, got none");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> ErnieServer.with(options).bundledModel().model("bundled", TinyModels.joint()))
        .withMessage("serve: two models are named bundled; give each a name of its own");
    assertThatThrownBy(
            () -> ErnieServer.with(options).model("m", TinyModels.maskedLanguageModel()).start())
        .isInstanceOf(WrongTaskException.class)
        .hasMessageContaining("has no HTTP interface");
    Path missing = folder.resolve("missing.ernie");
    assertThatThrownBy(() -> ErnieServer.with(options).model("m", missing).start())
        .isInstanceOf(IOException.class);
    Path broken = Files.writeString(folder.resolve("broken.ernie"), "no model");
    assertThatThrownBy(() -> ErnieServer.with(options).model("m", broken).start())
        .isInstanceOf(IOException.class);
  }

  @Test
  void aTakenPort() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      assertThatThrownBy(
              () ->
                  ErnieServer.with(Servers.options().port(port))
                      .model("m", TinyModels.joint())
                      .start())
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("the service cannot listen on 127.0.0.1 port " + port + ": ");
    }
  }

  /** The program may continue after a failed start. */
  @Test
  void aFailedStartLeavesNoThread() throws Exception {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    aTakenPort();
    whatCannotBeServed();
    List<String> left = newThreads(before);
    for (int i = 0; i < 200 && !left.isEmpty(); i++) {
      TimeUnit.MILLISECONDS.sleep(10);
      left = newThreads(before);
    }
    assertThat(left).isEmpty();
  }

  private static List<String> newThreads(Set<Thread> before) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> !before.contains(thread) && thread.getName().startsWith("ernie4j"))
        .map(Thread::getName)
        .toList();
  }
}
