package ernie4j.cli.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import ernie4j.cli.CommandLineRun;
import ernie4j.cli.TinyModel;
import ernie4j.engine.file.ModelFile;
import ernie4j.zoo.cache.ModelCache;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands pull and models, and models by name. */
class PullCommandTest {
  private static final String NANO = "ernie-3.0-tiny-nano-v2-zh";

  @TempDir Path folder;
  private Optional<String> before = Optional.empty();

  @BeforeEach
  void useAnEmptyCache() {
    before = Optional.ofNullable(System.getProperty("ernie4j.cache"));
    System.setProperty("ernie4j.cache", folder.resolve("cache").toString());
  }

  @AfterEach
  void restoreTheCache() {
    before.ifPresentOrElse(
        value -> System.setProperty("ernie4j.cache", value),
        () -> System.clearProperty("ernie4j.cache"));
  }

  private void addNano() throws IOException {
    Path file = TinyModel.write(folder.resolve("m.ernie"), TinyModel.vocabulary());
    ModelCache.standard().add(List.of(NANO, "nano"), ModelFile.read(file), Map.of());
  }

  @Test
  void modelsListsTheRegistry() throws IOException {
    CommandLineRun empty = CommandLineRun.of("models");
    assertThat(empty.code()).as(empty.err()).isZero();
    String nano =
        "ernie-3.0-tiny-nano-v2-zh      17,907,240     72  Apache-2.0                      -       "
            + " lower    -        ";
    assertThat(empty.lines())
        .contains(nano + "      nano")
        .anyMatch(line -> line.matches("bge-small-zh +23,953,920 +96 +MIT +cls +as is +sha256"))
        .anyMatch(line -> line.matches("uie-nano +\\S+ +\\d+ +Apache-2.0 \\(.*\\) +- +lower +md5"))
        .noneMatch(line -> line.contains("here"));
    assertThat(empty.lines().get(0)).startsWith("name ").endsWith("other names");
    addNano();
    assertThat(CommandLineRun.of("models").lines()).contains(nano + "here  nano");
    JsonNode first =
        new ObjectMapper().readTree(CommandLineRun.of("models", "--json").lines().get(0));
    assertThat(first.get("files").get("vocab.txt").asText()).startsWith("https://bj.bcebos.com/");
    JsonNode bge =
        new ObjectMapper()
            .readTree(
                CommandLineRun.of("models", "--json").lines().stream()
                    .filter(line -> line.contains("\"bge-small-zh\""))
                    .findFirst()
                    .orElseThrow());
    assertThat(bge.get("weight_bytes").asLong()).isEqualTo(4 * 23_953_920);
    assertThat(bge.get("pooling").asText()).isEqualTo("cls");
    assertThat(bge.get("lower_case").asBoolean()).isFalse();
    assertThat(bge.get("pins").get("bge-small-zh.jar").asText()).startsWith("sha256:6f034ce0");
  }

  @Test
  void commandsFindAPulledModelByName() throws IOException {
    CommandLineRun missing = CommandLineRun.of("embed", "--model", "nano", "放");
    assertThat(missing.code()).isEqualTo(1);
    assertThat(missing.err())
        .contains("nano: there is no such file")
        .contains("'ernie4j pull nano'");
    addNano();
    for (String name : List.of("nano", NANO)) {
      CommandLineRun run = CommandLineRun.of("embed", "--model", name, "放");
      assertThat(run.code()).as(run.err()).isZero();
      assertThat(run.out())
          .isEqualTo(CommandLineRun.of("embed", "--model", folder.resolve("m.ernie"), "放").out());
      assertThat(CommandLineRun.of("inspect", name).out()).contains("encoder");
    }
  }

  @Test
  void trainEvaluateAndPredictFindAPulledModelByName() throws IOException {
    addNano();
    Path absent = folder.resolve("absent.tsv");
    Path output = folder.resolve("output");
    for (List<Object> command :
        List.<List<Object>>of(
            List.of("train", "classify", "--output-dir", output, "--data", absent),
            List.of("evaluate", "classify", "--data", absent))) {
      List<Object> words = new ArrayList<>(command);
      words.addAll(List.of("--model", "nano"));
      assertThat(CommandLineRun.of(words.toArray()).err())
          .isEqualToIgnoringNewLines("ernie4j: " + absent + ": there is no such file");
    }
    assertThat(
            CommandLineRun.of("predict", "--model", "nano", "--data", absent, "--output", output)
                .err())
        .contains(", information-extraction, got one for encoder");
  }

  @Test
  void doesNotDownloadACachedModel() throws IOException {
    addNano();
    CommandLineRun run = CommandLineRun.of("pull", "--offline", "nano");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.lines().get(0)).startsWith(NANO + ": already here, 17,907,240 parameters");
    CommandLineRun elsewhere =
        CommandLineRun.of("pull", "--offline", "--cache", folder.resolve("other"), "nano");
    assertThat(elsewhere.code()).isEqualTo(1);
    assertThat(elsewhere.err()).contains("nothing can be downloaded offline");
  }

  @Test
  void reportsAMissingFileOrAWebPageInOneSentence() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/page/",
        exchange -> {
          exchange.getResponseHeaders().set("Content-Type", "text/html");
          exchange.sendResponseHeaders(200, 0);
          try (OutputStream out = exchange.getResponseBody()) {
            out.write("<html>please log in</html>".getBytes(StandardCharsets.US_ASCII));
          }
        });
    server.start();
    String address = "http://localhost:" + server.getAddress().getPort();
    try {
      CommandLineRun absent = CommandLineRun.of("pull", "--mirror", address, "nano");
      assertThat(absent.code()).isEqualTo(1);
      assertThat(absent.err().lines()).hasSize(1);
      assertThat(absent.err())
          .contains(
              address + "/paddlenlp/models/transformers/ernie_3.0/ernie_3.0_tiny_nano_v2.pdparams")
          .contains("the server answered 404");
      CommandLineRun page = CommandLineRun.of("pull", "--mirror", address + "/page", "nano");
      assertThat(page.code()).isEqualTo(1);
      assertThat(page.err()).contains("got a web page");
      assertThat(ModelCache.standard().find("nano")).isEmpty();
    } finally {
      server.stop(0);
    }
  }

  @Test
  void refusesWrongArguments() {
    assertThat(CommandLineRun.of("pull").code()).isEqualTo(2);
    assertThat(CommandLineRun.of("pull", "--mirror", "there", "nano").code()).isEqualTo(2);
    assertThat(CommandLineRun.of("pull", "--offline", "--force", "nano").code()).isEqualTo(2);
    CommandLineRun unknown = CommandLineRun.of("pull", "huge");
    assertThat(unknown.code()).isEqualTo(1);
    assertThat(unknown.err()).contains("there is no published model 'huge'; known are");
  }

  @Test
  void downloadLineShowsRateAndTimeLeft() {
    StringWriter text = new StringWriter();
    long[] now = {0};
    DownloadLine line = new DownloadLine(new PrintWriter(text), true, () -> now[0]);
    line.received("w.bin", 10_000_000, 70_000_000);
    now[0] = 100_000_000;
    line.received("w.bin", 11_000_000, 70_000_000); // too soon
    now[0] = 2_000_000_000;
    line.received("w.bin", 30_000_000, 70_000_000);
    now[0] = 4_000_000_000L;
    line.received("w.bin", 70_000_000, 70_000_000);
    assertThat(text.toString().split("\r", -1))
        .extracting(String::strip)
        .containsExactly(
            "", "w.bin  30.0 of 70.0 MB  10.0 MB/s  4 s left", "w.bin  70.0 of 70.0 MB  15.0 MB/s");
    StringWriter log = new StringWriter();
    DownloadLine unknown = new DownloadLine(new PrintWriter(log), false, () -> now[0]);
    unknown.received("w.bin", 0, -1);
    now[0] += 6_000_000_000L;
    unknown.received("w.bin", 6_000_000, -1);
    unknown.note("trying again");
    assertThat(log.toString().lines())
        .containsExactly("w.bin  6.0 MB  1.0 MB/s", "ernie4j: trying again");
  }
}
