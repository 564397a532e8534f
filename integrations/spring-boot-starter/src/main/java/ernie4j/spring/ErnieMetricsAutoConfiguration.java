package ernie4j.spring;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;

/** Metrics of the models, where the application has Micrometer. */
@AutoConfiguration(after = ErnieAutoConfiguration.class)
@ConditionalOnClass(MeterBinder.class)
public class ErnieMetricsAutoConfiguration {
  /** Which models are at full speed, and how long that took. */
  @Bean
  MeterBinder ernieMetrics(ErnieWarmUp warmUp) {
    return registry -> {
      Gauge.builder("ernie4j.warm.up", warmUp, ErnieWarmUp::seconds)
          .description("how long the models took to get to full speed")
          .baseUnit("seconds")
          .register(registry);
      for (String name : warmUp.names()) {
        Gauge.builder("ernie4j.pipeline.warm", () -> warmUp.isWarm(name) ? 1 : 0)
            .description("whether a model is at full speed")
            .tag("pipeline", name)
            .register(registry);
      }
    };
  }
}
