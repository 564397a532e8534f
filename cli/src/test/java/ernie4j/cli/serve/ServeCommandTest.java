package ernie4j.cli.serve;

import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.cli.CommandLineRun;
import ernie4j.cli.TinyModel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command around the service, which {@code --check} ends at once. */
class ServeCommandTest {
  @TempDir Path folder;

  private static CommandLineRun check(Object... more) {
    List<Object> words =
        new ArrayList<>(
            List.of("serve", "--check", "--no-access-log", "--port", 0, "--warm-up", 1));
    words.addAll(Arrays.asList(more));
    return CommandLineRun.of(words.toArray());
  }

  private static void assertOneSentence(CommandLineRun run, String sentence) {
    assertThat(run.code()).as(run.err()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.err()).startsWith("ernie4j: ").contains(sentence);
  }

  @Test
  void servesTheBundledModel() {
    CommandLineRun run = check();
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).isEmpty();
    assertThat(run.err().lines().toList())
        .satisfiesExactly(
            line -> assertThat(line).matches("ernie4j: serving on http://127.0.0.1:[1-9]\\d*"),
            line -> assertThat(line).isEqualTo("  bundled  /v1/parse"),
            line -> assertThat(line).startsWith("ernie4j: ready after "),
            line -> assertThat(line).isEqualTo("ernie4j: the service answers"));
  }

  @Test
  void servesModelsUnderTheirNames() throws IOException {
    Path slu = TinyModel.writeTask(folder.resolve("scores.ernie"), "scoring");
    Path encoder = TinyModel.write(folder.resolve("tiny.ernie"), TinyModel.vocabulary());
    Path odd = TinyModel.write(folder.resolve("a=b.ernie"), TinyModel.vocabulary());
    CommandLineRun run =
        check(
            "--model",
            slu,
            "--model",
            "vectors=" + encoder,
            "--model",
            odd,
            "--model",
            encoder,
            "--model",
            "x=y=" + encoder);
    assertThat(run.code()).as(run.err()).isEqualTo(1); // the last one is not there
    run =
        check("--model", slu, "--model", "vectors=" + encoder, "--model", odd, "--model", encoder);
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.err().lines())
        .containsSubsequence(
            "  scores  /v1/score /v1/rerank",
            "  vectors  /v1/embeddings",
            "  a=b  /v1/embeddings",
            "  tiny  /v1/embeddings");
  }

  @Test
  void readsNamesOfModels() throws Exception {
    ServedFile.Converter converter = new ServedFile.Converter();
    assertThat(converter.convert("bge=dir/bge-small-zh.ernie"))
        .isEqualTo(new ServedFile("bge", Path.of("dir/bge-small-zh.ernie")));
    assertThat(converter.convert("dir/bge-small-zh.ernie"))
        .isEqualTo(new ServedFile("bge-small-zh", Path.of("dir/bge-small-zh.ernie")));
    assertThat(converter.convert("dir/model.bin"))
        .isEqualTo(new ServedFile("model.bin", Path.of("dir/model.bin")));
    assertThat(converter.convert("=dir/m.ernie").file()).isEqualTo(Path.of("=dir/m.ernie"));
    Path file = Files.writeString(folder.resolve("n=m.ernie"), "");
    assertThat(converter.convert(file.toString())).isEqualTo(new ServedFile("n=m", file));
  }

  @Test
  void readsAnUnknownNameAsAFile() throws Exception {
    // Not a pulled model, so it is taken as a file, which does not exist.
    assertOneSentence(check("--model", "no-such-model"), "no-such-model: there is no such file");
    assertOneSentence(check("--model", "m=no-such-model"), "no-such-model: there is no such file");
  }

  @Test
  void refusesModelsThatCannotBeServed() throws IOException {
    Path missing = folder.resolve("missing.ernie");
    assertOneSentence(check("--model", missing), missing + ": there is no such file");
    Path masked = TinyModel.writeMaskedLanguageModel(folder.resolve("masked.ernie"));
    assertOneSentence(check("--model", masked), "masked-lm has no HTTP interface");
    Path broken = Files.writeString(folder.resolve("broken.ernie"), "no model at all");
    assertOneSentence(check("--model", broken), "broken.ernie");
    Path encoder = TinyModel.write(folder.resolve("tiny.ernie"), TinyModel.vocabulary());
    assertOneSentence(
        check("--model", encoder, "--model", "tiny=" + encoder), "two models are named tiny");
    assertOneSentence(check("--model", encoder, "--host", "no.such.host.invalid"), "cannot listen");
  }

  /** In a separate JVM, to see that standard error has nothing else, such as the server's log. */
  @Test
  void refusesAPortInUse() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = String.valueOf(taken.getLocalPort());
      Path err = folder.resolve("err");
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Dernie4j.kernels=scalar",
                  "-cp",
                  System.getProperty("java.class.path"),
                  "ernie4j.cli.Main",
                  "serve",
                  "--port",
                  port)
              .redirectError(err.toFile())
              .start();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("it ends").isTrue();
      String message = Files.readString(err);
      assertOneSentence(
          new CommandLineRun(process.exitValue(), "", message),
          "the service cannot listen on 127.0.0.1 port " + port + ": ");
    }
  }

  @Test
  void tokens() throws IOException {
    Path token = Files.writeString(folder.resolve("token"), "opaque-token\n");
    CommandLineRun run = check("--token-file", token, "--host", "0.0.0.0");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.err()).doesNotContain("warning", "opaque-token");
    assertThat(check("--host", "0.0.0.0").err())
        .contains("warning: others can reach this service and it asks for no token");

    Path empty = Files.writeString(folder.resolve("empty"), " \n");
    // Refused before a model is read: this one does not exist.
    run = check("--token-file", empty, "--model", folder.resolve("missing.ernie"));
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("--token-file: expected a secret, got an empty file: " + empty);
    assertOneSentence(
        check("--token-file", folder.resolve("nothing")),
        folder.resolve("nothing") + ": there is no such file");
  }
}
