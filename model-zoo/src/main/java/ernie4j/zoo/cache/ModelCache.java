package ernie4j.zoo.cache;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import ernie4j.engine.file.AtomicFile;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.engine.file.Sha256;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Models by name in a folder of the user. The folder holds {@code models/HASH.ernie}, named by the
 * SHA-256 of their content, and {@code index.json}, which maps names to hashes. Several programs
 * and threads may use one cache at once; a file in it is complete and never changes.
 */
public final class ModelCache {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;

  private ModelCache(Path folder) {
    this.folder = folder;
  }

  /**
   * Returns the cache of this user: the folder that the system property {@code ernie4j.cache} or
   * the environment variable {@code ERNIE4J_CACHE} names; else {@code %LOCALAPPDATA%\ernie4j} on
   * Windows, {@code $XDG_CACHE_HOME/ernie4j} or {@code ~/.cache/ernie4j} elsewhere.
   *
   * @return the cache; its folder need not exist yet
   */
  public static ModelCache standard() {
    return at(CacheFolder.of(System::getProperty, System::getenv));
  }

  /**
   * Returns a cache in another folder.
   *
   * @param folder the folder, which need not exist yet
   * @return the cache
   */
  public static ModelCache at(Path folder) {
    return new ModelCache(folder);
  }

  /** {@return the folder of this cache, which may not exist yet} */
  public Path folder() {
    return folder;
  }

  /**
   * What the index knows of a model.
   *
   * @param sha256 the SHA-256 of the model file, 64 lower-case hexadecimal digits
   * @param sources the SHA-256 of each file that the model was made of, by URL
   */
  public record Entry(String sha256, Map<String, String> sources) {
    /** Keeps an unmodifiable copy of the map. */
    public Entry {
      sources = Map.copyOf(sources);
    }
  }

  /**
   * Looks up a model in the index.
   *
   * @param name the name or an alias of the model
   * @return its entry; empty if there is none or its file was removed
   * @throws IOException if the index cannot be read
   */
  public Optional<Entry> entry(String name) throws IOException {
    return Optional.ofNullable(index().get(name)).filter(e -> Files.isRegularFile(file(e)));
  }

  /**
   * Finds the file of a model.
   *
   * @param name the name or an alias of the model
   * @return its file; empty if there is none
   * @throws IOException if the index cannot be read
   */
  public Optional<Path> find(String name) throws IOException {
    return entry(name).map(this::file);
  }

  /**
   * Returns the file of a model that must be there.
   *
   * @param name the name or an alias of the model
   * @return its file
   * @throws IOException if there is none, in which case the message says how to get it, or if the
   *     index cannot be read
   */
  public Path require(String name) throws IOException {
    return find(name)
        .orElseThrow(
            () ->
                new IOException(
                    String.format(
                        "there is no model '%s' in the cache %s; fetch it with 'ernie4j pull %s'",
                        name, folder, name)));
  }

  /**
   * Resolves what a user names: a file of this name, or else the model of this name.
   *
   * @param fileOrName the path of a file, or the name of a model in this cache
   * @return the file
   * @throws IOException if there is neither, or the index cannot be read
   */
  public Path locate(String fileOrName) throws IOException {
    Path path = Paths.get(fileOrName);
    if (Files.exists(path)) {
      return path;
    }
    if (path.getNameCount() != 1 || path.isAbsolute()) {
      throw new NoSuchFileException(fileOrName, null, "there is no such file");
    }
    return find(fileOrName)
        .orElseThrow(
            () ->
                new IOException(
                    String.format(
                        "there is neither a file '%s' nor a model of this name in the cache %s; 'ernie4j models' lists what 'ernie4j pull' fetches",
                        fileOrName, folder)));
  }

  /**
   * Returns the place of a model in this cache.
   *
   * @param entry what the index knows of the model
   * @return the path of its file, whether or not it exists
   */
  public Path file(Entry entry) {
    return folder.resolve("models").resolve(entry.sha256 + ".ernie");
  }

  /**
   * Adds a model under several names. The files of models that had these names before stay in the
   * folder.
   *
   * @param names the names, each of which refers to this model from now on
   * @param model the model to write
   * @param sources the SHA-256 of each file that it was made of, by URL
   * @return what the index now says of the model
   * @throws IOException if the folder cannot be written; the cache is then as before
   */
  public Entry add(Collection<String> names, Model model, Map<String, String> sources)
      throws IOException {
    Path models = Files.createDirectories(folder.resolve("models"));
    // Not in the system's folder for temporary files: the move must stay on one file system.
    Path temporary = Files.createTempFile(models, "new-", ".tmp");
    try {
      ModelFile.write(temporary, model);
      Entry entry = new Entry(Sha256.of(temporary), sources);
      Files.move(
          temporary,
          file(entry),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
      return exclusively(
          "index",
          () -> {
            Map<String, Entry> index = index();
            names.forEach(name -> index.put(name, entry));
            write(index);
            return entry;
          });
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /**
   * Something that may fail.
   *
   * @param <T> the type of its result
   */
  public interface Action<T> {
    /**
     * Runs the action.
     *
     * @return its result
     * @throws IOException if it fails
     */
    T run() throws IOException;
  }

  /**
   * Runs an action while no other thread or process runs one of the same name. Waits as long as
   * that takes.
   *
   * @param <T> the type of the result
   * @param name letters, digits, dots and hyphens
   * @param action what to run
   * @return the result of the action
   * @throws IOException if the action fails, the lock file cannot be opened, or this thread is
   *     interrupted while it waits
   */
  public <T> T exclusively(String name, Action<T> action) throws IOException {
    Path locks = Files.createDirectories(folder.resolve("locks"));
    CacheLock lock = CacheLock.wait(locks.resolve(name + ".lock"));
    try {
      return action.run();
    } finally {
      lock.close();
    }
  }

  private Path indexFile() {
    return folder.resolve("index.json");
  }

  private Map<String, Entry> index() throws IOException {
    Map<String, Entry> index = new TreeMap<>();
    if (!Files.exists(indexFile())) {
      return index;
    }
    try {
      JsonNode models = JSON.readTree(Files.readAllBytes(indexFile())).required("models");
      for (Map.Entry<String, JsonNode> model : models.properties()) {
        Map<String, String> sources = new TreeMap<>();
        model
            .getValue()
            .required("sources")
            .properties()
            .forEach(source -> sources.put(source.getKey(), source.getValue().asText()));
        index.put(model.getKey(), new Entry(model.getValue().required("sha256").asText(), sources));
      }
      return index;
    } catch (JsonProcessingException | CharacterCodingException | IllegalArgumentException e) {
      throw new IOException(
          indexFile()
              + ": expected the index of a model cache, got something else; remove the file and"
              + " pull the models again",
          e);
    }
  }

  private void write(Map<String, Entry> index) throws IOException {
    ObjectNode root = JSON.createObjectNode();
    ObjectNode models = root.putObject("models");
    index.forEach(
        (name, entry) -> {
          ObjectNode node = models.putObject(name).put("sha256", entry.sha256);
          ObjectNode sources = node.putObject("sources");
          new TreeMap<>(entry.sources).forEach(sources::put);
        });
    AtomicFile.writeText(indexFile(), root.toPrettyString());
  }
}
