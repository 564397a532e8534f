package ernie4j.cli.model;

import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.cli.CommandLineRun;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The bundled int8 model is exported to every format and, converted back, answers the same. */
class ExportCommandTest {
  private static final String TEXT = "来一首周华健的花心";

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "onnx, model.onnx",
    "huggingface, model.safetensors",
    "paddlenlp, model_state.pdparams",
    "paddle_inference, model.pdmodel"
  })
  void exportedModelsAreConvertedBack(String format, String file) {
    Path output = folder.resolve(format);
    CommandLineRun export = CommandLineRun.of("export", "--format", format, "--output-dir", output);
    assertThat(export.code()).as(export.err()).isZero();
    assertThat(export.out()).contains(output.resolve(file) + "  ").contains("vocab.txt");
    Path back = folder.resolve("back.ernie");
    CommandLineRun convert = CommandLineRun.of("convert", output, back);
    assertThat(convert.code()).as(convert.err()).isZero();
    CommandLineRun parse = CommandLineRun.of("parse", "--model", back, TEXT);
    assertThat(parse.code()).as(parse.err()).isZero();
    assertThat(withoutNumbers(parse.out()))
        .isEqualTo(withoutNumbers(CommandLineRun.of("parse", TEXT).out()));
  }

  private static String withoutNumbers(String answer) {
    return answer.replaceAll("\\(0\\.\\d+\\)", "");
  }

  @Test
  void floatWritesInt8WeightsAsFloats() throws Exception {
    CommandLineRun codes =
        CommandLineRun.of("export", "--format", "onnx", "--output-dir", folder.resolve("codes"));
    CommandLineRun floats =
        CommandLineRun.of(
            "export", "--float", "--format", "onnx", "--output-dir", folder.resolve("floats"));
    assertThat(codes.code() + floats.code()).isZero();
    assertThat(Files.size(folder.resolve("floats/model.onnx")))
        .isGreaterThan(3 * Files.size(folder.resolve("codes/model.onnx")));
  }

  @Test
  void refusesAFolderThatIsNotEmpty() throws Exception {
    Files.writeString(folder.resolve("mine"), "precious");
    CommandLineRun run = CommandLineRun.of("export", "--format", "onnx", "--output-dir", folder);
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains("expected a new or empty folder");
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(folder.resolve("mine"));
    }
  }
}
