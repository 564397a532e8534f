package ernie4j.zoo.paddle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ernie4j.engine.Golden;
import ernie4j.engine.file.ModelFileException;
import ernie4j.zoo.ModelImport;
import ernie4j.zoo.conversion.FileBytes;
import ernie4j.zoo.conversion.SourceTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that Paddle itself wrote, of models that are not encoders, are read to the last byte. */
class RealFilesTest {
  private static Path file(String name) {
    Path file = Golden.data("paddle-files/" + name);
    Assumptions.assumeTrue(Files.isRegularFile(file), "skipped: there is no " + file);
    return file;
  }

  @ParameterizedTest
  @CsvSource({"energy_model.pdparams", "luong_output_model.pdparams", "mnist_small.pdparams"})
  void readsParameterFiles(String name) throws Exception {
    try (PaddleParameters parameters = PaddleParameters.open(file(name))) {
      assertFinite(parameters.tensors());
      assertThat(parameters.others()).isEmpty();
    }
    assertThatThrownBy(() -> ModelImport.read(file(name)))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining("not the parameters of one ERNIE encoder");
  }

  @ParameterizedTest
  @CsvSource({"luong_inference", "ppocrv3_det"})
  void readsInferenceModels(String name) throws Exception {
    PaddleProgram program = PaddleProgram.read(file(name + ".pdmodel"));
    assertThat(program.operations()).hasSizeGreaterThan(50);
    try (FileBytes values = FileBytes.open(file(name + ".pdiparams"))) {
      assertFinite(TensorStreams.read(values, program.persistable()));
    }
    assertThatThrownBy(() -> ModelImport.read(file(name + ".pdmodel")))
        .isInstanceOf(ModelFileException.class)
        .hasMessageContaining("not the program of an ERNIE encoder");
  }

  private static void assertFinite(Map<String, SourceTensor> tensors) throws IOException {
    assertThat(tensors).isNotEmpty();
    for (Map.Entry<String, SourceTensor> entry : tensors.entrySet()) {
      for (float value : entry.getValue().floats()) {
        assertThat(Float.isFinite(value)).as(entry.getKey()).isTrue();
      }
    }
  }
}
