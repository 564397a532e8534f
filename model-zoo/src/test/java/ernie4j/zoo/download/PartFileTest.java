package ernie4j.zoo.download;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ProxySelector;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartFileTest {
  @TempDir Path folder;

  /** As bytes: invalid UTF-8, and characters that no header can contain. */
  @ParameterizedTest
  @ValueSource(strings = {"\"v\u00c3(\"", "\"v\n1\"", "\0\0\0\0", ""})
  void damagedVersionRestartsTheDownload(String version) throws IOException {
    Path target = folder.resolve("model.bin");
    Files.writeString(folder.resolve("model.bin.part"), "another file");
    Files.writeString(
        folder.resolve("model.bin.part.version"), version, StandardCharsets.ISO_8859_1);
    byte[] content = "what the server has".getBytes(StandardCharsets.US_ASCII);
    try (ScriptedServer server =
        ScriptedServer.start(
            (r, out) -> ScriptedServer.file(r, out, content, "\"v1\"", Integer.MAX_VALUE))) {
      new Downloader(ProxySelector.of(null), RetryPolicy.usual(), DownloadListener.NONE)
          .download(server.uri("/m"), target, 1000);
      assertThat(server.requests()).hasSize(1);
    }
    assertThat(target).hasBinaryContent(content);
    assertThat(folder).isDirectoryNotContaining("glob:**.part*");
  }

  @Test
  void keepsTheVersionAsTheServerSentIt() throws IOException {
    PartFile part = new PartFile(folder.resolve("model.bin"));
    part.restart("\"a\u00e9 1\"").close();
    assertThat(part.version()).isEqualTo("\"a\u00e9 1\"");
  }
}
