package ernie4j.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.engine.head.HeadOptions;
import ernie4j.engine.head.SentenceEmbedding;
import ernie4j.pipeline.BgeSmallZh;
import ernie4j.pipeline.SentenceEmbedder;
import ernie4j.zoo.cache.ModelCache;
import ernie4j.zoo.download.DownloadListener;
import ernie4j.zoo.download.KnownModel;
import ernie4j.zoo.download.ModelPull;
import ernie4j.zoo.download.ModelRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pulls a real model from a mirror, verifies its pinned hash, and loads it by name. */
class PullBgeSmallZhTest {
  @Test
  void pulledByNameAndLoadedByName(@TempDir Path folder) throws IOException {
    Path jar = BgeSmallZh.jar();
    HttpServer mirror =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    mirror.createContext(
        "/maven2/dev/langchain4j/",
        exchange -> {
          exchange.sendResponseHeaders(200, Files.size(jar));
          try (OutputStream out = exchange.getResponseBody()) {
            Files.copy(jar, out);
          }
        });
    mirror.start();
    String before = System.getProperty("ernie4j.cache");
    System.setProperty("ernie4j.cache", folder.toString());
    try {
      ModelPull pull = new ModelPull(ModelRegistry.standard(), ModelCache.standard());
      URI address = URI.create("http://localhost:" + mirror.getAddress().getPort());
      ModelPull.Pulled pulled =
          pull.pull(
              "bge-small-zh",
              new ModelPull.Options(Optional.of(address), false, false),
              DownloadListener.NONE);
      assertThat(pulled.notes()).noneMatch(note -> note.contains("not verified"));
      assertThatTheRegistryDescribes(pulled);
      SentenceEmbedder embedder = SentenceEmbedder.load("bge-small-zh", SentenceEmbedding.CLS);
      assertThat(embedder.embed("今天天气不错")).hasSize(512);
    } finally {
      mirror.stop(0);
      if (before == null) {
        System.clearProperty("ernie4j.cache");
      } else {
        System.setProperty("ernie4j.cache", before);
      }
    }
  }

  /** What the command 'models' shows before anything is downloaded. */
  private static void assertThatTheRegistryDescribes(ModelPull.Pulled pulled) throws IOException {
    Model model = ModelFile.read(pulled.file());
    KnownModel known = pulled.model();
    assertThat(known.lowerCase().map(String::valueOf))
        .hasValue(model.tokenizerOptions().get("lower_case"));
    assertThat(known.pooling()).hasValue(model.options().get(HeadOptions.POOLING));
    // The mirror's model lacks the pooler, which would be a hundredth of the whole.
    assertThat(Files.size(pulled.file()))
        .isBetween(known.weightBytes() * 98 / 100, known.weightBytes() * 102 / 100);
  }
}
