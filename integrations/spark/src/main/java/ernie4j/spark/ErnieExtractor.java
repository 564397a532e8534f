package ernie4j.spark;

import ernie4j.pipeline.ExtractionSchema;
import ernie4j.pipeline.InformationExtractor;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.types.DataType;

/**
 * Adds what a schema in words names, as {@link InformationExtractor} finds it: {@code map<string,
 * array<struct<text: string, start: int, end: int, probability: double>>>} by the names in the
 * schema. Where the schema asks something about answers, every struct of that depth also has {@code
 * relations}, which is such a map again; so the type is as deep as the schema. Places are those of
 * {@link String#substring}; an option of a prompt has none, and both are null.
 *
 * <pre>{@code
 * new ErnieExtractor().setModel("uie-nano").setInputCol("text").setOutputCol("found")
 *     .setSchema("{\"竞赛名称\": [\"主办方\", \"承办方\"]}").transform(texts)
 *     .selectExpr("found['竞赛名称'][0].text", "found['竞赛名称'][0].relations['主办方'][0].text");
 * }</pre>
 */
public final class ErnieExtractor extends ErnieTransformer<ErnieExtractor> {
  private static final long serialVersionUID = 1;

  private final Param<String> schema =
      new Param<>(this, "schema", "what to extract, as JSON or as names with commas between them");
  private final DoubleParam threshold =
      new DoubleParam(
          this,
          "threshold",
          "how probable the first and the last token of an answer must be, from 0 to 1",
          ParamValidators.inRange(0, 1));

  /** An extractor without a model or a schema. */
  public ErnieExtractor() {
    this(Identifiable$.MODULE$.randomUID("ernieExtractor"));
  }

  /** An extractor with the given uid. */
  public ErnieExtractor(String uid) {
    super(uid);
  }

  /** What to extract. */
  public Param<String> schema() {
    return schema;
  }

  /** How probable answers must be. */
  public DoubleParam threshold() {
    return threshold;
  }

  /**
   * Sets what to extract, in a form that {@link ExtractionSchema#parse} reads.
   *
   * @throws IllegalArgumentException if it cannot be read; the message says why
   */
  public ErnieExtractor setSchema(String names) {
    ExtractionSchema.parse(names);
    return with(schema, names);
  }

  /** What to extract. */
  public String getSchema() {
    return required(schema);
  }

  /** Sets how probable answers must be, from 0 to 1; the default is the model's. */
  public ErnieExtractor setThreshold(double probability) {
    set(threshold, probability);
    return this;
  }

  /** How probable answers must be; not a number for the model's default. */
  public double getThreshold() {
    return isDefined(threshold) ? (Double) getOrDefault(threshold) : Double.NaN;
  }

  @Override
  DataType outputType() {
    return Answers.extractions(ExtractionSchema.parse(getSchema()));
  }

  @Override
  TextFunction textFunction() {
    return textFunction(
        ModelReference.of(getModel(), InformationExtractor.class, InformationExtractor::load),
        getSchema(),
        getThreshold());
  }

  private static TextFunction textFunction(
      ModelReference<InformationExtractor> model, String names, double threshold) {
    return () -> {
      ExtractionSchema schema = ExtractionSchema.parse(names);
      InformationExtractor extractor =
          Double.isNaN(threshold) ? model.get() : model.get().withThreshold(threshold);
      return batch ->
          TextFunction.values(
              extractor.tryExtract(batch.texts(), schema),
              result -> Answers.extractions(result.extractions(), schema));
    };
  }

  /** Reads extractors that were written. */
  public static MLReader<ErnieExtractor> read() {
    return new ParamsReader<ErnieExtractor>().read();
  }

  /** Reads an extractor that was written to a path. */
  public static ErnieExtractor load(String path) {
    return read().load(path);
  }
}
