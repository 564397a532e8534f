package ernie4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What only a separate process shows: its standard output, signals and its exit code. */
class ProcessTest {
  private static final File FULL = new File("/dev/full");

  @TempDir Path folder;

  private ProcessBuilder program(Object... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Dernie4j.kernels=scalar"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "ernie4j.cli.Main"));
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    return new ProcessBuilder(command);
  }

  /**
   * The launcher puts the server on the class path for 'serve' alone; all commands load without.
   */
  @Test
  void noCommandButServeNeedsTheServer() throws Exception {
    String withoutServer =
        Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
            .filter(
                entry -> !entry.replace('\\', '/').matches(".*/(server/target/|ernie4j-server).*"))
            .collect(Collectors.joining(File.pathSeparator));
    Path out = folder.resolve("out");
    for (List<Object> words :
        List.<List<Object>>of(
            List.of("help"), List.of("--help"), List.of("completion"), List.of("help", "serve"))) {
      ProcessBuilder builder = program(words.toArray());
      builder.command().set(builder.command().indexOf("-cp") + 1, withoutServer);
      Process process = builder.redirectErrorStream(true).redirectOutput(out.toFile()).start();
      assertThat(code(process)).as("%s: %s", words, Files.readString(out)).isZero();
      assertThat(Files.readString(out)).contains("serve");
    }
    ProcessBuilder serve = program("serve", "--check", "--port", 0);
    serve.command().set(serve.command().indexOf("-cp") + 1, withoutServer);
    Process process = serve.redirectErrorStream(true).redirectOutput(out.toFile()).start();
    assertThat(code(process)).isEqualTo(2);
    assertThat(Files.readString(out)).contains("not on the class path");
  }

  private static int code(Process process) throws InterruptedException {
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("it ends").isTrue();
    return process.exitValue();
  }

  @Test
  void outputThatCannotBeWrittenIsAnError() throws Exception {
    assumeTrue(FULL.exists(), "there is no /dev/full");
    Path err = folder.resolve("err");
    for (List<Object> words :
        List.<List<Object>>of(
            List.of("parse", "打开空调"),
            List.of("parse", "--json", "打开空调"),
            List.of("inspect"),
            List.of("models"),
            List.of("parse", "--help"),
            List.of("help", "parse"),
            List.of("--version"))) {
      Process process =
          program(words.toArray()).redirectOutput(FULL).redirectError(err.toFile()).start();
      assertThat(code(process)).as("%s", words).isEqualTo(1);
      assertThat(Files.readString(err))
          .as("%s", words)
          .isEqualTo("ernie4j: standard output could not be written: no space left on device\n");
    }
  }

  @Test
  void aClosedPipeEndsTheCommandSilently() throws Exception {
    Path texts = Files.write(folder.resolve("texts"), Collections.nCopies(20_000, "打开空调"));
    Path err = folder.resolve("err");
    Process process = program("parse", "--input", texts).redirectError(err.toFile()).start();
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      assertThat(out.readLine()).isEqualTo("打开空调");
    }
    assertThat(code(process)).isEqualTo(141);
    assertThat(err).isEmptyFile();
  }

  /**
   * The printed command continues the training and ends with the bits of one that was never
   * stopped.
   */
  @Test
  void aSignalDuringTrainingLeavesACheckpointAndSaysHowToContinue() throws Exception {
    Path model = TinyModel.write(folder.resolve("tiny.ernie"), TinyModel.vocabulary());
    Path corpus = TinyModel.writeCorpus(folder.resolve("a corpus.txt"));
    Path output = folder.resolve("stopped");
    List<Object> words =
        new ArrayList<>(
            List.of("train", "slu", "--model", model, "--data", corpus, "--max-length", 12));
    words.addAll(List.of("--epochs", 2, "--max-steps", 2000, "--batch-size", 1));
    words.addAll(List.of("--eval-steps", 2000, "--output-dir"));
    List<Object> stopped = new ArrayList<>(words);
    stopped.add(output);
    Process process = program(stopped.toArray()).start();
    String err;
    try (BufferedReader messages = process.errorReader(StandardCharsets.UTF_8)) {
      assertThat(messages.readLine()).contains("126 utterances");
      while (!Files.exists(output)) {
        Thread.sleep(5); // until the first step
      }
      assertThat(process.toHandle().destroy()).isTrue();
      StringBuilder all = new StringBuilder();
      for (String line = messages.readLine(); line != null; line = messages.readLine()) {
        all.append(line).append('\n');
      }
      err = all.toString();
    }
    assertThat(code(process)).isEqualTo(143);
    assertThat(err)
        .contains("ernie4j: stopped at step ")
        .contains(" a checkpoint was written; to continue:\n");
    String command = err.lines().reduce((first, last) -> last).orElseThrow().strip();
    assertThat(command)
        .startsWith("ernie4j train slu --model ")
        .contains(" '" + corpus + "' ")
        .endsWith(" --output-dir " + output + " --resume");
    assertThat(output.resolve("checkpoint.safetensors")).exists();
    assertThat(output.resolve("model.ernie")).doesNotExist();

    stopped.add("--resume");
    assertThat(CommandLineRun.of(stopped.toArray()).code()).isZero();
    Path unbroken = folder.resolve("unbroken");
    words.add(unbroken);
    assertThat(CommandLineRun.of(words.toArray()).code()).isZero();
    assertThat(output.resolve("checkpoint.safetensors"))
        .hasSameBinaryContentAs(unbroken.resolve("checkpoint.safetensors"));
  }

  @Test
  void resumesWithTheCommandThatBegan() {
    assertThat(Main.resuming("distill", "--student", "nano")).endsWith("nano", "--resume");
    assertThat(Main.resuming("train", "tag", "--resume", "--epochs", "3"))
        .containsExactly("train", "tag", "--resume", "--epochs", "3");
    // Experiments continue without an option.
    assertThat(Main.resuming("reproduce", "slu", "--data", "d")).endsWith("--data", "d");
  }

  @Test
  void fileErrorsNamePathAndReason() throws IOException {
    Path model = TinyModel.write(folder.resolve("tiny.ernie"), TinyModel.vocabulary());
    assertThat(CommandLineRun.of("embed", "--model", model, "--input", folder).err())
        .endsWith("ernie4j: %s: is a directory%n".formatted(folder));
    assertThat(CommandLineRun.of("embed", "--model", model, "--input", folder.resolve("no")).err())
        .endsWith("ernie4j: %s: there is no such file%n".formatted(folder.resolve("no")));
    for (String option : List.of("--data", "--text")) {
      String task = option.equals("--data") ? "classify" : "mlm";
      CommandLineRun run =
          CommandLineRun.of(
              "train", task, "--model", model, option, folder, "--output-dir", folder.resolve("o"));
      assertThat(run.code()).isEqualTo(1);
      assertThat(run.err()).isEqualTo("ernie4j: %s: is a directory%n".formatted(folder));
    }
  }
}
