package ernie4j.spring;

import ernie4j.pipeline.LongText;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The models of an application. Each one that is named becomes a bean.
 *
 * @param slu intents and slots: a JointSlu
 * @param embedder vectors: a SentenceEmbedder
 * @param classifier one class for each text: a TextClassifier
 * @param multiLabel any number of labels: a MultiLabelClassifier
 * @param scorer similarity or relevance: a TextScorer
 * @param tagger spans, for example names: a TokenTagger
 * @param answerer answers in a context: a QuestionAnswerer
 * @param extractor what a schema names (UIE): an InformationExtractor
 * @param warmUp how long the models may take to get to full speed before the application is ready
 */
@ConfigurationProperties("ernie4j")
public record ErnieProperties(
    @Nullable Named slu,
    @Nullable Named embedder,
    @Nullable Named classifier,
    @Nullable Named multiLabel,
    @Nullable Named scorer,
    @Nullable Named tagger,
    @Nullable Named answerer,
    @Nullable Named extractor,
    @DefaultValue("10s") Duration warmUp) {
  /**
   * A model.
   *
   * @param model a model file, or the name of a pulled model; for slu also "bundled"
   * @param longText what happens to texts of more tokens than are read at once; the default is the
   *     pipeline's
   */
  public record Named(@Nullable String model, @Nullable LongText longText) {}
}
