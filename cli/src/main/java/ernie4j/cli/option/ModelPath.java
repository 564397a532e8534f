package ernie4j.cli.option;

import ernie4j.zoo.cache.ModelCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;

/** A model given by an option: a file, or the name of a model in the cache. */
public final class ModelPath implements ITypeConverter<Path> {
  @Override
  public Path convert(String value) throws IOException {
    Path path = Path.of(value);
    return Files.exists(path) || path.getNameCount() != 1
        ? path
        : ModelCache.standard().find(value).orElse(path);
  }
}
