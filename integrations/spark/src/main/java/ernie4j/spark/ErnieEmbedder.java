package ernie4j.spark;

import ernie4j.pipeline.LongText;
import ernie4j.pipeline.SentenceEmbedder;
import java.util.List;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.types.DataType;

/**
 * Adds the vector of a text, of type {@code array<float>}, as {@link SentenceEmbedder} gives it.
 *
 * <pre>{@code
 * new ErnieEmbedder().setModel("bge-small-zh").setInputCol("text").setOutputCol("vector")
 *     .transform(texts);
 * }</pre>
 */
public final class ErnieEmbedder extends LongTextTransformer<ErnieEmbedder> {
  private static final long serialVersionUID = 1;

  private static final String TEXT = "text";
  private static final String QUERY = "query";
  private static final String PASSAGE = "passage";

  private final Param<String> inputType =
      new Param<>(
          this,
          "inputType",
          "what the texts are to a model that reads queries and passages differently: text, query"
              + " or passage",
          ParamValidators.inArray(List.of(TEXT, QUERY, PASSAGE)));

  /** An embedder without a model. */
  public ErnieEmbedder() {
    this(Identifiable$.MODULE$.randomUID("ernieEmbedder"));
  }

  /** An embedder with the given uid. */
  public ErnieEmbedder(String uid) {
    super(uid, LongText.ERROR, true);
    setDefault(inputType, TEXT);
  }

  /** What the texts are. */
  public Param<String> inputType() {
    return inputType;
  }

  /**
   * Sets what the texts are, for models that were published with a prefix for queries or for what
   * is searched: {@code text} (the default), {@code query} or {@code passage}.
   */
  public ErnieEmbedder setInputType(String type) {
    return with(inputType, type);
  }

  /** What the texts are. */
  public String getInputType() {
    return getOrDefault(inputType);
  }

  @Override
  DataType outputType() {
    return Answers.VECTOR;
  }

  @Override
  TextFunction textFunction() {
    return textFunction(
        ModelReference.of(getModel(), SentenceEmbedder.class, SentenceEmbedder::load),
        policy(),
        getInputType());
  }

  private static TextFunction textFunction(
      ModelReference<SentenceEmbedder> model, LongText longText, String inputType) {
    return () -> {
      SentenceEmbedder plain = model.get().withLongText(longText);
      SentenceEmbedder embedder =
          switch (inputType) {
            case QUERY -> plain.forQueries();
            case PASSAGE -> plain.forPassages();
            default -> plain;
          };
      return batch -> TextFunction.values(embedder.tryEmbed(batch.texts()), Answers::vector);
    };
  }

  /** Reads embedders that were written. */
  public static MLReader<ErnieEmbedder> read() {
    return new ParamsReader<ErnieEmbedder>().read();
  }

  /** Reads an embedder that was written to a path. */
  public static ErnieEmbedder load(String path) {
    return read().load(path);
  }
}
