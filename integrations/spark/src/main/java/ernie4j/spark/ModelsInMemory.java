package ernie4j.spark;

import ernie4j.pipeline.Pipeline;
import java.io.IOException;
import java.lang.ref.SoftReference;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The models of this JVM. A model is loaded once, while others that want it wait; it stays for
 * later jobs as long as there is memory.
 */
final class ModelsInMemory {
  private static final Map<Key, Slot> SLOTS = new ConcurrentHashMap<>();

  private ModelsInMemory() {}

  /**
   * What tells models apart: a file that was replaced is another one.
   *
   * @param type of the pipeline
   * @param modified in milliseconds
   */
  record Key(Class<? extends Pipeline> type, String file, long size, long modified) {}

  /** Makes a pipeline. */
  interface Loader<P> {
    P load() throws IOException;
  }

  /** The place of one pipeline. */
  private static final class Slot {
    private SoftReference<Pipeline> pipeline = new SoftReference<>(null);

    synchronized <P extends Pipeline> P get(Class<P> type, Loader<P> loader) throws IOException {
      @Nullable Pipeline known = pipeline.get();
      if (known != null) {
        return type.cast(known);
      }
      P loaded = loader.load();
      pipeline = new SoftReference<>(loaded);
      return loaded;
    }
  }

  /**
   * The pipeline of a key; it is loaded if it is not there.
   *
   * @throws IOException of the loader; the next caller tries again
   */
  static <P extends Pipeline> P get(Key key, Loader<P> loader) throws IOException {
    @SuppressWarnings("unchecked")
    Class<P> type = (Class<P>) key.type;
    return SLOTS.computeIfAbsent(key, unused -> new Slot()).get(type, loader);
  }
}
