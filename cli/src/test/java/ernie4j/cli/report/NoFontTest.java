package ernie4j.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.cli.Main;
import ernie4j.cli.TinyModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * A training must not fail on a machine where Java cannot draw letters, such as a slim container.
 */
class NoFontTest {
  @TempDir Path folder;

  /** A display that does not exist fails at the same place and with the same kind of error. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void trainingWritesItsModelAndAReportWithoutPictures() throws Exception {
    Path output = train("-Djava.awt.headless=false");
    assertThat(Files.readString(folder.resolve("err")))
        .contains("training.png was not drawn")
        .contains("install fontconfig and a font");
    assertThat(output.resolve("training.png")).doesNotExist();
    assertThat(Files.readString(folder.resolve("out")))
        .contains("model.ernie", "report.html")
        .doesNotContain("training.png");
    assertThat(Files.readString(output.resolve("report.html")))
        .contains("was not drawn", "Intent accuracy")
        .doesNotContain("<img");
  }

  /** As after the logout of a user whose display the environment still names. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void aMissingDisplayDoesNotMatter() throws Exception {
    assertThat(train("-Dernie4j.test").resolve("training.png")).exists();
  }

  private Path train(String option) throws Exception {
    Path model = TinyModel.write(folder.resolve("tiny.ernie"), TinyModel.vocabulary());
    Path corpus = TinyModel.writeCorpus(folder.resolve("corpus.txt"));
    Path output = folder.resolve("trained");
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    List<String> command = new ArrayList<>(List.of(java.toString(), option));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of("train", "slu", "--model", model.toString(), "--max-steps", "2"));
    command.addAll(List.of("--data", corpus.toString(), "--output-dir", output.toString()));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("DISPLAY", ":4711");
    builder.redirectOutput(folder.resolve("out").toFile());
    builder.redirectError(folder.resolve("err").toFile());
    assertThat(builder.start().waitFor()).as(Files.readString(folder.resolve("err"))).isZero();
    assertThat(output.resolve("model.ernie")).exists();
    return output;
  }
}
