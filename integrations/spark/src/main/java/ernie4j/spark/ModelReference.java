package ernie4j.spark;

import ernie4j.engine.encoder.ExecutionOptions;
import ernie4j.pipeline.Pipeline;
import ernie4j.zoo.cache.ModelCache;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.apache.spark.SparkEnv;
import org.apache.spark.SparkFiles;
import org.jspecify.annotations.Nullable;

/**
 * The name of a model, and how an executor makes a pipeline of it.
 *
 * @param name a file that was shipped, a path, or a pulled model; only the name if it is bundled
 * @param file loads a file; null if the model is bundled
 * @param bundled loads the bundled model; null if it is a file
 */
record ModelReference<P extends Pipeline>(
    String name, Class<P> type, @Nullable FromFile<P> file, @Nullable Bundled<P> bundled)
    implements Serializable {
  /** Loads a file. */
  interface FromFile<P> extends Serializable {
    P load(Path file) throws IOException;
  }

  /** Loads what comes with the library. */
  interface Bundled<P> extends Serializable {
    P load() throws IOException;
  }

  static <P extends Pipeline> ModelReference<P> of(
      String fileOrName, Class<P> type, FromFile<P> loader) {
    return new ModelReference<>(fileOrName, type, loader, null);
  }

  static <P extends Pipeline> ModelReference<P> bundled(
      String name, Class<P> type, Bundled<P> loader) {
    return new ModelReference<>(name, type, null, loader);
  }

  /**
   * The pipeline, which all tasks of this JVM share; each computes in its own thread.
   *
   * @throws UncheckedIOException if there is no such model here, or it cannot be read
   */
  P get() {
    try {
      if (file == null) {
        return ModelsInMemory.get(new ModelsInMemory.Key(type, name, 0, 0), this::loadBundled);
      }
      Path path = locate();
      BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
      return ModelsInMemory.get(
          new ModelsInMemory.Key(
              type,
              path.toRealPath().toString(),
              attributes.size(),
              attributes.lastModifiedTime().toMillis()),
          () -> inOwnThread(file.load(path)));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the model '%s' cannot be loaded by the executor %s: %s; ship the file with SparkContext.addFile or --files and give its name without a folder, or give a path that every executor has"
              .formatted(name, executor(), e.getMessage()),
          e);
    }
  }

  private P loadBundled() throws IOException {
    if (bundled == null) {
      throw new IOException("there is neither a file nor a bundled model");
    }
    return inOwnThread(bundled.load());
  }

  /** Spark decides how many tasks run at once: the pipeline adds neither a limit nor threads. */
  private P inOwnThread(P pipeline) {
    ExecutionOptions options =
        ExecutionOptions.defaults().withThreads(1).withMaxTokens(Integer.MAX_VALUE);
    return type.cast(pipeline.withExecution(options));
  }

  private Path locate() throws IOException {
    if (SparkEnv.get() != null && Path.of(name).getNameCount() == 1) {
      Path shipped = Path.of(SparkFiles.get(name));
      if (Files.isRegularFile(shipped)) {
        return shipped;
      }
    }
    return ModelCache.standard().locate(name);
  }

  private static String executor() {
    SparkEnv environment = SparkEnv.get();
    return environment == null ? "of this JVM" : environment.executorId();
  }
}
