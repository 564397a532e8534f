package ernie4j.zoo.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ernie4j.engine.SmallModel;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelCacheTest {
  @TempDir Path folder;

  private static Model model(long seed) {
    return Model.encoder(SmallModel.CONFIG, SmallModel.parameters(seed));
  }

  @Test
  void findsModelsByNameAndStoresEqualOnesOnce() throws IOException {
    ModelCache cache = ModelCache.at(folder.resolve("new"));
    assertThat(cache.find("a")).isEmpty();
    assertThatThrownBy(() -> cache.require("a"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("there is no model 'a' in the cache")
        .hasMessageContaining("ernie4j pull a");
    ModelCache.Entry first = cache.add(List.of("a", "b"), model(1), Map.of("u", "h"));
    ModelCache.Entry second = cache.add(List.of("c"), model(1), Map.of());
    assertThat(second.sha256()).isEqualTo(first.sha256());
    assertThat(cache.require("a")).isEqualTo(cache.require("c"));
    assertThat(cache.entry("b")).contains(first);
    assertThat(ModelFile.read(cache.require("c")).config()).isEqualTo(SmallModel.CONFIG);
    Files.delete(cache.require("a"));
    assertThat(cache.find("a")).isEmpty();
  }

  @Test
  void messageNamesADamagedIndex() throws IOException {
    for (String text : List.of("", "{", "[]", "{\"models\": {\"a\": {}}}", "{\"\u00ff\": 1}")) {
      // The last one is not UTF-8.
      Files.writeString(folder.resolve("index.json"), text, StandardCharsets.ISO_8859_1);
      assertThatThrownBy(() -> ModelCache.at(folder).find("a"))
          .as(text)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("index.json: expected the index of a model cache");
    }
  }

  @Test
  void concurrentAddsLoseNothing() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(4);
    try {
      List<Future<ModelCache.Entry>> added = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        int number = i;
        added.add(
            pool.submit(
                () ->
                    ModelCache.at(folder).add(List.of("m" + number), model(number % 3), Map.of())));
      }
      for (int i = 0; i < 12; i++) {
        added.get(i).get();
      }
    } finally {
      pool.shutdownNow();
    }
    for (int i = 0; i < 12; i++) {
      assertThat(ModelCache.at(folder).require("m" + i)).exists();
    }
    assertThat(folder.resolve("models").toFile().list()).hasSize(3);
  }

  @Test
  void folderFollowsPlatformAndEnvironment() {
    Map<String, String> linux = Map.of("os.name", "Linux", "user.home", "/home/u");
    assertThat(folder(linux, Map.of())).isEqualTo(Path.of("/home/u/.cache/ernie4j"));
    assertThat(folder(linux, Map.of("XDG_CACHE_HOME", "/x"))).isEqualTo(Path.of("/x/ernie4j"));
    assertThat(folder(linux, Map.of("XDG_CACHE_HOME", "relative")))
        .isEqualTo(Path.of("/home/u/.cache/ernie4j"));
    assertThat(folder(linux, Map.of("XDG_CACHE_HOME", "/x", "ERNIE4J_CACHE", "/e")))
        .isEqualTo(Path.of("/e"));
    assertThat(
            folder(
                Map.of("os.name", "Linux", "user.home", "/home/u", "ernie4j.cache", "/p"),
                Map.of("ERNIE4J_CACHE", "/e")))
        .isEqualTo(Path.of("/p"));
    // The Windows paths are written in the form of this machine.
    Map<String, String> windows = Map.of("os.name", "Windows 11", "user.home", "/u");
    assertThat(folder(windows, Map.of("LOCALAPPDATA", "/local")))
        .isEqualTo(Path.of("/local/ernie4j"));
    assertThat(folder(windows, Map.of())).isEqualTo(Path.of("/u/AppData/Local/ernie4j"));
  }

  private static Path folder(Map<String, String> properties, Map<String, String> environment) {
    return CacheFolder.of(properties::get, environment::get);
  }
}
