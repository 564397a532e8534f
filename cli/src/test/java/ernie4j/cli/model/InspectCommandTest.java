package ernie4j.cli.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ernie4j.cli.CommandLineRun;
import ernie4j.cli.TinyModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InspectCommandTest {
  @TempDir Path folder;

  @Test
  void filesOfOtherFrameworksAreListedTensorByTensor() throws Exception {
    Path model = TinyModel.write(folder.resolve("m.ernie"), TinyModel.vocabulary());
    assertThat(CommandLineRun.of("inspect", model).out()).contains("encoder");
    for (String format : List.of("onnx", "huggingface", "paddlenlp", "paddle-inference")) {
      Path target = folder.resolve(format);
      CommandLineRun export =
          CommandLineRun.of("export", model, "--format", format, "--output-dir", target);
      assertThat(export.code()).as(export.err()).isZero();
      CommandLineRun run = CommandLineRun.of("inspect", target);
      assertThat(run.code()).as("%s: %s", format, run.err()).isZero();
      assertThat(run.out())
          .as(format)
          .contains("of another framework")
          .containsPattern("(?m)^f(loat)?32 .*word_embeddings.weight \\[\\d+, 24\\]$");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "energy_model.pdparams,tensors",
    "mnist_small.pdparams,tensors",
    "luong_inference.pdmodel,tensors",
    "ppocrv3_det.pdmodel,tensors"
  })
  void publishedFilesOfOtherModelsAreListed(String name, String expected) {
    Path data = Path.of(System.getProperty("ernie4j.data", "../../shared/data"));
    Path file = data.resolve("paddle-files").resolve(name);
    assumeTrue(Files.isRegularFile(file), () -> "skipped: there is no file " + file);
    CommandLineRun run = CommandLineRun.of("inspect", file);
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).contains(expected).containsPattern("(?m)^float32 +\\S+ \\[\\d+");
  }

  @Test
  void taskOfConvertIsOneThatIsKnown() {
    CommandLineRun run = CommandLineRun.of("convert", "--task", "guessing", "a", "b");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("--task").contains("sequence-classification");
  }
}
