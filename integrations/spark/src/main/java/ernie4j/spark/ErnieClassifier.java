package ernie4j.spark;

import ernie4j.pipeline.LongText;
import ernie4j.pipeline.TextClassifier;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.types.DataType;

/**
 * Adds the class of a text, or of a pair of texts, as {@link TextClassifier} gives it: {@code
 * struct<label: string, probability: double>}.
 */
public final class ErnieClassifier extends PairTransformer<ErnieClassifier> {
  private static final long serialVersionUID = 1;

  /** A classifier without a model. */
  public ErnieClassifier() {
    this(Identifiable$.MODULE$.randomUID("ernieClassifier"));
  }

  /** A classifier with the given uid. */
  public ErnieClassifier(String uid) {
    super(uid);
  }

  @Override
  DataType outputType() {
    return Answers.CLASS;
  }

  @Override
  TextFunction textFunction() {
    return textFunction(
        ModelReference.of(getModel(), TextClassifier.class, TextClassifier::load), policy());
  }

  private static TextFunction textFunction(
      ModelReference<TextClassifier> model, LongText longText) {
    return () -> {
      TextClassifier classifier = model.get().withLongText(longText);
      return batch ->
          TextFunction.values(
              batch.hasPairs()
                  ? classifier.tryClassifyPairs(batch.pairs())
                  : classifier.tryClassify(batch.texts()),
              Answers::classification);
    };
  }

  /** Reads classifiers that were written. */
  public static MLReader<ErnieClassifier> read() {
    return new ParamsReader<ErnieClassifier>().read();
  }

  /** Reads a classifier that was written to a path. */
  public static ErnieClassifier load(String path) {
    return read().load(path);
  }
}
