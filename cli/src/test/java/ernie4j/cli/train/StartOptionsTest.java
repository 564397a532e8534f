package ernie4j.cli.train;

import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.cli.TinyModel;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.training.model.RandomParameters;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartOptionsTest {
  @TempDir Path folder;

  /** A head of the same seed would repeat the first numbers of the body. */
  @Test
  void aRandomBodyHasItsOwnRandomNumbers() throws IOException {
    Path file = TinyModel.write(folder.resolve("m.ernie"), TinyModel.vocabulary());
    StartOptions options = new StartOptions();
    options.architecture = "3L24H2A";
    Model shaped = options.shaped(ModelFile.read(file), 42);
    String words = "ernie.embeddings.word_embeddings.weight";
    assertThat(shaped.parameters().get(words).toArray())
        .isNotEqualTo(RandomParameters.encoder(shaped.config(), 42).get(words).toArray())
        .isEqualTo(options.shaped(ModelFile.read(file), 42).parameters().get(words).toArray());
  }
}
