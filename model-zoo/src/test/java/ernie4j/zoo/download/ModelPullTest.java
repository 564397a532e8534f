package ernie4j.zoo.download;

import static ernie4j.zoo.download.ScriptedServer.file;
import static ernie4j.zoo.download.ScriptedServer.head;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import ernie4j.engine.AnotherJvm;
import ernie4j.engine.SmallModel;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.engine.file.Sha256;
import ernie4j.zoo.ModelImport;
import ernie4j.zoo.cache.ModelCache;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ProxySelector;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelPullTest {
  static final String NAME = "ernie-3.0-tiny-nano-v2-zh";
  static final RetryPolicy PATIENCE =
      new RetryPolicy(
          2,
          Duration.ofMillis(5),
          Duration.ofSeconds(1),
          Duration.ofSeconds(5),
          Duration.ofSeconds(5));

  @TempDir Path folder;

  /** Answers a request with the last part of its path. */
  static void echo(ScriptedServer.Request request, OutputStream out) throws IOException {
    String target = request.target();
    byte[] content = target.substring(target.lastIndexOf('/') + 1).getBytes(StandardCharsets.UTF_8);
    file(request, out, content, "\"v1\"", Integer.MAX_VALUE);
  }

  static ModelRegistry registry(ScriptedServer server, String pin) throws IOException {
    String json =
        """
        {"models": [{"name": "%s", "aliases": ["nano"], "kind": "paddlenlp", "architecture": "%s",
          "licence": "Apache-2.0", "origin": "test", "files": [
            {"as": "model_state.pdparams", "url": "%s" %s},
            {"as": "vocab.txt", "url": "%s"}]}]}
        """
            .formatted(NAME, NAME, server.uri("/a/w.pdparams"), pin, server.uri("/a/v.txt"));
    return ModelRegistry.read(new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void registryKnowsExtractorsAndRefusesTheirRelatives() {
    ModelRegistry standard = ModelRegistry.standard();
    for (String name :
        List.of("base", "medium", "mini", "micro", "nano", "tiny", "medical-base", "base-en")) {
      KnownModel model = standard.require("uie-" + name);
      assertThat(model.files())
          .extracting(KnownModel.SourceFile::as)
          .contains("model_state.pdparams", "vocab.txt");
    }
    assertThat(standard.require("uie-nano").parameters()).isEqualTo(17_912_232L);
    for (String name : List.of("uie-m-base", "uie-m-large", "uie-x-base")) {
      assertThatThrownBy(() -> standard.require(name))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("the model '" + name + "' is not supported");
    }
  }

  private ModelCache cache() {
    return ModelCache.at(folder.resolve("cache"));
  }

  static ModelImport.Imported imported(Path source) {
    return new ModelImport.Imported(
        Model.encoder(SmallModel.CONFIG, SmallModel.parameters(1))
            .withProvenance("source", source.toString()),
        List.of("read " + source.getFileName()));
  }

  private ModelPull pull(ScriptedServer server, String pin, ModelPull.Importer importer)
      throws IOException {
    return new ModelPull(
        registry(server, pin), cache(), importer, ProxySelector.of(null), PATIENCE);
  }

  private ModelPull pull(ScriptedServer server) throws IOException {
    return pull(server, "", ModelPullTest::imported);
  }

  private static ModelPull.Pulled run(ModelPull pull) throws IOException {
    return pull.pull("nano", ModelPull.Options.usual(), DownloadListener.NONE);
  }

  static String sha256(String text) {
    MessageDigest hash = Sha256.start();
    hash.update(text.getBytes(StandardCharsets.UTF_8));
    return Sha256.hex(hash);
  }

  /** The names of all files below the cache, without those of locks. */
  private Set<String> files() throws IOException {
    Set<String> names = new HashSet<>();
    try (Stream<Path> walk = Files.walk(cache().folder())) {
      walk.filter(Files::isRegularFile)
          .map(path -> path.getFileName().toString())
          .filter(name -> !name.endsWith(".lock"))
          .forEach(names::add);
    }
    return names;
  }

  @Test
  void pulledModelIsCachedUnderAllItsNames() throws IOException {
    try (ScriptedServer server = ScriptedServer.start(ModelPullTest::echo)) {
      ModelPull.Pulled pulled = run(pull(server));
      assertThat(pulled.downloaded()).isTrue();
      assertThat(pulled.file()).hasFileName(Sha256.of(pulled.file()) + ".ernie");
      assertThat(cache().find(NAME)).contains(pulled.file());
      assertThat(cache().require("nano")).isEqualTo(pulled.file());
      assertThat(files())
          .containsExactlyInAnyOrder("index.json", pulled.file().getFileName().toString());
      assertThat(pulled.notes())
          .contains(
              server.uri("/a/v.txt")
                  + " has the SHA-256 "
                  + sha256("v.txt")
                  + ", which is recorded but not verified",
              "read " + NAME);
      assertThat(pulled.entry().sources())
          .containsEntry(server.uri("/a/w.pdparams").toString(), sha256("w.pdparams"));
      assertThat(ModelFile.read(pulled.file()).provenance())
          .containsEntry("licence", "Apache-2.0")
          .containsEntry("source", "test")
          .containsEntry("source_vocab.txt", server.uri("/a/v.txt") + " sha256:" + sha256("v.txt"));
      assertThat(run(pull(server)).downloaded()).isFalse();
      assertThat(server.requests()).hasSize(2);
    }
  }

  @Test
  void importerGetsAFolderInPaddleNlpLayout() throws IOException {
    List<JsonNode> configs = new ArrayList<>();
    try (ScriptedServer server = ScriptedServer.start(ModelPullTest::echo)) {
      run(
          pull(
              server,
              "",
              source -> {
                assertThat(source.resolve("model_state.pdparams")).hasContent("w.pdparams");
                assertThat(source.resolve("vocab.txt")).hasContent("v.txt");
                assertThat(source.resolve("tokenizer_config.json")).exists();
                configs.add(new ObjectMapper().readTree(source.resolve("config.json").toFile()));
                return imported(source);
              }));
    }
    JsonNode config = configs.get(0);
    assertThat(config.get("model_type").asText()).isEqualTo("ernie");
    assertThat(config.get("vocab_size").asInt()).isEqualTo(40000);
    assertThat(config.get("hidden_size").asInt()).isEqualTo(312);
    assertThat(config.get("num_attention_heads").asInt()).isEqualTo(12);
    assertThat(config.get("intermediate_size").asInt()).isEqualTo(1248);
    assertThat(config.get("type_vocab_size").asInt()).isEqualTo(4);
    assertThat(config.get("use_task_id").asBoolean()).isFalse();
  }

  @Test
  void unreadableFilesAreRemoved() throws IOException {
    try (ScriptedServer server = ScriptedServer.start(ModelPullTest::echo)) {
      ModelPull garbage =
          pull(
              server,
              "",
              source -> {
                throw new IOException(source + ": not a pickle");
              });
      assertThatThrownBy(() -> run(garbage))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("cannot be read and were removed")
          .hasMessageContaining("not a pickle");
      assertThat(files()).isEmpty();
      assertThat(cache().find(NAME)).isEmpty();
    }
  }

  @Test
  void completeFilesAreKeptAfterAFailure() throws IOException {
    try (ScriptedServer server =
        ScriptedServer.start(
            (r, out) -> {
              if (r.number() == 1) {
                head(out, "404 Not Found", "Content-Length: 0");
              } else {
                echo(r, out);
              }
            })) {
      assertThatThrownBy(() -> run(pull(server))).hasMessageContaining("404");
      assertThat(cache().find(NAME)).isEmpty();
      run(pull(server));
      assertThat(server.requests().stream().map(ScriptedServer.Request::target))
          .containsExactly("/a/w.pdparams", "/a/v.txt", "/a/v.txt");
    }
  }

  @Test
  void forceFetchesAgainAndSaysWhatChanged() throws IOException {
    try (ScriptedServer server =
        ScriptedServer.start(
            (r, out) ->
                file(
                    r,
                    out,
                    (r.target() + r.number() / 2).getBytes(StandardCharsets.UTF_8),
                    "\"x\"",
                    Integer.MAX_VALUE))) {
      run(pull(server));
      ModelPull.Pulled again =
          pull(server)
              .pull(
                  NAME,
                  new ModelPull.Options(Optional.empty(), false, true),
                  DownloadListener.NONE);
      assertThat(again.downloaded()).isTrue();
      assertThat(again.notes())
          .contains(
              server.uri("/a/v.txt") + " has changed: its SHA-256 was " + sha256("/a/v.txt0"));
    }
  }

  @Test
  void offlineContactsNoServer() throws IOException {
    ModelPull.Options offline = new ModelPull.Options(Optional.empty(), true, false);
    try (ScriptedServer server = ScriptedServer.start(ModelPullTest::echo)) {
      assertThatThrownBy(() -> pull(server).pull(NAME, offline, DownloadListener.NONE))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("nothing can be downloaded offline");
      assertThat(server.requests()).isEmpty();
      run(pull(server));
      assertThat(pull(server).pull(NAME, offline, DownloadListener.NONE).downloaded()).isFalse();
      assertThat(server.requests()).hasSize(2);
    }
  }

  @Test
  void mirrorReplacesTheServer() throws IOException {
    try (ScriptedServer official = ScriptedServer.start(ModelPullTest::echo);
        ScriptedServer mirror = ScriptedServer.start(ModelPullTest::echo)) {
      pull(official)
          .pull(
              NAME,
              new ModelPull.Options(Optional.of(mirror.uri("/copy/")), false, false),
              DownloadListener.NONE);
      assertThat(official.requests()).isEmpty();
      assertThat(mirror.requests().stream().map(ScriptedServer.Request::target))
          .containsExactly("/copy/a/w.pdparams", "/copy/a/v.txt");
    }
  }

  @Test
  void concurrentThreadsDownloadOnce() throws Exception {
    try (ScriptedServer server =
        ScriptedServer.start(
            (r, out) -> {
              Thread.sleep(100);
              echo(r, out);
            })) {
      ExecutorService pool = Executors.newFixedThreadPool(4);
      try {
        List<Future<ModelPull.Pulled>> all = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          all.add(pool.submit(() -> run(pull(server))));
        }
        int downloads = 0;
        for (Future<ModelPull.Pulled> one : all) {
          downloads += one.get().downloaded() ? 1 : 0;
          assertThat(one.get().file()).exists();
        }
        assertThat(downloads).isEqualTo(1);
      } finally {
        pool.shutdownNow();
      }
      assertThat(server.requests()).hasSize(2);
    }
  }

  /** The program of each process in the next test. */
  static final class PullProcess {
    private PullProcess() {}

    public static void main(String[] arguments) throws IOException {
      ModelRegistry registry = ModelRegistry.read(Files.newInputStream(Path.of(arguments[0])));
      run(
          new ModelPull(
              registry,
              ModelCache.at(Path.of(arguments[1])),
              ModelPullTest::imported,
              ProxySelector.of(null),
              PATIENCE));
    }
  }

  @Test
  void concurrentProcessesDownloadOnce() throws Exception {
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    try (ScriptedServer server =
        ScriptedServer.start(
            (r, out) -> {
              Thread.sleep(300);
              echo(r, out);
            })) {
      Path registry = folder.resolve("registry.json");
      Files.writeString(
          registry,
          """
          {"models": [{"name": "x", "aliases": ["nano"], "kind": "huggingface", "parameters": 1,
            "licence": "MIT", "origin": "test", "files": [
              {"as": "a", "url": "%s"}, {"as": "b", "url": "%s"}]}]}
          """
              .formatted(server.uri("/a"), server.uri("/b")));
      List<Process> processes = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        processes.add(
            new ProcessBuilder(
                    AnotherJvm.java(),
                    "-cp",
                    classPath,
                    PullProcess.class.getName(),
                    registry.toString(),
                    cache().folder().toString())
                .inheritIO()
                .start());
      }
      for (Process process : processes) {
        assertThat(process.waitFor()).isZero();
      }
      assertThat(server.requests()).hasSize(2);
      assertThat(cache().find("nano")).isPresent();
    }
  }

  @Test
  void standardRegistryListsThePublishedModels() {
    List<KnownModel> models = ModelRegistry.standard().models();
    List<String> names = models.stream().flatMap(model -> model.names().stream()).toList();
    assertThat(names).doesNotHaveDuplicates().contains("nano", "ernie-3.0-nano-zh", "bge-small-zh");
    for (String size : List.of("base", "medium", "mini", "micro", "nano")) {
      assertThat(names)
          .contains(
              "ernie-3.0-tiny-" + size + "-v1-zh",
              "ernie-3.0-tiny-" + size + "-v2-zh",
              "ernie-3.0-" + size + "-zh");
    }
    assertThat(models)
        .flatExtracting(KnownModel::files)
        .extracting(file -> file.url().getScheme())
        .containsOnly("https");
    KnownModel nano = ModelRegistry.standard().require("nano");
    assertThat(nano.parameters()).isEqualTo(17_907_240);
    assertThat(nano.files().get(0).url())
        .hasToString(
            "https://bj.bcebos.com/paddlenlp/models/transformers/ernie_3.0/ernie_3.0_tiny_nano_v2.pdparams");
    assertThatThrownBy(() -> ModelRegistry.standard().require("huge"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("there is no published model 'huge'; known are [ernie-3.0-tiny-base");
  }

  @Test
  void mirrorKeepsTheOfficialPaths() {
    URI official = URI.create("https://h.example/a/b%20c?x=1");
    assertThat(ModelPull.mirrored(official, Optional.of(URI.create("http://m:80/n/"))))
        .hasToString("http://m:80/n/a/b%20c");
    assertThat(ModelPull.mirrored(official, Optional.empty())).isEqualTo(official);
  }

  @Test
  void refusesPlainHttpUnlessAllowed() throws IOException {
    try (ScriptedServer server = ScriptedServer.start(ModelPullTest::echo)) {
      Optional<URI> mirror = Optional.of(URI.create("http://mirror.invalid"));
      assertThatThrownBy(
              () ->
                  pull(server)
                      .pull(
                          "nano",
                          new ModelPull.Options(mirror, false, false),
                          DownloadListener.NONE))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(
              "http://mirror.invalid/a/w.pdparams: not downloaded over plain http");
      assertThatThrownBy(
              () ->
                  pull(server)
                      .pull(
                          "nano",
                          new ModelPull.Options(mirror, false, false, true),
                          DownloadListener.NONE))
          .isInstanceOf(IOException.class)
          .hasMessageNotContaining("plain http");
    }
    for (KnownModel model : ModelRegistry.standard().models()) {
      assertThat(model.files()).allMatch(file -> file.url().getScheme().equals("https"));
    }
  }

  @Test
  void refusesFilesTooLargeForTheirModel() throws IOException {
    try (ScriptedServer server =
        ScriptedServer.start(
            (request, out) ->
                head(out, "200 OK", "Content-Length: 999999999999", "ETag: \"v1\""))) {
      assertThatThrownBy(() -> run(pull(server)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("has 999,999,999,999 bytes or more");
    }
  }
}
