package ernie4j.cli.model;

import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.cli.CommandLineRun;
import ernie4j.cli.TinyModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectCommandTest {
  @TempDir Path folder;

  @Test
  void listsTheTensorsOfOtherFrameworks() throws Exception {
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
  void convertRefusesAnUnknownTask() {
    CommandLineRun run = CommandLineRun.of("convert", "--task", "guessing", "a", "b");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("--task").contains("sequence-classification");
  }

  @Test
  void convertsAModelFileToAnotherPrecision() throws Exception {
    Path model = TinyModel.write(folder.resolve("m.ernie"), TinyModel.vocabulary());
    Path half = folder.resolve("half.ernie");
    CommandLineRun run = CommandLineRun.of("convert", "--precision", "bf16", model, half);
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(CommandLineRun.of("inspect", "--tensors", half).out())
        .contains("bfloat16  ernie.embeddings.word_embeddings.weight")
        .contains("float32  ernie.encoder.layers.0.linear1.bias");
    assertThat(Files.size(half)).isLessThan(Files.size(model));
    Path whole = folder.resolve("whole.ernie");
    assertThat(CommandLineRun.of("convert", "--precision", "float32", half, whole).code()).isZero();
    assertThat(CommandLineRun.of("inspect", "--tensors", whole).out()).doesNotContain("bfloat16");

    CommandLineRun wrong = CommandLineRun.of("convert", "--precision", "int4", model, half);
    assertThat(wrong.code()).isEqualTo(2);
    assertThat(wrong.err()).contains("expected float32 or bfloat16, got 'int4'");
  }
}
