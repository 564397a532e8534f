package ernie4j.bench.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.bgesmallzh.BgeSmallZhEmbeddingModel;
import dev.langchain4j.model.output.Response;
import ernie4j.bench.input.BgeSmallZh;
import ernie4j.engine.head.SentenceEmbedding;
import ernie4j.pipeline.SentenceEmbedder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** How LangChain4j uses this project in the place of its own model on ONNX Runtime. */
class LangChain4jTest {
  /** All that an application has to write. */
  private record Embeddings(SentenceEmbedder embedder) implements EmbeddingModel {
    @Override
    public Response<List<Embedding>> embedAll(List<TextSegment> segments) {
      List<String> texts = segments.stream().map(TextSegment::text).toList();
      return Response.from(embedder.embed(texts).stream().map(Embedding::from).toList());
    }
  }

  private static List<String> texts() throws IOException {
    String data = System.getProperty("ernie4j.data", "");
    Path file = Path.of(data, "text", "short_utterances.txt");
    Assumptions.assumeTrue(Files.isRegularFile(file), "skipped: there is no file " + file);
    try (Stream<String> lines = Files.lines(file)) {
      return lines.filter(line -> !line.isBlank()).limit(400).filter(l -> l.length() > 3).toList();
    }
  }

  @Test
  void givesTheVectorsOfTheModelItReplaces() throws IOException {
    EmbeddingModel ours =
        new Embeddings(SentenceEmbedder.of(BgeSmallZh.model(), SentenceEmbedding.CLS));
    EmbeddingModel theirs = new BgeSmallZhEmbeddingModel();
    assertThat(ours.dimension()).isEqualTo(theirs.dimension());

    List<String> texts = texts();
    List<Embedding> vectors =
        ours.embedAll(texts.stream().map(TextSegment::from).toList()).content();
    assertThat(texts.size()).isGreaterThan(100);
    for (int i = 0; i < texts.size(); i++) {
      assertThat(vectors.get(i).vector())
          .as(texts.get(i))
          .containsExactly(theirs.embed(texts.get(i)).content().vector(), within(1e-5f));
    }
  }
}
