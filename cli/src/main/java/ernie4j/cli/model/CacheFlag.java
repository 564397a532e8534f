package ernie4j.cli.model;

import ernie4j.zoo.cache.ModelCache;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The folder with pulled models. */
final class CacheFlag {
  @Option(
      names = "--cache",
      paramLabel = "DIR",
      description =
          "The folder of pulled models (default: ERNIE4J_CACHE, or ernie4j in the user's cache folder). Other commands find models by name only in the default folder.")
  @Nullable Path folder;

  ModelCache cache() {
    return folder == null ? ModelCache.standard() : ModelCache.at(folder);
  }
}
