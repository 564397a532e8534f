package ernie4j.spring;

import ernie4j.pipeline.Pipeline;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;

/**
 * Gets all pipelines to full speed before the application says that it is ready: Spring runs this
 * before it accepts traffic.
 */
public final class ErnieWarmUp implements ApplicationRunner {
  private static final Log LOG = LogFactory.getLog(ErnieWarmUp.class);

  private final Map<String, Pipeline> pipelines;
  private final Duration limit;
  private final Map<String, Boolean> warm = new ConcurrentHashMap<>();
  private volatile double seconds;

  ErnieWarmUp(Map<String, Pipeline> pipelines, Duration limit) {
    this.pipelines = new LinkedHashMap<>(pipelines);
    this.limit = limit;
  }

  @Override
  public void run(ApplicationArguments arguments) {
    long began = System.nanoTime();
    long end = began + limit.toNanos();
    pipelines.forEach(
        (name, pipeline) -> {
          long left = Math.max(1, end - System.nanoTime());
          boolean isWarm = pipeline.warmUp(Duration.ofNanos(left));
          warm.put(name, isWarm);
          if (!isWarm) {
            LOG.warn(
                "%s is not at full speed after %s; its first answers are slower (ernie4j.warm-up)"
                    .formatted(name, limit));
          }
        });
    seconds = (System.nanoTime() - began) / 1e9;
  }

  /** The names of the beans. */
  Iterable<String> names() {
    return pipelines.keySet();
  }

  /** Whether a bean is at full speed. */
  boolean isWarm(String name) {
    return warm.getOrDefault(name, false);
  }

  /** How long warming up took. */
  double seconds() {
    return seconds;
  }
}
