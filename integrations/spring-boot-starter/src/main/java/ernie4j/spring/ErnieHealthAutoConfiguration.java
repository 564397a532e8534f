package ernie4j.spring;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/** Health of the models, where the application has Boot's health endpoints. */
@AutoConfiguration(after = ErnieAutoConfiguration.class)
@ConditionalOnClass({HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class})
public class ErnieHealthAutoConfiguration {
  /** Up as soon as the models are loaded; the details say which are at full speed. */
  @Bean
  @ConditionalOnEnabledHealthIndicator("ernie4j")
  HealthIndicator ernie4jHealthIndicator(ErnieWarmUp warmUp) {
    return () -> {
      Health.Builder health = Health.up();
      warmUp
          .names()
          .forEach(
              name ->
                  health.withDetail(name, warmUp.isWarm(name) ? "at full speed" : "warming up"));
      return health.build();
    };
  }
}
