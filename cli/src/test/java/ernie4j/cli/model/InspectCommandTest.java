package ernie4j.cli.model;

import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.cli.CommandLineRun;
import ernie4j.cli.TinyModel;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectCommandTest {
  @TempDir Path folder;

  @Test
  void filesOfOtherFrameworksAreListedTensorByTensor() throws Exception {
    Path model = TinyModel.write(folder.resolve("m.ernie"), TinyModel.vocabulary());
    assertThat(CommandLineRun.of("inspect", model).out()).contains("encoder");
    for (String format : List.of("onnx", "huggingface", "paddlenlp", "paddle_inference")) {
      Path target = folder.resolve(format);
      CommandLineRun export =
          CommandLineRun.of("export", "--model", model, "--format", format, "--output-dir", target);
      assertThat(export.code()).as(export.err()).isZero();
      CommandLineRun run = CommandLineRun.of("inspect", target);
      assertThat(run.code()).as("%s: %s", format, run.err()).isZero();
      assertThat(run.out())
          .as(format)
          .contains("of another framework")
          .containsPattern(
              "(?m)^f(loat)?32 .*(word_embeddings.weight|embedding_0.w_0) \\[\\d+, 24\\]$");
    }
  }

  @Test
  void taskOfConvertIsOneThatIsKnown() {
    CommandLineRun run = CommandLineRun.of("convert", "--task", "guessing", "a", "b");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("--task").contains("sequence-classification");
  }
}
