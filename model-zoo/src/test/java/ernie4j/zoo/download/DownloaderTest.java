package ernie4j.zoo.download;

import static ernie4j.zoo.download.ScriptedServer.file;
import static ernie4j.zoo.download.ScriptedServer.head;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DownloaderTest {
  private static final int ALL = Integer.MAX_VALUE;
  private static final RetryPolicy PATIENCE =
      new RetryPolicy(
          3,
          Duration.ofMillis(5),
          Duration.ofSeconds(2),
          Duration.ofMillis(800),
          Duration.ofMillis(400));

  private static final long MOST_BYTES = 10_000_000;

  @TempDir Path folder;

  private final byte[] content = new byte[300_000];
  private final byte[] other = new byte[200_000];
  private final List<String> notes = new ArrayList<>();
  private long lastReceived;
  private long lastTotal;
  private Path target = Path.of("");

  @BeforeEach
  void fill() {
    new Random(1).nextBytes(content);
    new Random(2).nextBytes(other);
    target = folder.resolve("model.bin");
  }

  private void download(URI uri, ProxySelector proxies) throws IOException {
    DownloadListener listener =
        new DownloadListener() {
          @Override
          public void received(String file, long bytes, long total) {
            assertThat(file).isEqualTo("model.bin");
            lastReceived = bytes;
            lastTotal = total;
          }

          @Override
          public void note(String message) {
            notes.add(message);
          }
        };
    new Downloader(proxies, PATIENCE, listener).download(uri, target, MOST_BYTES);
  }

  private void download(ScriptedServer server) throws IOException {
    download(server.uri("/m"), ProxySelector.of(null));
  }

  private void assertComplete(byte[] expected) {
    assertThat(target).hasBinaryContent(expected);
    assertThat(folder).isDirectoryContaining(path -> path.equals(target));
    assertThat(folder.toFile().list()).hasSize(1);
  }

  private void assertFails(ScriptedServer server, int requests, String message) {
    assertThatThrownBy(() -> download(server))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(server.uri("/m").toString())
        .hasMessageContaining(message);
    assertThat(target).doesNotExist();
    assertThat(server.requests()).hasSize(requests);
  }

  @Test
  void downloadsAWholeFileWithProgress() throws IOException {
    try (ScriptedServer server =
        ScriptedServer.start((r, out) -> file(r, out, content, "\"v1\"", ALL))) {
      download(server);
      assertComplete(content);
      assertThat(lastReceived).isEqualTo(lastTotal).isEqualTo(content.length);
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void resumesAfterABrokenConnection() throws IOException {
    // There are more interruptions than attempts, but none counts, because each attempt receives
    // bytes.
    try (ScriptedServer server =
        ScriptedServer.start((r, out) -> file(r, out, content, "\"v1\"", 50_000))) {
      download(server);
      assertComplete(content);
      assertThat(server.requests().size()).isGreaterThanOrEqualTo(6);
      assertThat(server.requests().get(1).header("if-range")).isEqualTo("\"v1\"");
      assertThat(server.requests().get(1).header("range"))
          .startsWith("bytes=")
          .doesNotContain("=0-");
      assertThat(notes).isNotEmpty().allMatch(note -> note.contains("trying again"));
    }
  }

  /**
   * A failure to write on this machine is not a broken connection, so there is no other attempt.
   */
  @Test
  void writeFailuresAreNotRetried() throws IOException {
    Path part = Files.createDirectory(folder.resolve("model.bin.part"));
    Files.createFile(part.resolve("in-the-way"));
    try (ScriptedServer server =
        ScriptedServer.start((r, out) -> file(r, out, content, "\"v1\"", ALL))) {
      assertThatThrownBy(() -> download(server))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith(part + ": ")
          .hasMessageContaining("what has arrived is kept")
          .hasMessageNotContaining("connection");
      assertThat(server.requests()).hasSize(1);
    }
    assertThat(notes).isEmpty();
  }

  @Test
  void messageNamesFullDiskAndFile() throws IOException {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full), "there is no /dev/full");
    try (OutputStream out = Files.newOutputStream(full)) {
      assertThatThrownBy(() -> new PartFile(target).write(out, content))
          .isInstanceOf(FileSystemException.class)
          .hasMessage(target + ".part: No space left on device");
    }
  }

  @Test
  void laterDownloadResumesToo() throws IOException {
    try (ScriptedServer server =
        ScriptedServer.start(
            (r, out) -> {
              if (r.number() == 0) {
                file(r, out, content, "\"v1\"", 100_000);
              } else if (r.number() < 4) {
                head(out, "503 Unavailable", "Content-Length: 0");
              } else {
                file(r, out, content, "\"v1\"", ALL);
              }
            })) {
      assertThatThrownBy(() -> download(server)).hasMessageContaining("503");
      assertThat(target).doesNotExist();
      download(server);
      assertComplete(content);
      assertThat(server.requests().get(4).header("range")).isEqualTo("bytes=100000-");
    }
  }

  @Test
  void startsOverWithoutAVersion() throws IOException {
    try (ScriptedServer server =
        ScriptedServer.start(
            (r, out) -> {
              head(out, "200 OK", "Content-Length: " + content.length, "ETag: W/\"weak\"");
              out.write(content, 0, r.number() == 0 ? 100_000 : content.length);
            })) {
      download(server);
      assertComplete(content);
      assertThat(server.requests().get(1).headers()).doesNotContainKey("range");
    }
  }

  @Test
  void changedFileIsFetchedWhole() throws IOException {
    try (ScriptedServer server =
        ScriptedServer.start(
            (r, out) -> {
              if (r.number() == 0) {
                file(r, out, content, "\"v1\"", 100_000);
              } else {
                file(r, out, other, "\"v2\"", ALL);
              }
            })) {
      download(server);
      assertComplete(other);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ETag: \"v2\"|100000", "ETag: \"v1\"|0", "ETag: \"v1\"|99999"})
  void aWrongPartIsNotAppended(String mistake) throws IOException {
    String tag = mistake.substring(0, mistake.indexOf('|'));
    int from = Integer.parseInt(mistake.substring(mistake.indexOf('|') + 1));
    try (ScriptedServer server =
        ScriptedServer.start(
            (r, out) -> {
              if (r.number() == 0) {
                file(r, out, content, "\"v1\"", 100_000);
              } else if (!r.header("range").isEmpty()) {
                head(
                    out,
                    "206 Partial Content",
                    tag,
                    "Content-Length: " + (other.length - from),
                    "Content-Range: bytes %d-%d/%d"
                        .formatted(from, other.length - 1, other.length));
                out.write(other, from, other.length - from);
              } else {
                file(r, out, other, "\"v2\"", ALL);
              }
            })) {
      download(server);
      assertComplete(other);
    }
  }

  @Test
  void completePartBecomesTheFile() throws IOException {
    Files.write(folder.resolve("model.bin.part"), content);
    Files.writeString(folder.resolve("model.bin.part.version"), "\"v1\"");
    try (ScriptedServer server =
        ScriptedServer.start(
            (r, out) ->
                head(
                    out,
                    "416 Range Not Satisfiable",
                    "Content-Length: 0",
                    "Content-Range: bytes */" + content.length))) {
      download(server);
      assertComplete(content);
    }
  }

  @Test
  void partLongerThanTheFileIsDiscarded() throws IOException {
    Files.write(folder.resolve("model.bin.part"), content);
    Files.writeString(folder.resolve("model.bin.part.version"), "\"v1\"");
    try (ScriptedServer server =
        ScriptedServer.start(
            (r, out) -> {
              if (r.header("range").isEmpty()) {
                file(r, out, other, "\"v2\"", ALL);
              } else {
                head(
                    out,
                    "416 Range Not Satisfiable",
                    "Content-Length: 0",
                    "Content-Range: bytes */" + other.length);
              }
            })) {
      download(server);
      assertComplete(other);
    }
  }

  @Test
  void failsIfTheServerSendsLessThanPromised() throws IOException {
    try (ScriptedServer server =
        ScriptedServer.start(
            (r, out) -> {
              head(out, "200 OK", "Content-Length: 400000");
              out.write(content);
            })) {
      assertThatThrownBy(() -> download(server)).hasMessageContaining("the connection broke");
      assertThat(target).doesNotExist();
      assertThat(server.requests()).hasSizeBetween(3, 10);
    }
  }

  @Test
  void refusesAWebPage() throws IOException {
    try (ScriptedServer server =
        ScriptedServer.start(
            (r, out) -> {
              head(out, "200 OK", "Content-Type: text/html; charset=utf-8", "Content-Length: 6");
              out.write("<html>".getBytes(StandardCharsets.US_ASCII));
            })) {
      assertFails(server, 1, "got a web page");
    }
  }

  @Test
  void waitsForASlowServer() throws IOException {
    try (ScriptedServer server =
        ScriptedServer.start(
            (r, out) -> {
              head(out, "200 OK", "Content-Length: 8");
              for (int i = 0; i < 8; i++) {
                Thread.sleep(100); // 800 ms in all, twice the limit on silence
                out.write(content, i, 1);
                out.flush();
              }
            })) {
      download(server);
      assertThat(server.requests()).hasSize(1);
      assertThat(Files.size(target)).isEqualTo(8);
    }
  }

  @Test
  void retriesIfTheServerFallsSilent() throws IOException {
    try (ScriptedServer server =
        ScriptedServer.start(
            (r, out) -> {
              file(r, out, content, "\"v1\"", r.number() == 0 ? 100_000 : ALL);
              if (r.number() == 0) {
                out.flush();
                Thread.sleep(5000);
              }
            })) {
      download(server);
      assertComplete(content);
      assertThat(notes.get(0)).contains("nothing arrived for");
      assertThat(server.requests().get(1).header("range")).isEqualTo("bytes=100000-");
    }
  }

  @Test
  void failsIfTheServerNeverAnswers() throws IOException {
    try (ScriptedServer server = ScriptedServer.start((r, out) -> Thread.sleep(5000))) {
      assertFails(server, 3, "nothing arrived for 0.8 s");
    }
  }

  @Test
  void failsWithoutAServer() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    assertThatThrownBy(
            () -> download(URI.create("http://localhost:" + port + "/m"), ProxySelector.of(null)))
        .hasMessageContaining("no connection; is there a network");
  }

  @Test
  void followsRedirectionsUpToALimit() throws IOException {
    try (ScriptedServer server =
        ScriptedServer.start(
            (r, out) -> {
              if (r.target().equals("/m")) {
                head(out, "302 Found", "Location: /elsewhere", "Content-Length: 0");
              } else {
                file(r, out, content, "\"v1\"", r.number() == 1 ? 1000 : ALL);
              }
            })) {
      download(server);
      assertComplete(content);
    }
    Files.delete(target);
    try (ScriptedServer loop =
        ScriptedServer.start(
            (r, out) -> head(out, "302 Found", "Location: /m", "Content-Length: 0"))) {
      assertThatThrownBy(() -> download(loop)).hasMessageContaining("too many redirections");
      assertThat(loop.requests().size()).isLessThan(20);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"404 Not Found", "410 Gone", "403 Forbidden", "401 Unauthorized"})
  void clientErrorsAreNotRetried(String status) throws IOException {
    try (ScriptedServer server =
        ScriptedServer.start((r, out) -> head(out, status, "Content-Length: 0"))) {
      assertFails(server, 1, "the server answered " + status.substring(0, 3) + ": ");
    }
  }

  @Test
  void serverErrorsAreRetriedUpToALimit() throws IOException {
    try (ScriptedServer server =
        ScriptedServer.start(
            (r, out) -> {
              if (r.number() < 2) {
                head(out, r.number() == 0 ? "500 Oops" : "503 Busy", "Content-Length: 0");
              } else {
                file(r, out, content, "\"v1\"", ALL);
              }
            })) {
      download(server);
      assertComplete(content);
    }
    Files.delete(target);
    try (ScriptedServer server =
        ScriptedServer.start((r, out) -> head(out, "500 Oops", "Content-Length: 0"))) {
      assertFails(server, 3, "the server answered 500");
    }
  }

  @Test
  void respectsRetryAfterUpToALimit() throws IOException {
    try (ScriptedServer server =
        ScriptedServer.start(
            (r, out) -> {
              if (r.number() == 0) {
                head(out, "429 Too Many Requests", "Retry-After: 1", "Content-Length: 0");
              } else {
                file(r, out, content, "\"v1\"", ALL);
              }
            })) {
      long start = System.nanoTime();
      download(server);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(990));
      assertComplete(content);
    }
    Files.delete(target);
    try (ScriptedServer server =
        ScriptedServer.start(
            (r, out) ->
                head(out, "429 Too Many Requests", "Retry-After: 3600", "Content-Length: 0"))) {
      assertFails(server, 1, "the server answered 429");
    }
  }

  @Test
  void usesTheProxyOfTheEnvironment() throws IOException {
    try (ScriptedServer proxy =
        ScriptedServer.start((r, out) -> file(r, out, content, "\"v1\"", ALL))) {
      Map<String, String> environment = Map.of("http_proxy", "http://localhost:" + proxy.port());
      download(
          URI.create("http://models.invalid/m"),
          new EnvironmentProxies(
              name -> environment.getOrDefault(name, ""), ProxySelector.of(null)));
      assertComplete(content);
      assertThat(proxy.requests().get(0).target()).isEqualTo("http://models.invalid/m");
    }
  }
}
