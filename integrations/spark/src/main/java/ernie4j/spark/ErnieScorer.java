package ernie4j.spark;

import ernie4j.pipeline.LongText;
import ernie4j.pipeline.TextScorer;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * Adds the score of a text, or of a pair such as a query and a document, as {@link TextScorer}
 * gives it: a {@code double}.
 */
public final class ErnieScorer extends PairTransformer<ErnieScorer> {
  private static final long serialVersionUID = 1;

  /** A scorer without a model. */
  public ErnieScorer() {
    this(Identifiable$.MODULE$.randomUID("ernieScorer"));
  }

  /** A scorer with the given uid. */
  public ErnieScorer(String uid) {
    super(uid);
  }

  @Override
  DataType outputType() {
    return DataTypes.DoubleType;
  }

  @Override
  TextFunction textFunction() {
    return textFunction(
        ModelReference.of(getModel(), TextScorer.class, TextScorer::load), policy());
  }

  private static TextFunction textFunction(ModelReference<TextScorer> model, LongText longText) {
    return () -> {
      TextScorer scorer = model.get().withLongText(longText);
      return batch ->
          TextFunction.values(
              batch.hasPairs()
                  ? scorer.tryScorePairs(batch.pairs())
                  : scorer.tryScore(batch.texts()),
              TextScorer.Result::value);
    };
  }

  /** Reads scorers that were written. */
  public static MLReader<ErnieScorer> read() {
    return new ParamsReader<ErnieScorer>().read();
  }

  /** Reads a scorer that was written to a path. */
  public static ErnieScorer load(String path) {
    return read().load(path);
  }
}
