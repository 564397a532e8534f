package ernie4j.spark;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * What the transformers of this package have in common: a column of texts is read by a model, and a
 * column of answers is added.
 *
 * <p>An executor loads a model once, its tasks share it, and each computes in its own thread, so
 * there are as many computing threads as the executor has cores. A null gives null. A text that the
 * model cannot read, for example an empty one, ends the job with an error that shows it, unless
 * {@link #setHandleInvalid} says otherwise.
 *
 * <p>Writing a transformer writes its parameters, but of the model only its name.
 *
 * @param <T> the transformer itself
 */
public abstract class ErnieTransformer<T extends ErnieTransformer<T>> extends Transformer
    implements DefaultParamsWritable {
  private static final long serialVersionUID = 1;

  private static final String ERROR = "error";
  private static final String KEEP = "keep";
  private static final int BATCH_SIZE = 32;

  private final String uid;
  private final Param<String> inputCol;
  private final Param<String> outputCol;
  private final Param<String> model;
  private final IntParam batchSize;
  private final Param<String> handleInvalid;

  /** Fields of a superclass are set before those of its subclasses, and parameters need the uid. */
  ErnieTransformer(String uid) {
    this.uid = uid;
    inputCol = new Param<>(this, "inputCol", "the column of texts");
    outputCol = new Param<>(this, "outputCol", "the column of answers, which is added");
    model =
        new Param<>(
            this,
            "model",
            "a model file: one that was shipped with SparkContext.addFile or --files, a path that"
                + " every executor has, or a pulled model by name");
    batchSize =
        new IntParam(
            this, "batchSize", "how many rows are computed together", ParamValidators.gtEq(1));
    handleInvalid =
        new Param<>(
            this,
            "handleInvalid",
            "what happens to a text that cannot be read: error ends the job, keep gives null",
            ParamValidators.inArray(List.of(ERROR, KEEP)));
    setDefault(batchSize, BATCH_SIZE);
    setDefault(handleInvalid, ERROR);
  }

  @Override
  public String uid() {
    return uid;
  }

  /** The column of texts. */
  public final Param<String> inputCol() {
    return inputCol;
  }

  /** The column of answers. */
  public final Param<String> outputCol() {
    return outputCol;
  }

  /** The model. */
  public final Param<String> model() {
    return model;
  }

  /** How many rows are computed together. */
  public final IntParam batchSize() {
    return batchSize;
  }

  /** What happens to a text that cannot be read. */
  public final Param<String> handleInvalid() {
    return handleInvalid;
  }

  /** Sets the column of texts. */
  public T setInputCol(String column) {
    return with(inputCol, column);
  }

  /** The name of the column of texts. */
  public String getInputCol() {
    return required(inputCol);
  }

  /** Sets the column that is added. */
  public T setOutputCol(String column) {
    return with(outputCol, column);
  }

  /** The name of the column that is added. */
  public String getOutputCol() {
    return required(outputCol);
  }

  /**
   * Sets the model. It is looked up on each executor: among the files shipped with {@code
   * SparkContext.addFile} or {@code --files}, then as a path, then by name among the pulled models.
   */
  public T setModel(String fileOrName) {
    return with(model, fileOrName);
  }

  /** The model as it was named. */
  public String getModel() {
    return required(model);
  }

  /** Sets how many rows are computed together; the default is 32. */
  public T setBatchSize(int rows) {
    set(batchSize, rows);
    return self();
  }

  /** How many rows are computed together. */
  public int getBatchSize() {
    return (Integer) getOrDefault(batchSize);
  }

  /**
   * Sets what happens to a text that cannot be read: {@code error} (the default) ends the job,
   * {@code keep} gives null.
   */
  public T setHandleInvalid(String handling) {
    return with(handleInvalid, handling);
  }

  /** What happens to a text that cannot be read. */
  public String getHandleInvalid() {
    return getOrDefault(handleInvalid);
  }

  final T with(Param<String> parameter, String value) {
    set(parameter, value);
    return self();
  }

  @SuppressWarnings("unchecked")
  private T self() {
    return (T) this;
  }

  final String required(Param<String> parameter) {
    if (!isDefined(parameter)) {
      throw new IllegalArgumentException(
          "%s: expected the parameter %s, %s; set it"
              .formatted(uid, parameter.name(), parameter.doc()));
    }
    return getOrDefault(parameter);
  }

  /** The columns that are read: one of texts, or two. */
  List<Param<String>> inputs() {
    return List.of(inputCol);
  }

  /** The type of the answers. */
  abstract DataType outputType();

  /** What computes them on an executor, with the parameters as they are now. */
  abstract TextFunction textFunction();

  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    StructType schema = dataset.schema();
    StructType extended = transformSchema(schema);
    List<Integer> columns =
        inputs().stream().map(input -> schema.fieldIndex(required(input))).toList();
    StructType numbered = new StructType();
    for (int i = 0; i < extended.length(); i++) {
      StructField field = extended.apply(i);
      numbered = numbered.add(String.valueOf(i), field.dataType(), field.nullable());
    }
    Dataset<Row> answered =
        dataset
            .toDF()
            .mapPartitions(
                new MiniBatches(checked(), columns, getBatchSize()), Encoders.row(numbered));
    return answered.select(restored(answered, extended));
  }

  /**
   * The columns under their names, of which two may be equal, with their metadata and exact types:
   * rows lose these on their way through a function.
   */
  private static Column[] restored(Dataset<Row> numbered, StructType schema) {
    Column[] columns = new Column[schema.length()];
    for (int i = 0; i < columns.length; i++) {
      StructField field = schema.apply(i);
      Column column = numbered.col(String.valueOf(i));
      boolean same = numbered.schema().apply(i).dataType().equals(field.dataType());
      columns[i] =
          (same ? column : column.cast(field.dataType())).as(field.name(), field.metadata());
    }
    return columns;
  }

  /** The function and what happens to texts that it cannot read. */
  private CheckedFunction checked() {
    return new CheckedFunction(uid, textFunction(), getHandleInvalid().equals(KEEP));
  }

  /**
   * A function of columns, or of SQL if it is registered: {@code spark.udf().register(name,
   * transformer.function())}. It takes as many texts as this transformer has input columns,
   * whatever they are called, and computes one row at a time: Spark gives functions no more.
   */
  public UserDefinedFunction function() {
    CheckedFunction checked = checked();
    return inputs().size() == 1
        ? functions.udf(new SqlFunctions.OfText(checked), outputType())
        : functions.udf(new SqlFunctions.OfPair(checked), outputType());
  }

  @Override
  public StructType transformSchema(StructType schema) {
    for (Param<String> input : inputs()) {
      String column = required(input);
      if (!Arrays.asList(schema.fieldNames()).contains(column)) {
        throw new IllegalArgumentException(
            "%s: %s: expected a column of strings, got '%s', which is not among %s"
                .formatted(uid, input.name(), column, Arrays.toString(schema.fieldNames())));
      }
      DataType type = schema.apply(column).dataType();
      if (!(type instanceof StringType)) {
        throw new IllegalArgumentException(
            "%s: %s: expected a column of strings, got '%s' of type %s; cast it"
                .formatted(uid, input.name(), column, type.simpleString()));
      }
    }
    String output = getOutputCol();
    if (Arrays.asList(schema.fieldNames()).contains(output)) {
      throw new IllegalArgumentException(
          "%s: outputCol: expected the name of a new column, got '%s', which already exists; choose another or drop it"
              .formatted(uid, output));
    }
    getModel();
    return schema.add(DataTypes.createStructField(output, outputType(), true));
  }

  @Override
  public T copy(ParamMap extra) {
    return Objects.requireNonNull(defaultCopy(extra));
  }
}
