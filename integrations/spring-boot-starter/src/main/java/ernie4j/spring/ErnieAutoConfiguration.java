package ernie4j.spring;

import ernie4j.pipeline.InformationExtractor;
import ernie4j.pipeline.JointSlu;
import ernie4j.pipeline.LongText;
import ernie4j.pipeline.MultiLabelClassifier;
import ernie4j.pipeline.Pipeline;
import ernie4j.pipeline.QuestionAnswerer;
import ernie4j.pipeline.SentenceEmbedder;
import ernie4j.pipeline.TextClassifier;
import ernie4j.pipeline.TextScorer;
import ernie4j.pipeline.TokenTagger;
import java.io.IOException;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** A bean for each model that the properties name, and warming them up. */
@AutoConfiguration
@EnableConfigurationProperties(ErnieProperties.class)
public class ErnieAutoConfiguration {
  private static final String BUNDLED = "bundled";

  /** How a pipeline is loaded. */
  private interface Loader<P> {
    P load(String fileOrName) throws IOException;
  }

  @Bean
  @ConditionalOnProperty("ernie4j.slu.model")
  @ConditionalOnMissingBean
  JointSlu ernieSlu(ErnieProperties properties) {
    return load(
        "slu",
        properties.slu(),
        name -> name.equals(BUNDLED) ? JointSlu.bundled() : JointSlu.load(name),
        JointSlu::withLongText);
  }

  @Bean
  @ConditionalOnProperty("ernie4j.embedder.model")
  @ConditionalOnMissingBean
  SentenceEmbedder ernieEmbedder(ErnieProperties properties) {
    return load(
        "embedder", properties.embedder(), SentenceEmbedder::load, SentenceEmbedder::withLongText);
  }

  @Bean
  @ConditionalOnProperty("ernie4j.classifier.model")
  @ConditionalOnMissingBean
  TextClassifier ernieClassifier(ErnieProperties properties) {
    return load(
        "classifier", properties.classifier(), TextClassifier::load, TextClassifier::withLongText);
  }

  @Bean
  @ConditionalOnProperty("ernie4j.multi-label.model")
  @ConditionalOnMissingBean
  MultiLabelClassifier ernieMultiLabelClassifier(ErnieProperties properties) {
    return load(
        "multi-label",
        properties.multiLabel(),
        MultiLabelClassifier::load,
        MultiLabelClassifier::withLongText);
  }

  @Bean
  @ConditionalOnProperty("ernie4j.scorer.model")
  @ConditionalOnMissingBean
  TextScorer ernieScorer(ErnieProperties properties) {
    return load("scorer", properties.scorer(), TextScorer::load, TextScorer::withLongText);
  }

  @Bean
  @ConditionalOnProperty("ernie4j.tagger.model")
  @ConditionalOnMissingBean
  TokenTagger ernieTagger(ErnieProperties properties) {
    return load("tagger", properties.tagger(), TokenTagger::load, TokenTagger::withLongText);
  }

  @Bean
  @ConditionalOnProperty("ernie4j.answerer.model")
  @ConditionalOnMissingBean
  QuestionAnswerer ernieAnswerer(ErnieProperties properties) {
    return load(
        "answerer", properties.answerer(), QuestionAnswerer::load, QuestionAnswerer::withLongText);
  }

  @Bean
  @ConditionalOnProperty("ernie4j.extractor.model")
  @ConditionalOnMissingBean
  InformationExtractor ernieExtractor(ErnieProperties properties) {
    return load(
        "extractor",
        properties.extractor(),
        InformationExtractor::load,
        (extractor, policy) -> {
          throw new IllegalArgumentException(
              "long-text: an extractor reads texts of any length; leave it out");
        });
  }

  @Bean
  ErnieWarmUp ernieWarmUp(Map<String, Pipeline> pipelines, ErnieProperties properties) {
    return new ErnieWarmUp(pipelines, properties.warmUp());
  }

  private static <P> P load(
      String task,
      ErnieProperties.@Nullable Named named,
      Loader<P> loader,
      BiFunction<P, LongText, P> withLongText) {
    String model = named == null || named.model() == null ? "" : named.model();
    try {
      P pipeline = loader.load(model);
      LongText policy = named == null ? null : named.longText();
      return policy == null ? pipeline : withLongText.apply(pipeline, policy);
    } catch (IOException | IllegalArgumentException e) {
      throw new ModelNotLoadedException("ernie4j." + task + ".model", model, e);
    }
  }
}
