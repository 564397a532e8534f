package ernie4j.server;

import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.engine.head.WrongTaskException;
import ernie4j.pipeline.JointSlu;
import ernie4j.server.http.AccessLog;
import ernie4j.server.http.HttpService;
import ernie4j.server.http.ServerMetrics;
import ernie4j.server.task.ComputeThreads;
import ernie4j.server.task.ServedModel;
import ernie4j.server.task.ServedModels;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Serves models over HTTP: embeddings with OpenAI's API, intents and slots, classes, scores, spans,
 * answers and extractions; also a page for people, and health and metrics for operators.
 *
 * <pre>{@code
 * try (ErnieServer server =
 *     ErnieServer.with(ServerOptions.defaults().port(8080))
 *         .model("bge", Path.of("bge-small-zh.ernie"))
 *         .bundledModel()
 *         .start()) {
 *   server.awaitReady(Duration.ofSeconds(10));
 *   ...
 * }
 * }</pre>
 */
public final class ErnieServer implements AutoCloseable {
  /** The name of the bundled model in requests. */
  public static final String BUNDLED = "bundled";

  private final ServerOptions options;
  private final ComputeThreads threads = new ComputeThreads();
  private final ServerMetrics metrics = new ServerMetrics();
  private final @Nullable AccessLog log;
  private final HttpService http;
  private final List<ServedModel<?>> loaded = new CopyOnWriteArrayList<>();
  private final ServedModels models;
  private final CountDownLatch warm = new CountDownLatch(1);
  private volatile boolean stopping;

  private ErnieServer(ServerOptions options, Map<String, Source> sources) throws IOException {
    this.options = options;
    // Loading models and preparing to listen take a good part of a second each: run both at once.
    FutureTask<ServedModels> loading = new FutureTask<>(() -> load(sources));
    new Thread(loading, "ernie4j-load").start();
    metrics.watchJvm();
    OutputStream stream = options.accessLog();
    log = stream == null ? null : new AccessLog(stream);
    http =
        new HttpService(
            new HttpService.Settings(
                options.host(), options.port(), options.maxBodyBytes(), options.token()),
            metrics,
            log);
    boolean started = false;
    try {
      models = loaded(loading);
      http.start(models, this::isReady);
      started = true;
    } finally {
      if (!started) {
        release();
      }
    }
    Thread warming = new Thread(this::warmUp, "ernie4j-readiness");
    warming.setDaemon(true);
    warming.start();
  }

  private ServedModels load(Map<String, Source> sources) throws IOException {
    for (Map.Entry<String, Source> source : sources.entrySet()) {
      String name = source.getKey();
      loaded.add(
          source
              .getValue()
              .load(
                  model ->
                      ServedModel.of(
                          name,
                          model,
                          options.limits(),
                          options.longText(),
                          threads,
                          metrics.batches(name))));
    }
    return new ServedModels(loaded);
  }

  private static ServedModels loaded(FutureTask<ServedModels> loading) throws IOException {
    try {
      return loading.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException("serve: a model could not be loaded", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("serve: interrupted while models were loaded");
    }
  }

  /**
   * Starts to configure a server; nothing listens yet.
   *
   * @param options where it listens and which requests it accepts
   * @return a builder without models
   */
  public static Builder with(ServerOptions options) {
    return new Builder(options);
  }

  /** Loads a model and passes it to a function while its weights are available. */
  private interface Source {
    ServedModel<?> load(Function<Model, ServedModel<?>> use) throws IOException;
  }

  /**
   * Collects the models of a server. A request that names no model is answered by the first one
   * that serves its path.
   */
  public static final class Builder {
    private final ServerOptions options;
    private final Map<String, Source> sources = new LinkedHashMap<>();

    private Builder(ServerOptions options) {
      this.options = options;
    }

    /**
     * Serves a model file.
     *
     * @param name the name of the model in requests
     * @param file a model file; read by {@link #start}
     * @return this builder
     * @throws IllegalArgumentException if another model already has this name
     */
    public Builder model(String name, Path file) {
      return add(name, use -> ModelFile.load(file, use));
    }

    /**
     * Serves a model in memory.
     *
     * @param name the name of the model in requests
     * @param model the model to serve; not changed
     * @return this builder
     * @throws IllegalArgumentException if another model already has this name
     */
    public Builder model(String name, Model model) {
      return add(name, use -> use.apply(model));
    }

    /**
     * Serves the model that is bundled with the library, under the name {@link #BUNDLED}.
     *
     * @return this builder
     * @throws IllegalArgumentException if another model already has this name
     */
    public Builder bundledModel() {
      return add(BUNDLED, use -> use.apply(JointSlu.bundledModel()));
    }

    private Builder add(String name, Source source) {
      if (sources.put(name, source) != null) {
        throw new IllegalArgumentException(
            "serve: two models are named %s; give each a name of its own".formatted(name));
      }
      return this;
    }

    /**
     * Loads the models and starts to listen. {@link #awaitReady} waits for full speed.
     *
     * @return a running server; must be closed
     * @throws IOException if the port is taken, the address does not belong to this machine, or a
     *     model cannot be read
     * @throws WrongTaskException if the task of a model has no HTTP interface
     * @throws IllegalArgumentException if there is no model
     * @throws CancellationException if the thread is interrupted while models are loaded
     */
    public ErnieServer start() throws IOException {
      return new ErnieServer(options, sources);
    }
  }

  private void warmUp() {
    long end = System.nanoTime() + options.warmUp().toNanos();
    for (ServedModel<?> model : models.all()) {
      long left = end - System.nanoTime();
      if (left > 0 && !stopping) {
        model.warmUp(Duration.ofNanos(left));
      }
    }
    warm.countDown();
  }

  private boolean isReady() {
    return warm.getCount() == 0 && !stopping;
  }

  /** {@return the port that the server listens on} */
  public int port() {
    return http.port();
  }

  /** {@return one line per model, with its name and the paths that it serves} */
  public List<String> describeModels() {
    return models.all().stream()
        .map(model -> model.name() + "  " + String.join(" ", model.paths()))
        .toList();
  }

  /**
   * Waits until the models are warmed up. Earlier requests are answered, but slowly.
   *
   * @param limit the longest time to wait
   * @return false if the models were not ready in time
   * @throws InterruptedException if the thread is interrupted while it waits
   */
  public boolean awaitReady(Duration limit) throws InterruptedException {
    return warm.await(limit.toNanos(), TimeUnit.NANOSECONDS);
  }

  /**
   * Stops the server: {@code /readyz} reports that it is not ready, new connections are refused,
   * and accepted requests are answered as far as {@link ServerOptions#stopTimeout(Duration)}
   * allows.
   *
   * @return false if some requests were not answered
   */
  public boolean stop() {
    stopping = true;
    boolean answered = http.stop(options.stopTimeout());
    release();
    return answered;
  }

  /** Releases everything except connections. */
  private void release() {
    loaded.forEach(ServedModel::close);
    threads.close();
    if (log != null) {
      log.close();
    }
    metrics.close();
  }

  /** Stops the server, see {@link #stop}. */
  @Override
  public void close() {
    stop();
  }
}
