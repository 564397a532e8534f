package ernie4j.server.http;

import ernie4j.server.task.ServedModel;
import ernie4j.server.task.ServedModels;
import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/** A Jetty server with the routes. */
public final class HttpService {
  private static final int MOST_THREADS = 200;
  private static final int LEAST_THREADS = 8;
  private static final int BACKLOG = 1024;
  private static final long IDLE_MILLIS = 60_000;

  /**
   * The time without a running request after which the connections that clients keep open are
   * closed.
   */
  private static final long QUIET_MILLIS = 300;

  private static final long POLL_MILLIS = 10;

  // Their start-up messages are noise. References keep the loggers from being collected.
  private static final Logger JETTY_LOG = Logger.getLogger("org.eclipse.jetty");
  private static final Logger JAVALIN_LOG = Logger.getLogger("io.javalin");

  static {
    JETTY_LOG.setLevel(Level.WARNING);
    JAVALIN_LOG.setLevel(Level.WARNING);
  }

  private final Settings settings;
  private final ServerMetrics metrics;
  private final MemoryBudget memory = MemoryBudget.ofHeap();
  private final ExchangeHandler exchanges;
  private final QueuedThreadPool threads = new QueuedThreadPool(MOST_THREADS, LEAST_THREADS);
  private final Api api;
  private final Javalin javalin;
  private int port;

  /** Where a server listens, and what it accepts. */
  public record Settings(String host, int port, int maxBodyBytes, @Nullable String token) {}

  /**
   * A server that does not listen yet.
   *
   * @param log the access log; null for none
   */
  public HttpService(Settings settings, ServerMetrics metrics, @Nullable AccessLog log) {
    this.settings = settings;
    this.metrics = metrics;
    exchanges = new ExchangeHandler(metrics, memory, log);
    threads.setName("ernie4j-http");
    threads.setDaemon(true);
    api = new Api(metrics, memory, threads, settings.maxBodyBytes, settings.token);
    javalin = Javalin.create(this::configure);
  }

  /**
   * Starts to listen.
   *
   * @param ready whether the models are warmed up and requests are accepted
   * @throws IOException if the port is taken or the address does not belong to this machine
   */
  public void start(ServedModels models, BooleanSupplier ready) throws IOException {
    api.serve(models, ready);
    JAVALIN_LOG.setLevel(Level.OFF); // the exception says why it does not start
    try {
      javalin.start();
    } catch (RuntimeException e) {
      throw new IOException(
          "the service cannot listen on %s port %d: %s"
              .formatted(settings.host, settings.port, rootReason(e)),
          e);
    } finally {
      JAVALIN_LOG.setLevel(Level.WARNING);
    }
    port = connector().getLocalPort();
    watch(models);
  }

  private void configure(JavalinConfig config) {
    config.startup.showJavalinBanner = false;
    config.startup.startupWatcherEnabled = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.http.prefer405over404 = true;
    config.http.compressionStrategy = CompressionStrategy.NONE;
    config.http.asyncTimeout = 0; // waiting requests are answered, however long it takes
    // Otherwise a token that differs only in case is taken for the previous one on its connection.
    config.jetty.modifyHttpConfiguration(http -> http.setHeaderCacheCaseSensitive(true));
    config.jetty.threadPool = threads;
    config.jetty.addConnector(this::connector);
    config.jetty.modifyServer(server -> server.insertHandler(exchanges));
    api.addTo(config.routes);
  }

  private ServerConnector connector(Server server, HttpConfiguration http) {
    ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(http));
    connector.setHost(settings.host);
    connector.setPort(settings.port);
    connector.setAcceptQueueSize(BACKLOG);
    connector.setIdleTimeout(IDLE_MILLIS);
    return connector;
  }

  private ServerConnector connector() {
    return (ServerConnector) javalin.jettyServer().server().getConnectors()[0];
  }

  private void watch(ServedModels models) {
    ServerConnector connector = connector();
    metrics.watch(
        "ernie4j.connections", "open connections", () -> connector.getConnectedEndPoints().size());
    metrics.watch("ernie4j.requests.active", "requests without a response", exchanges::inFlight);
    metrics.watch("ernie4j.requests.bytes", "bytes held for requests in flight", memory::reserved);
    for (ServedModel<?> model : models.all()) {
      metrics.watch(model);
    }
  }

  private static String rootReason(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage());
  }

  /** The port that it listens on, or listened on until it was stopped. */
  public int port() {
    return port;
  }

  /**
   * Accepts no more connections, answers the requests that were accepted, and tells clients to send
   * no more on the connections that they keep open. It ends when no request has arrived for a
   * moment, or when the time is over.
   *
   * @return false if some requests were not answered in time
   */
  public boolean stop(Duration limit) {
    long end = System.nanoTime() + limit.toNanos();
    exchanges.stopping();
    connector().close();
    long quietSince = System.nanoTime();
    while (System.nanoTime() - quietSince < TimeUnit.MILLISECONDS.toNanos(QUIET_MILLIS)
        && System.nanoTime() < end) {
      if (exchanges.inFlight() > 0) {
        quietSince = System.nanoTime();
      }
      try {
        Thread.sleep(POLL_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      }
    }
    boolean answered = exchanges.inFlight() == 0;
    javalin.stop();
    return answered;
  }
}
