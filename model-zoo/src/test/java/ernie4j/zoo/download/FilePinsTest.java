package ernie4j.zoo.download;

import static ernie4j.zoo.download.ModelPullTest.sha256;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ernie4j.zoo.cache.ModelCache;
import java.io.IOException;
import java.net.ProxySelector;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FilePinsTest {
  /** As {@code md5sum} prints it. */
  private static final String MD5 = "db24b1cd23320913fab9593f1e5d880b";

  @TempDir Path folder;

  /** Pulls a model whose weights have a pin; they are the text "w.pdparams". */
  private ModelPull.Pulled pull(String kind, String pin) throws IOException {
    try (ScriptedServer server = ScriptedServer.start(ModelPullTest::echo)) {
      return new ModelPull(
              ModelPullTest.registry(server, ", \"%s\": \"%s\"".formatted(kind, pin)),
              ModelCache.at(folder),
              ModelPullTest::imported,
              ProxySelector.of(null),
              ModelPullTest.PATIENCE)
          .pull(ModelPullTest.NAME, ModelPull.Options.usual(), DownloadListener.NONE);
    }
  }

  private static String sum(String kind) {
    return kind.equals("md5") ? MD5 : sha256("w.pdparams");
  }

  @ParameterizedTest
  @CsvSource({"sha256, SHA-256", "md5, MD5 sum"})
  void wrongHashIsRefusedAndTheCacheUnchanged(String kind, String name) throws IOException {
    String wrong = "0".repeat(sum(kind).length());
    assertThatThrownBy(() -> pull(kind, wrong))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(
            "expected a file with the %s %s, got %s; it was removed", name, wrong, sum(kind));
    try (Stream<Path> walk = Files.walk(folder)) {
      assertThat(
              walk.filter(Files::isRegularFile).filter(file -> !file.toString().endsWith(".lock")))
          .isEmpty();
    }
    assertThat(pull(kind, sum(kind)).downloaded()).isTrue();
  }

  @Test
  void notesSayWhatWasVerified() throws IOException {
    assertThat(pull("sha256", sum("sha256")).notes())
        .noneMatch(note -> note.contains("w.pdparams"));
    Files.delete(folder.resolve("index.json"));
    assertThat(pull("md5", MD5).notes())
        .anyMatch(
            note ->
                note.endsWith(
                    "w.pdparams has the MD5 sum that its publisher states, so it is not damaged; its SHA-256 "
                        + sum("sha256")
                        + " is recorded but not verified"));
  }

  @Test
  void registryHashesAreValidAndConsistentPerAddress() {
    List<KnownModel.SourceFile> files =
        ModelRegistry.standard().models().stream().flatMap(m -> m.files().stream()).toList();
    Map<URI, KnownModel.SourceFile> known = new HashMap<>();
    for (KnownModel.SourceFile file : files) {
      assertThat(file.sha256().orElse("0".repeat(64))).matches("[0-9a-f]{64}");
      assertThat(file.md5().orElse("0".repeat(32))).matches("[0-9a-f]{32}");
      KnownModel.SourceFile same = known.getOrDefault(file.url(), file);
      assertThat(file.md5()).as("%s", file.url()).isEqualTo(same.md5());
      known.put(file.url(), file);
    }
    for (KnownModel model : ModelRegistry.standard().models()) {
      if (model.name().startsWith("uie-")) {
        assertThat(model.files()).as(model.name()).allMatch(file -> file.md5().isPresent());
      }
    }
    assertThat(ModelRegistry.standard().require("uie-nano").files().get(0).md5())
        .isEqualTo(Optional.of("48db5206232e89ef16b66467562d90e5"));
  }
}
