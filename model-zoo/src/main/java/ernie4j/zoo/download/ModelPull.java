package ernie4j.zoo.download;

import ernie4j.engine.file.Model;
import ernie4j.engine.file.OutputPlace;
import ernie4j.engine.file.Sha256;
import ernie4j.zoo.Architectures;
import ernie4j.zoo.ModelImport;
import ernie4j.zoo.cache.ModelCache;
import ernie4j.zoo.conversion.FlatFolder;
import ernie4j.zoo.paddle.PaddleFolder;
import java.io.IOException;
import java.net.ProxySelector;
import java.net.URI;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Puts published models into a cache: downloads their files, checks them, converts them.
 *
 * <pre>{@code
 * ModelPull pull = new ModelPull(ModelRegistry.standard(), ModelCache.standard());
 * pull.pull("ernie-3.0-tiny-nano-v2-zh", ModelPull.Options.usual(), DownloadListener.NONE);
 * }</pre>
 *
 * <p>Several programs may pull at once: one downloads, the others wait for it.
 */
public final class ModelPull {
  private static final long SMALL_FILE = 64L << 20;
  private static final Set<String> HERE = Set.of("localhost", "127.0.0.1", "[::1]");

  private final ModelRegistry registry;
  private final ModelCache cache;
  private final Importer importer;
  private final ProxySelector proxies;
  private final RetryPolicy retries;

  /** Makes a model from a file or a folder. */
  interface Importer {
    ModelImport.Imported read(Path source) throws IOException;
  }

  /**
   * Makes a puller that uses the proxies of the environment.
   *
   * @param registry the published models
   * @param cache the cache that pulled models go to
   */
  public ModelPull(ModelRegistry registry, ModelCache cache) {
    this(
        registry,
        cache,
        ModelImport::read,
        new EnvironmentProxies(
            name -> Optional.ofNullable(System.getenv(name)).orElse(""),
            Optional.ofNullable(ProxySelector.getDefault())
                .orElseGet(() -> ProxySelector.of(null))),
        RetryPolicy.usual());
  }

  ModelPull(
      ModelRegistry registry,
      ModelCache cache,
      Importer importer,
      ProxySelector proxies,
      RetryPolicy retries) {
    this.registry = registry;
    this.cache = cache;
    this.importer = importer;
    this.proxies = proxies;
    this.retries = retries;
  }

  /**
   * How to pull.
   *
   * @param mirror replaces scheme and host of the official addresses; empty for the official
   *     addresses
   * @param offline whether to ask no server; a model that is not in the cache is then an error
   * @param force whether to download again what is in the cache
   * @param plainHttp whether files may come over http without encryption, where anyone on the way
   *     can change them; from this machine they always may
   */
  public record Options(Optional<URI> mirror, boolean offline, boolean force, boolean plainHttp) {
    /**
     * Options that accept https only.
     *
     * @param mirror replaces scheme and host of the official addresses; empty for the official
     *     addresses
     * @param offline whether to ask no server; a model that is not in the cache is then an error
     * @param force whether to download again what is in the cache
     */
    public Options(Optional<URI> mirror, boolean offline, boolean force) {
      this(mirror, offline, force, false);
    }

    /**
     * {@return the usual options: download from the official addresses unless the model is in the
     * cache}
     */
    public static Options usual() {
      return new Options(Optional.empty(), false, false);
    }
  }

  /**
   * A model in the cache.
   *
   * @param model the published model
   * @param file the model file
   * @param entry what the index of the cache says of it
   * @param downloaded false if it was there before
   * @param notes what a user should know, for example hashes that are not pinned yet; full
   *     sentences
   */
  public record Pulled(
      KnownModel model,
      Path file,
      ModelCache.Entry entry,
      boolean downloaded,
      List<String> notes) {}

  /**
   * Puts a model into the cache unless it is there already.
   *
   * @param name the name or an alias of a model of the registry
   * @param options how to pull
   * @param listener receives progress and notes
   * @return the model in the cache
   * @throws IllegalArgumentException if the registry does not know the name
   * @throws IOException if a file cannot be downloaded, is not the expected one, or cannot be read.
   *     The cache is then as before, and what has arrived is kept for another try
   */
  public Pulled pull(String name, Options options, DownloadListener listener) throws IOException {
    KnownModel model = registry.require(name);
    Optional<ModelCache.Entry> before = cache.entry(model.name());
    if (before.isPresent() && !options.force) {
      return cached(model, before.get());
    }
    OutputPlace.requireFolder(cache.folder());
    if (options.offline) {
      throw new IOException(
          "there is no model '%s' in the cache %s, and nothing can be downloaded offline"
              .formatted(model.name(), cache.folder()));
    }
    return cache.exclusively(
        "pull-" + model.name(),
        () -> {
          Optional<ModelCache.Entry> now = cache.entry(model.name());
          // While this program waited, another one may have done the work.
          return now.isPresent() && !options.force
              ? cached(model, now.get())
              : download(model, before, options, listener);
        });
  }

  private Pulled cached(KnownModel model, ModelCache.Entry entry) {
    return new Pulled(model, cache.file(entry), entry, false, List.of());
  }

  private Pulled download(
      KnownModel model,
      Optional<ModelCache.Entry> before,
      Options options,
      DownloadListener listener)
      throws IOException {
    Path folder = cache.folder().resolve("downloads").resolve(model.name());
    if (options.force) {
      FlatFolder.deleteIfThere(folder);
    }
    Files.createDirectories(folder);
    Downloader downloader = new Downloader(proxies, retries, listener);
    Map<String, String> sources = new TreeMap<>();
    PullNotes notes = new PullNotes(before);
    for (KnownModel.SourceFile file : model.files()) {
      Path target = folder.resolve(file.as());
      if (!Files.exists(target)) {
        downloader.download(address(file, options), target, mostBytes(model));
      }
      String hash = Sha256.of(target);
      FilePins.require(file, hash, target);
      sources.put(file.url().toString(), hash);
      notes.downloaded(file, hash);
    }
    ModelImport.Imported imported = read(model, folder);
    notes.imported(imported.notes());
    ModelCache.Entry entry =
        cache.add(model.names(), describe(imported.model(), model, sources), sources);
    FlatFolder.deleteIfThere(folder);
    return new Pulled(model, cache.file(entry), entry, true, notes.all());
  }

  /**
   * The size limit of a file of a model: its numbers take four bytes, and heads are at most as
   * large as the encoder.
   */
  private static long mostBytes(KnownModel model) {
    return SMALL_FILE + 8 * model.parameters();
  }

  private static URI address(KnownModel.SourceFile file, Options options) throws IOException {
    URI address = mirrored(file.url(), options.mirror);
    boolean encrypted = "https".equalsIgnoreCase(address.getScheme());
    if (!encrypted && !options.plainHttp && !HERE.contains(address.getHost())) {
      throw new IOException(
          "%s: not downloaded over plain http, where anyone on the way can change the file; use an https address, or ask for it: --plain-http"
              .formatted(address));
    }
    return address;
  }

  private ModelImport.Imported read(KnownModel model, Path folder) throws IOException {
    if (model.kind() == KnownModel.Kind.PADDLENLP) {
      PaddleFolder.complete(folder, Architectures.of(model.architecture().orElse(model.name())));
    }
    Path source =
        model.kind() == KnownModel.Kind.ARCHIVE
            ? folder.resolve(model.files().get(0).as())
            : folder;
    try {
      return importer.read(source);
    } catch (FileSystemException e) {
      if (e.getReason() == null) {
        FlatFolder.deleteIfThere(folder);
      }
      throw e; // a full disk says nothing about what has arrived
    } catch (IOException | RuntimeException e) {
      // If they were kept, the next try would use them.
      FlatFolder.deleteIfThere(folder);
      throw new IOException(
          "%s: the downloaded files cannot be read and were removed: %s"
              .formatted(model.name(), e.getMessage()),
          e);
    }
  }

  private static Model describe(Model imported, KnownModel model, Map<String, String> sources) {
    // Replaces the importer's source, which is a path on this machine, so that equal models give
    // equal hashes.
    Map<String, String> options = new TreeMap<>(imported.options());
    options.putAll(model.options());
    Model described =
        imported
            .withOptions(options)
            .withProvenance("name", model.name())
            .withProvenance("licence", model.licence())
            .withProvenance("source", model.origin());
    for (KnownModel.SourceFile file : model.files()) {
      String url = file.url().toString();
      described =
          described.withProvenance("source_" + file.as(), url + " sha256:" + sources.get(url));
    }
    return described;
  }

  /** The address of a file at a mirror, which has the paths of the official server. */
  static URI mirrored(URI official, Optional<URI> mirror) {
    return mirror
        .map(base -> URI.create(base.toString().replaceAll("/+$", "") + official.getRawPath()))
        .orElse(official);
  }
}
