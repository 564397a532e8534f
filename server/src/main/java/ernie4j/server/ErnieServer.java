package ernie4j.server;

import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.engine.head.WrongTaskException;
import ernie4j.pipeline.JointSlu;
import ernie4j.server.http.AccessLog;
import ernie4j.server.http.HttpService;
import ernie4j.server.http.ServerMetrics;
import ernie4j.server.task.ServedModel;
import ernie4j.server.task.ServedModels;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Models over HTTP: embeddings as OpenAI's clients ask for them, intents and slots, classes,
 * scores, spans, answers and extractions; a page for people, health and metrics for operators.
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
  /** What requests call the bundled model. */
  public static final String BUNDLED = "bundled";

  private final ServerOptions options;
  private final ServedModels models;
  private final ServerMetrics metrics;
  private final @Nullable AccessLog log;
  private final HttpService http;
  private final CountDownLatch warm = new CountDownLatch(1);
  private volatile boolean stopping;

  private ErnieServer(ServerOptions options, ServedModels models, ServerMetrics metrics)
      throws IOException {
    this.options = options;
    this.models = models;
    this.metrics = metrics;
    log = options.accessLog() ? new AccessLog(new FileOutputStream(FileDescriptor.out)) : null;
    http =
        HttpService.start(
            new HttpService.Settings(
                options.host(), options.port(), options.maxBodyBytes(), options.token()),
            models,
            metrics,
            log,
            this::isReady);
    Thread warming = new Thread(this::warmUp, "ernie4j-warm-up");
    warming.setDaemon(true);
    warming.start();
  }

  /** A server that is not started yet. */
  public static Builder with(ServerOptions options) {
    return new Builder(options);
  }

  /** Models for a server. The first that answers a path answers requests that name none. */
  public static final class Builder {
    private final ServerOptions options;
    private final ServerMetrics metrics = new ServerMetrics();
    private final List<ServedModel<?>> models = new ArrayList<>();

    private Builder(ServerOptions options) {
      this.options = options;
    }

    /**
     * Serves a model file.
     *
     * @param name what requests call it
     * @throws IOException if it cannot be read
     * @throws WrongTaskException if it is for a task that has no HTTP interface
     */
    public Builder model(String name, Path file) throws IOException {
      models.add(ModelFile.load(file, model -> served(name, model)));
      return this;
    }

    /**
     * Serves a model in memory.
     *
     * @throws WrongTaskException if it is for a task that has no HTTP interface
     */
    public Builder model(String name, Model model) {
      models.add(served(name, model));
      return this;
    }

    /** Serves the model that comes with the library, under {@link #BUNDLED}. */
    public Builder bundledModel() throws IOException {
      return model(BUNDLED, JointSlu.bundledModel());
    }

    private ServedModel<?> served(String name, Model model) {
      return ServedModel.of(
          name, model, options.limits(), options.longText(), metrics.batches(name));
    }

    /**
     * Starts to listen; {@link #awaitReady} waits for full speed.
     *
     * @throws IOException if the port is taken or the address is none of this machine
     * @throws IllegalArgumentException if there is no model, or two have the same name
     */
    public ErnieServer start() throws IOException {
      return new ErnieServer(options, new ServedModels(models), metrics);
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

  /** The port that it listens on. */
  public int port() {
    return http.port();
  }

  /** The names of the models and the paths that each answers. */
  public List<String> describeModels() {
    return models.all().stream()
        .map(model -> model.name() + "  " + String.join(" ", model.paths()))
        .toList();
  }

  /**
   * Waits until the models are warm. Requests are answered before, but slowly.
   *
   * @return false if the time was over before
   */
  public boolean awaitReady(Duration limit) throws InterruptedException {
    return warm.await(limit.toNanos(), TimeUnit.NANOSECONDS);
  }

  /**
   * Stops: {@code /readyz} says no, new connections are refused, and accepted requests are answered
   * if that takes no longer than the options say.
   *
   * @return false if some were not
   */
  public boolean stop() {
    stopping = true;
    boolean answered = http.stop(options.stopTimeout());
    models.all().forEach(ServedModel::close);
    if (log != null) {
      log.close();
    }
    metrics.close();
    return answered;
  }

  /** As {@link #stop}. */
  @Override
  public void close() {
    stop();
  }
}
