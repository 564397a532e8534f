package ernie4j.engine.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TileGeneratorTest {
  private static final Path FOLDER = Path.of("src/main/java/ernie4j/engine/kernels");

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void committedFileIsWhatTheGeneratorWrites(int vectors) throws IOException {
    String file = TileGenerator.name(vectors) + ".java";
    assertThat(Files.readString(FOLDER.resolve(file)))
        .as("run TileGenerator.main with the folder as its argument")
        .isEqualTo(TileGenerator.source(vectors));
  }
}
