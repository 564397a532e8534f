package ernie4j.server.http;

import ernie4j.server.task.ServedModel;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/** Metrics for operators, in Prometheus format. */
public final class ServerMetrics implements AutoCloseable {
  /** The content type of {@link #scrape}. */
  static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private static final String NONE = "none";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics gc = new JvmGcMetrics();

  // Looking a meter up by its tags costs more than counting does.
  private final Map<Series, Timer> timers = new ConcurrentHashMap<>();
  private final Map<String, Counter> texts = new ConcurrentHashMap<>();

  private record Series(String path, String model, int status) {}

  /** Adds the metrics of the JVM, which takes a tenth of a second. */
  public void watchJvm() {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    gc.bindTo(registry);
  }

  /** Receives the sizes of a model's batches. */
  public IntConsumer batches(String model) {
    DistributionSummary sizes =
        DistributionSummary.builder("ernie4j.batch.texts")
            .description("texts that are computed together")
            .serviceLevelObjectives(1, 2, 4, 8, 16, 32)
            .tag("model", model)
            .register(registry);
    return sizes::record;
  }

  void watch(ServedModel<?> model) {
    Gauge.builder("ernie4j.waiting.texts", model, ServedModel::waitingTexts)
        .description("texts that no batch has taken yet")
        .tag("model", model.name())
        .register(registry);
  }

  void watch(String name, String description, Supplier<Number> value) {
    Gauge.builder(name, value).description(description).register(registry);
  }

  void answered(Exchange exchange, int status, long nanos) {
    String model = Objects.requireNonNullElse(exchange.model(), NONE);
    timers
        .computeIfAbsent(new Series(exchange.route(), model, status), this::timer)
        .record(nanos, TimeUnit.NANOSECONDS);
    if (exchange.texts() > 0) {
      texts.computeIfAbsent(model, this::counter).increment(exchange.texts());
    }
  }

  private Timer timer(Series series) {
    return Timer.builder("ernie4j.requests")
        .description("from the first byte of a request to the last of its response")
        .tags("path", series.path, "model", series.model, "status", String.valueOf(series.status))
        .serviceLevelObjectives(
            Duration.ofMillis(1),
            Duration.ofMillis(2),
            Duration.ofMillis(5),
            Duration.ofMillis(10),
            Duration.ofMillis(25),
            Duration.ofMillis(50),
            Duration.ofMillis(100),
            Duration.ofMillis(250),
            Duration.ofSeconds(1),
            Duration.ofSeconds(5))
        .register(registry);
  }

  private Counter counter(String model) {
    return Counter.builder("ernie4j.texts")
        .description("texts of all requests")
        .tag("model", model)
        .register(registry);
  }

  /** The registry, to which a program that embeds a server can add its own meters. */
  public MeterRegistry registry() {
    return registry;
  }

  String scrape() {
    return registry.scrape();
  }

  @Override
  public void close() {
    gc.close();
    registry.close();
  }
}
