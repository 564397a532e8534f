package ernie4j.engine.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TileGeneratorTest {
  private static final Path FOLDER = Path.of("src/main/java/ernie4j/engine/kernels");

  @ParameterizedTest
  @CsvSource({"1, OneVectorTiles.java", "2, TwoVectorTiles.java"})
  void committedFileIsWhatTheGeneratorWrites(int vectors, String file) throws IOException {
    assertThat(Files.readString(FOLDER.resolve(file)))
        .as("run TileGenerator.main with the folder as its argument")
        .isEqualTo(TileGenerator.source(vectors));
  }
}
