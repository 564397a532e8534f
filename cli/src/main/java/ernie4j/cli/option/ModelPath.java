package ernie4j.cli.option;

import ernie4j.zoo.cache.ModelCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;

/** A model that an option names: a file, or else a model of the cache by name. */
public final class ModelPath implements ITypeConverter<Path> {
  @Override
  public Path convert(String value) throws IOException {
    Path path = Path.of(value);
    return Files.exists(path) || path.getNameCount() != 1
        ? path
        : ModelCache.standard().find(value).orElse(path);
  }
}
