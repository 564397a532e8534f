package ernie4j.cli.serve;

import ernie4j.cli.option.ModelPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;

/**
 * A model to serve: {@code NAME=FILE}, or only a file or the name of a pulled model, which is also
 * its name in requests.
 */
record ServedFile(String name, Path file) {
  private static final String SUFFIX = ".ernie";

  static final class Converter implements ITypeConverter<ServedFile> {
    @Override
    public ServedFile convert(String value) throws IOException {
      int equals = value.indexOf('=');
      if (equals > 0 && !Files.exists(Path.of(value))) {
        return new ServedFile(
            value.substring(0, equals), new ModelPath().convert(value.substring(equals + 1)));
      }
      return new ServedFile(nameOf(value), new ModelPath().convert(value));
    }

    private static String nameOf(String value) {
      Path file = Path.of(value).getFileName();
      String name = file == null ? value : file.toString();
      return name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
    }
  }
}
