package ernie4j.bench.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.openai.OpenAiEmbeddingModel;
import dev.langchain4j.model.output.Response;
import ernie4j.bench.input.BgeSmallZh;
import ernie4j.engine.file.Model;
import ernie4j.pipeline.SentenceEmbedder;
import ernie4j.pipeline.TinyModels;
import ernie4j.server.ErnieServer;
import ernie4j.server.ServerOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** LangChain4j's client of OpenAI, unmodified, gets from the service what the library computes. */
class OpenAiClientTest {
  private static final List<String> TEXTS =
      List.of("天地玄黄", "宇宙洪荒，日月盈昃", "来一首周华健的花心", "😀 abe", "辰");

  private static ServerOptions options() {
    return ServerOptions.defaults().port(0).accessLog(false).warmUp(Duration.ZERO);
  }

  private static OpenAiEmbeddingModel.OpenAiEmbeddingModelBuilder client(ErnieServer server) {
    return OpenAiEmbeddingModel.builder()
        .baseUrl("http://127.0.0.1:" + server.port() + "/v1")
        .apiKey("any")
        .maxRetries(1);
  }

  @Test
  void vectorsOfATinyModel() throws IOException {
    assertSameVectors(TinyModels.encoder(1));
  }

  @Test
  void vectorsOfBgeSmallZh() throws IOException {
    assertSameVectors(BgeSmallZh.model());
  }

  private static void assertSameVectors(Model model) throws IOException {
    SentenceEmbedder expected = SentenceEmbedder.of(model);
    try (ErnieServer server = ErnieServer.with(options()).model("ours", model).start()) {
      EmbeddingModel theirs = client(server).modelName("ours").build();
      assertThat(theirs.embed(TEXTS.get(0)).content().vector())
          .isEqualTo(expected.embed(TEXTS.get(0)));
      Response<List<Embedding>> response =
          theirs.embedAll(TEXTS.stream().map(TextSegment::from).toList());
      assertThat(response.content()).hasSize(TEXTS.size());
      for (int i = 0; i < TEXTS.size(); i++) {
        assertThat(response.content().get(i).vector())
            .as(TEXTS.get(i))
            .isEqualTo(expected.embed(TEXTS.get(i)));
      }
      int tokens = TEXTS.stream().mapToInt(t -> expected.tokenizer().encode(t).length()).sum();
      assertThat(response.tokenUsage().inputTokenCount()).isEqualTo(tokens);
      assertThat(theirs.dimension()).isEqualTo(expected.dimension());
    }
  }

  /** The client shows its user what the service says. */
  @Test
  void tokenAndErrors() throws IOException {
    try (ErnieServer server =
        ErnieServer.with(options().token("opaque-token"))
            .model("ours", TinyModels.encoder(1))
            .start()) {
      EmbeddingModel right = client(server).apiKey("opaque-token").modelName("ours").build();
      assertThat(right.embed("天").content().vector()).isNotEmpty();
      assertThatThrownBy(() -> client(server).modelName("ours").build().embed("天"))
          .hasMessageContaining("expected the token of this service");
      EmbeddingModel other = client(server).apiKey("opaque-token").modelName("theirs").build();
      assertThatThrownBy(() -> other.embed("天"))
          .hasMessageContaining("model: there is no theirs; the models are ours (/v1/embeddings)");
      assertThatThrownBy(() -> right.embed(" 天 ".repeat(50))).hasMessageContaining("tokens");
    }
  }
}
