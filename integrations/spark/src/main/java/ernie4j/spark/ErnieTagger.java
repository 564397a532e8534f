package ernie4j.spark;

import ernie4j.pipeline.LongText;
import ernie4j.pipeline.TokenTagger;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.types.DataType;

/**
 * Adds the labelled spans of a text, for example names, as {@link TokenTagger} finds them: {@code
 * array<struct<type: string, text: string, start: int, end: int, probability: double>>}. Places are
 * those of {@link String#substring}.
 */
public final class ErnieTagger extends LongTextTransformer<ErnieTagger> {
  private static final long serialVersionUID = 1;

  /** A tagger without a model. */
  public ErnieTagger() {
    this(Identifiable$.MODULE$.randomUID("ernieTagger"));
  }

  /** A tagger with the given uid. */
  public ErnieTagger(String uid) {
    super(uid, LongText.ERROR, true);
  }

  @Override
  DataType outputType() {
    return Answers.SPANS;
  }

  @Override
  TextFunction textFunction() {
    return textFunction(
        ModelReference.of(getModel(), TokenTagger.class, TokenTagger::load), policy());
  }

  private static TextFunction textFunction(ModelReference<TokenTagger> model, LongText longText) {
    return () -> {
      TokenTagger tagger = model.get().withLongText(longText);
      return batch ->
          TextFunction.values(
              tagger.tryTag(batch.texts()), result -> Answers.spans(result.entities()));
    };
  }

  /** Reads taggers that were written. */
  public static MLReader<ErnieTagger> read() {
    return new ParamsReader<ErnieTagger>().read();
  }

  /** Reads a tagger that was written to a path. */
  public static ErnieTagger load(String path) {
    return read().load(path);
  }
}
