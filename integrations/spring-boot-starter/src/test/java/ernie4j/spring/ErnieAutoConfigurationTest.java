package ernie4j.spring;

import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.pipeline.InformationExtractor;
import ernie4j.pipeline.JointSlu;
import ernie4j.pipeline.MultiLabelClassifier;
import ernie4j.pipeline.Pipeline;
import ernie4j.pipeline.QuestionAnswerer;
import ernie4j.pipeline.SentenceEmbedder;
import ernie4j.pipeline.TextClassifier;
import ernie4j.pipeline.TextScorer;
import ernie4j.pipeline.TinyModels;
import ernie4j.pipeline.TokenTagger;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.ai.document.Document;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.boot.DefaultApplicationArguments;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class ErnieAutoConfigurationTest {
  private static final Map<String, Class<? extends Pipeline>> BEANS =
      Map.of(
          "slu", JointSlu.class,
          "embedder", SentenceEmbedder.class,
          "classifier", TextClassifier.class,
          "multi-label", MultiLabelClassifier.class,
          "scorer", TextScorer.class,
          "tagger", TokenTagger.class,
          "answerer", QuestionAnswerer.class,
          "extractor", InformationExtractor.class);

  @TempDir Path folder;

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  ErnieAutoConfiguration.class,
                  ErnieHealthAutoConfiguration.class,
                  ErnieMetricsAutoConfiguration.class,
                  ErnieSpringAiAutoConfiguration.class));

  private Map<String, Path> files() throws IOException {
    Map<String, Model> models = new LinkedHashMap<>();
    models.put("slu", TinyModels.joint());
    models.put("embedder", TinyModels.encoder(1));
    models.put("classifier", TinyModels.classifier("x", "y"));
    models.put("multi-label", TinyModels.multiLabel("x", "y"));
    models.put("scorer", TinyModels.scorer());
    models.put("tagger", TinyModels.tagger("O", "B-x", "I-x"));
    models.put("answerer", TinyModels.answerer());
    models.put("extractor", TinyModels.extractor());
    Map<String, Path> files = new LinkedHashMap<>();
    for (Map.Entry<String, Model> model : models.entrySet()) {
      Path file = folder.resolve(model.getKey() + ".ernie");
      ModelFile.write(file, model.getValue());
      files.put(model.getKey(), file);
    }
    return files;
  }

  private Path file(String task) throws IOException {
    return Objects.requireNonNull(files().get(task));
  }

  private ApplicationContextRunner with(String task, Path file) {
    return runner.withPropertyValues("ernie4j." + task + ".model=" + file);
  }

  @Test
  void withoutPropertiesThereIsNoPipeline() {
    runner.run(context -> assertThat(context).hasNotFailed().doesNotHaveBean(Pipeline.class));
  }

  @Test
  void everyNamedModelIsABean() throws IOException {
    ApplicationContextRunner all = runner;
    for (Map.Entry<String, Path> file : files().entrySet()) {
      all = all.withPropertyValues("ernie4j." + file.getKey() + ".model=" + file.getValue());
    }
    all.run(
        context -> {
          assertThat(context).hasNotFailed();
          BEANS.values().forEach(type -> assertThat(context).hasSingleBean(type));
        });
  }

  @Test
  void theBundledModelAnswers() {
    runner
        .withPropertyValues("ernie4j.slu.model=bundled")
        .run(
            context ->
                assertThat(context.getBean(JointSlu.class).parse("来一首周华健的花心").intent())
                    .isEqualTo("music.play"));
  }

  @Test
  void anApplicationsOwnPipelineReplacesOurs() throws IOException {
    JointSlu own = JointSlu.of(TinyModels.joint());
    runner
        .withBean(JointSlu.class, () -> own)
        .withPropertyValues("ernie4j.slu.model=bundled")
        .run(context -> assertThat(context.getBean(JointSlu.class)).isSameAs(own));
  }

  @Test
  void aMissingModelFailsWithASentence() {
    with("embedder", folder.resolve("missing.ernie"))
        .run(
            context -> {
              assertThat(context).hasFailed();
              Throwable failure = Objects.requireNonNull(context.getStartupFailure());
              FailureAnalysis analysis =
                  Objects.requireNonNull(new ModelFailureAnalyzer().analyze(failure));
              assertThat(analysis.getDescription())
                  .contains("ernie4j.embedder.model=", "missing.ernie");
              assertThat(analysis.getAction()).contains("ernie4j.embedder.model");
            });
  }

  @Test
  void aModelForAnotherTaskFailsWithASentence() throws IOException {
    with("classifier", file("tagger"))
        .run(
            context ->
                assertThat(context.getStartupFailure())
                    .rootCause()
                    .hasMessageContaining("use TokenTagger"));
  }

  @Test
  void usesThePolicyForLongTexts() throws IOException {
    String longText = "天地玄黄".repeat(30);
    Path file = file("classifier");
    with("classifier", file)
        .withPropertyValues("ernie4j.classifier.long-text=truncate")
        .run(
            context ->
                assertThat(context.getBean(TextClassifier.class).classify(longText).truncated())
                    .isTrue());
    with("classifier", file)
        .withPropertyValues("ernie4j.classifier.long-text=window")
        .run(context -> assertThat(context).hasFailed());
  }

  private static Map<String, Object> details(HealthIndicator indicator) {
    return Objects.requireNonNull(indicator.health()).getDetails();
  }

  @Test
  void healthAndMetricsShowWhatIsWarm() {
    runner
        .withPropertyValues("ernie4j.slu.model=bundled")
        .run(
            context -> {
              HealthIndicator health = context.getBean(HealthIndicator.class);
              assertThat(details(health)).containsEntry("ernieSlu", "warming up");
              SimpleMeterRegistry registry = new SimpleMeterRegistry();
              context.getBean(MeterBinder.class).bindTo(registry);
              assertThat(registry.get("ernie4j.pipeline.warm").gauge().value()).isZero();
              context.getBean(ErnieWarmUp.class).run(new DefaultApplicationArguments());
              boolean warm = registry.get("ernie4j.pipeline.warm").gauge().value() == 1;
              assertThat(details(health))
                  .containsEntry("ernieSlu", warm ? "at full speed" : "warming up");
              assertThat(registry.get("ernie4j.warm.up").gauge().value()).isPositive();
            });
  }

  @Test
  void springAiHasTheVectorsOfTheEmbedder() throws IOException {
    with("embedder", file("embedder"))
        .run(
            context -> {
              EmbeddingModel model = context.getBean(EmbeddingModel.class);
              SentenceEmbedder embedder = context.getBean(SentenceEmbedder.class);
              List<float[]> vectors = model.embed(List.of("天地", "玄黄宇宙"));
              assertThat(vectors.get(0)).containsExactly(embedder.embed("天地"));
              assertThat(vectors.get(1)).containsExactly(embedder.embed("玄黄宇宙"));
              assertThat(model.embed(new Document("天地"))).containsExactly(vectors.get(0));
              assertThat(model.dimensions()).isEqualTo(embedder.dimension());
            });
  }
}
