package ernie4j.langchain4j;

import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.zoo.ModelImport;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;

/** Weights in the archives of LangChain4j's own models. */
final class Archives {
  private Archives() {}

  /** Imports what an archive has and writes it as a model file. */
  static Path convert(Class<?> oneOfTheArchive, Path file) throws IOException {
    try {
      Path archive =
          Path.of(oneOfTheArchive.getProtectionDomain().getCodeSource().getLocation().toURI());
      Model model = ModelImport.read(archive).model();
      ModelFile.write(file, model);
      return file;
    } catch (URISyntaxException e) {
      throw new IOException(e);
    }
  }
}
