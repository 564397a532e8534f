package ernie4j.engine;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import ernie4j.engine.file.SafetensorsFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Assumptions;

/**
 * Expected values and data sets that tests read but the repository does not hold. A test that asks
 * for something from an absent folder is skipped with a message that names the property to set.
 */
public final class Golden {
  private Golden() {}

  /**
   * A safetensors file of the golden folder, for example {@code Golden.file("a.safetensors")}. If
   * only {@code name + ".gz"} is there, it is unpacked into a temporary file.
   */
  public static SafetensorsFile file(String name) {
    Path path = path(name);
    try {
      return SafetensorsFile.open(
          Files.exists(path) ? path : unpacked(path.resolveSibling(name + ".gz")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A JSON file of the golden folder: objects are {@code Map<String, Object>}, arrays {@code
   * List<Object>}, whole numbers {@code Long}, other numbers {@code Double}.
   */
  @SuppressWarnings("unchecked")
  public static Map<String, Object> json(String name) {
    try (JsonParser parser = new JsonFactory().createParser(Files.newBufferedReader(path(name)))) {
      parser.nextToken();
      return (Map<String, Object>) value(parser);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A file or folder of the golden folder ({@code ernie4j.golden}); without that folder, the
   * committed sample if it has the file.
   */
  public static Path path(String name) {
    URL sample = Golden.class.getResource("/golden/" + name);
    if (present("ernie4j.golden") || sample == null) {
      return folder("ernie4j.golden").resolve(name);
    }
    try (InputStream in = sample.openStream()) {
      return temporary(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A file or folder below the data folder ({@code ernie4j.data}). */
  public static Path data(String name) {
    return folder("ernie4j.data").resolve(name);
  }

  private static Path folder(String property) {
    Assumptions.assumeTrue(
        present(property),
        () ->
            "skipped: the folder named by -D%s is not there (%s)"
                .formatted(property, System.getProperty(property)));
    return Path.of(System.getProperty(property));
  }

  private static boolean present(String property) {
    String folder = System.getProperty(property);
    return folder != null && Files.isDirectory(Path.of(folder));
  }

  private static Path unpacked(Path packed) throws IOException {
    try (InputStream in = new GZIPInputStream(Files.newInputStream(packed))) {
      return temporary(in);
    }
  }

  private static Path temporary(InputStream in) throws IOException {
    Path target = Files.createTempFile("ernie4j-golden", ".tmp");
    target.toFile().deleteOnExit();
    Files.copy(in, target, StandardCopyOption.REPLACE_EXISTING);
    return target;
  }

  private static Object value(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> {
        Map<String, Object> map = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = parser.currentName();
          parser.nextToken();
          map.put(name, value(parser));
        }
        yield map;
      }
      case START_ARRAY -> {
        List<Object> list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          list.add(value(parser));
        }
        yield list;
      }
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT -> parser.getLongValue();
      case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      case VALUE_TRUE, VALUE_FALSE -> parser.getBooleanValue();
      default -> throw new IOException("unexpected " + parser.currentToken());
    };
  }
}
