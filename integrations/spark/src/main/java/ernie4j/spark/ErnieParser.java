package ernie4j.spark;

import ernie4j.pipeline.JointSlu;
import ernie4j.pipeline.LongText;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.types.DataType;

/**
 * Adds what a command means, as {@link JointSlu} understands it: {@code struct<intent: string,
 * probability: double, slots: array<struct<type: string, text: string, start: int, end: int,
 * probability: double>>, truncated: boolean>}. Places are those of {@link String#substring}.
 *
 * <p>The default model, {@code bundled}, comes with the library. A command that is too long is cut,
 * unless {@link #setLongText} says otherwise.
 */
public final class ErnieParser extends LongTextTransformer<ErnieParser> {
  private static final long serialVersionUID = 1;

  private static final String BUNDLED = "bundled";

  /** A parser with the bundled model. */
  public ErnieParser() {
    this(Identifiable$.MODULE$.randomUID("ernieParser"));
  }

  /** A parser with the given uid and the bundled model. */
  public ErnieParser(String uid) {
    super(uid, LongText.TRUNCATE, false);
    setDefault(model(), BUNDLED);
  }

  @Override
  DataType outputType() {
    return Answers.COMMAND;
  }

  @Override
  TextFunction textFunction() {
    ModelReference<JointSlu> model =
        getModel().equals(BUNDLED)
            ? ModelReference.bundled(BUNDLED, JointSlu.class, JointSlu::bundled)
            : ModelReference.of(getModel(), JointSlu.class, JointSlu::load);
    return textFunction(model, policy());
  }

  private static TextFunction textFunction(ModelReference<JointSlu> model, LongText longText) {
    return () -> {
      JointSlu slu = model.get().withLongText(longText);
      return batch -> TextFunction.values(slu.tryParse(batch.texts()), Answers::command);
    };
  }

  /** Reads parsers that were written. */
  public static MLReader<ErnieParser> read() {
    return new ParamsReader<ErnieParser>().read();
  }

  /** Reads a parser that was written to a path. */
  public static ErnieParser load(String path) {
    return read().load(path);
  }
}
