package ernie4j.spring;

import ernie4j.pipeline.SentenceEmbedder;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** Spring AI's embedding model, where the application has Spring AI and an embedder. */
@AutoConfiguration(after = ErnieAutoConfiguration.class)
@ConditionalOnClass(EmbeddingModel.class)
@ConditionalOnBean(SentenceEmbedder.class)
public class ErnieSpringAiAutoConfiguration {
  @Bean
  @ConditionalOnMissingBean
  EmbeddingModel ernieEmbeddingModel(SentenceEmbedder embedder) {
    return new ErnieSpringAiEmbeddingModel(embedder);
  }
}
