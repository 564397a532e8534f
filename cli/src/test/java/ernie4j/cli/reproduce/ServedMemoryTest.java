package ernie4j.cli.reproduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ernie4j.cli.CommandLineRun;
import ernie4j.cli.Main;
import ernie4j.cli.TinyModel;
import ernie4j.training.data.JointFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class ServedMemoryTest {
  @TempDir Path folder;
  private ServedMemory memory;

  @BeforeEach
  void takeUtterances() throws IOException {
    Path corpus = folder.resolve("corpus.txt");
    TinyModel.writeCorpus(corpus);
    memory = new ServedMemory(Main.class, JointFile.read(corpus).examples(), Duration.ZERO);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void measuresAPlausibleAmountOfMemory() throws Exception {
    Path encoder = TinyModel.write(folder.resolve("encoder.ernie"), TinyModel.vocabulary());
    Path output = folder.resolve("tuned");
    CommandLineRun run =
        CommandLineRun.of(
            "train",
            "slu",
            "--model",
            encoder,
            "--data",
            folder.resolve("corpus.txt"),
            "--epochs",
            1,
            "--output-dir",
            output);
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(memory.mebibytes(output.resolve("model.ernie")).orElseThrow())
        .isBetween(20.0, 1000.0);
  }

  @Test
  void aModelThatCannotBeServedIsAnError() {
    assertThatThrownBy(() -> memory.mebibytes(folder.resolve("none.ernie")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("ended before its last answer");
  }
}
