package ernie4j.bench.input;

import ernie4j.engine.file.Model;
import ernie4j.zoo.ModelImport;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;

/** BAAI's bge-small-zh, imported from the Maven artifact on the class path. */
public final class BgeSmallZh {
  /** What the command lines call it. */
  public static final String NAME = "bge-small-zh";

  private static final String ONNX = "/bge-small-zh.onnx";

  private BgeSmallZh() {}

  /**
   * The model in this project's own terms.
   *
   * @throws IOException if the artifact is not on the class path or cannot be read
   */
  public static Model model() throws IOException {
    return ModelImport.read(jar()).model();
  }

  /** The jar, found by the resource it holds. */
  private static Path jar() throws IOException {
    URL onnx = BgeSmallZh.class.getResource(ONNX);
    if (onnx == null) {
      throw new FileNotFoundException(
          "bge-small-zh is not on the class path; start through bench/compare, or add the Maven"
              + " artifact dev.langchain4j:langchain4j-embeddings-bge-small-zh");
    }
    try {
      String inside = onnx.toURI().getSchemeSpecificPart();
      return Path.of(new URI(inside.substring(0, inside.indexOf('!'))));
    } catch (URISyntaxException e) {
      throw new IOException("bge-small-zh: not a resource in a jar: " + onnx, e);
    }
  }
}
