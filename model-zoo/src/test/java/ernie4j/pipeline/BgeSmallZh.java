package ernie4j.pipeline;

import ernie4j.engine.file.Model;
import ernie4j.zoo.ModelImport;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** The real model of the tests: bge-small-zh in a jar of the test class path. */
public final class BgeSmallZh {
  private BgeSmallZh() {}

  /** The jar, found by the resource it holds. */
  public static Path jar() {
    URL onnx = BgeSmallZh.class.getResource("/bge-small-zh.onnx");
    Assumptions.assumeTrue(onnx != null, "skipped: bge-small-zh is not on the test class path");
    try {
      String spec = onnx.toURI().getSchemeSpecificPart();
      return Path.of(new URI(spec.substring(0, spec.indexOf('!'))));
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  public static Model model() throws IOException {
    return ModelImport.read(jar()).model();
  }
}
