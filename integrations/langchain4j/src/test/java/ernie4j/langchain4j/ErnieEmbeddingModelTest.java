package ernie4j.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.langchain4j.data.document.Document;
import dev.langchain4j.data.document.splitter.DocumentSplitters;
import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.allminilml6v2.AllMiniLmL6V2EmbeddingModel;
import dev.langchain4j.model.embedding.onnx.bgesmallzh.BgeSmallZhEmbeddingModel;
import dev.langchain4j.model.output.Response;
import dev.langchain4j.rag.content.Content;
import dev.langchain4j.rag.content.retriever.EmbeddingStoreContentRetriever;
import dev.langchain4j.rag.query.Query;
import dev.langchain4j.spi.model.embedding.EmbeddingModelFactory;
import dev.langchain4j.store.embedding.EmbeddingStoreIngestor;
import dev.langchain4j.store.embedding.inmemory.InMemoryEmbeddingStore;
import ernie4j.pipeline.SentenceEmbedder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.ServiceLoader;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ErnieEmbeddingModelTest {
  private static final List<String> CHINESE =
      List.of(
          "来一首周华健的花心",
          "今天天气怎么样",
          "Java 虚拟机 17",
          "价格是 3.50 元，打八折。",
          "。",
          "《花心》是周华健演唱的歌曲，收录于同名专辑，发行于1993年。");

  private static final List<String> ENGLISH =
      List.of("A man is playing guitar.", "Über café déjà-vu", "jdk.incubator.vector", "2 + 2 = 4");

  @TempDir static Path folder;
  private static Path bge;
  private static Path miniLm;

  @BeforeAll
  static void convert() throws IOException {
    bge = Archives.convert(BgeSmallZhEmbeddingModel.class, folder.resolve("bge-small-zh.ernie"));
    miniLm =
        Archives.convert(AllMiniLmL6V2EmbeddingModel.class, folder.resolve("all-minilm.ernie"));
  }

  private static void assertSameVectors(
      EmbeddingModel ours, EmbeddingModel theirs, List<String> texts, float tolerance) {
    assertThat(ours.dimension()).isEqualTo(theirs.dimension());
    Response<List<Embedding>> all = ours.embedAll(texts.stream().map(TextSegment::from).toList());
    for (int i = 0; i < texts.size(); i++) {
      assertThat(all.content().get(i).vector())
          .as(texts.get(i))
          .containsExactly(theirs.embed(texts.get(i)).content().vector(), within(tolerance));
    }
    assertThat(Objects.requireNonNull(all.tokenUsage()).inputTokenCount())
        .isGreaterThan(2 * texts.size());
  }

  @Test
  void hasTheVectorsOfLangChainsBgeSmallZh() throws IOException {
    try (ErnieEmbeddingModel ours = ErnieEmbeddingModel.load(bge.toString())) {
      assertSameVectors(ours, new BgeSmallZhEmbeddingModel(), CHINESE, 1e-5f);
      assertThat(ours.modelName()).isEqualTo(bge.toString());
    }
  }

  @Test
  void hasTheVectorsOfLangChainsAllMiniLm() throws IOException {
    try (ErnieEmbeddingModel ours = ErnieEmbeddingModel.load(miniLm.toString())) {
      assertSameVectors(ours, new AllMiniLmL6V2EmbeddingModel(), ENGLISH, 1e-5f);
    }
  }

  @Test
  void aLongTextIsTheMeanOverItsParts() throws IOException {
    String text = "周华健在台北举行演唱会，花心是他的名曲。".repeat(60);
    try (ErnieEmbeddingModel ours = ErnieEmbeddingModel.load(bge.toString())) {
      float[] vector = ours.embed(text).content().vector();
      float[] theirs = new BgeSmallZhEmbeddingModel().embed(text).content().vector();
      double cosine = 0;
      for (int i = 0; i < vector.length; i++) {
        cosine += vector[i] * theirs[i];
      }
      // Both cut at 510 tokens, but not at the same words.
      assertThat(cosine).isGreaterThan(0.99);
    }
  }

  @Test
  void refusesATextWithoutTokens() throws IOException {
    try (ErnieEmbeddingModel ours = ErnieEmbeddingModel.load(bge.toString())) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> ours.embedAll(List.of(TextSegment.from("\u200b"))))
          .withMessageContaining("no tokens");
    }
  }

  @Test
  void documentsAreSplitStoredAndFound() throws IOException {
    try (SentenceEmbedder embedder = SentenceEmbedder.load(bge);
        ErnieEmbeddingModel model = ErnieEmbeddingModel.of(embedder, "bge-small-zh")) {
      InMemoryEmbeddingStore<TextSegment> store = new InMemoryEmbeddingStore<>();
      EmbeddingStoreIngestor.builder()
          .embeddingModel(model)
          .embeddingStore(store)
          .documentSplitter(
              DocumentSplitters.recursive(
                  24, 0, new ErnieTokenCountEstimator(embedder.tokenizer())))
          .build()
          .ingest(Document.from("退货流程：七天之内可以无理由退货。\n\n营业时间：每天早上九点到晚上六点。\n\n配送范围：全市包邮，次日送达。"));
      List<Content> found =
          EmbeddingStoreContentRetriever.builder()
              .embeddingModel(model)
              .embeddingStore(store)
              .maxResults(1)
              .build()
              .retrieve(Query.from("几点关门"));
      assertThat(found.get(0).textSegment().text()).startsWith("营业时间");
    }
  }

  @Test
  void theFactoryLoadsWhatTheSystemPropertyNames() {
    EmbeddingModelFactory factory =
        ServiceLoader.load(EmbeddingModelFactory.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(ErnieEmbeddingModelFactory.class::isInstance)
            .findFirst()
            .orElseThrow();
    String before = System.getProperty(ErnieEmbeddingModelFactory.PROPERTY);
    try {
      System.setProperty(ErnieEmbeddingModelFactory.PROPERTY, bge.toString());
      assertThat(factory.create().dimension()).isEqualTo(512);
      System.clearProperty(ErnieEmbeddingModelFactory.PROPERTY);
      if (System.getenv(ErnieEmbeddingModelFactory.VARIABLE) == null) {
        assertThatExceptionOfType(IllegalStateException.class)
            .isThrownBy(factory::create)
            .withMessageContaining(ErnieEmbeddingModelFactory.PROPERTY);
      }
    } finally {
      if (before == null) {
        System.clearProperty(ErnieEmbeddingModelFactory.PROPERTY);
      } else {
        System.setProperty(ErnieEmbeddingModelFactory.PROPERTY, before);
      }
    }
  }
}
