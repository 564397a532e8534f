package ernie4j.zoo.cache;

import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Finds the folder of the cache of a user. */
final class CacheFolder {
  private CacheFolder() {}

  interface Lookup {
    @Nullable String get(String name);
  }

  static Path of(Lookup properties, Lookup environment) {
    String named = first(properties.get("ernie4j.cache"), environment.get("ERNIE4J_CACHE"));
    if (!named.isEmpty()) {
      return Paths.get(named);
    }
    Path home = Paths.get(first(properties.get("user.home"), "."));
    boolean windows =
        first(properties.get("os.name"), "").toLowerCase(Locale.ROOT).startsWith("windows");
    String base = first(environment.get(windows ? "LOCALAPPDATA" : "XDG_CACHE_HOME"), "");
    // According to the specification, a relative path in XDG_CACHE_HOME counts as unset.
    if (!base.isEmpty() && Paths.get(base).isAbsolute()) {
      return Paths.get(base, "ernie4j");
    }
    return home.resolve(windows ? "AppData/Local" : ".cache").resolve("ernie4j");
  }

  private static String first(@Nullable String value, @Nullable String otherwise) {
    if (value != null && !value.isBlank()) {
      return value;
    }
    return otherwise == null ? "" : otherwise;
  }
}
