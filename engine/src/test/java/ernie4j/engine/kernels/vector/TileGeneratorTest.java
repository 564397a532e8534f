package ernie4j.engine.kernels.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TileGeneratorTest {
  private static final Path FOLDER = Path.of("src/main/java/ernie4j/engine/kernels/vector");

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void committedFileIsWhatTheGeneratorWrites(int vectors) throws IOException {
    check(TileGenerator.name(vectors), TileGenerator.source(vectors), "TileGenerator");
  }

  @Test
  void committedInt8FileIsWhatTheGeneratorWrites() throws IOException {
    check("Int8VectorTiles", Int8TileGenerator.source(), "Int8TileGenerator");
  }

  private static void check(String type, String expected, String generator) throws IOException {
    assertThat(Files.readString(FOLDER.resolve(type + ".java")))
        .as("run %s.main with the folder as its argument", generator)
        .isEqualTo(expected);
  }
}
