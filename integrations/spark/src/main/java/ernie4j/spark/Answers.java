package ernie4j.spark;

import ernie4j.pipeline.Extraction;
import ernie4j.pipeline.ExtractionSchema;
import ernie4j.pipeline.JointSlu;
import ernie4j.pipeline.Span;
import ernie4j.pipeline.TextClassifier;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import scala.collection.immutable.ArraySeq;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** Answers of pipelines as values of Spark, and their types. */
final class Answers {
  static final DataType VECTOR = DataTypes.createArrayType(DataTypes.FloatType, false);

  static final DataType CLASS =
      struct(field("label", DataTypes.StringType), field("probability", DataTypes.DoubleType));

  static final DataType SPANS =
      DataTypes.createArrayType(
          struct(
              field("type", DataTypes.StringType),
              field("text", DataTypes.StringType),
              field("start", DataTypes.IntegerType),
              field("end", DataTypes.IntegerType),
              field("probability", DataTypes.DoubleType)),
          false);

  static final DataType COMMAND =
      struct(
          field("intent", DataTypes.StringType),
          field("probability", DataTypes.DoubleType),
          field("slots", SPANS),
          field("truncated", DataTypes.BooleanType));

  private Answers() {}

  private static StructType struct(StructField... fields) {
    return DataTypes.createStructType(fields);
  }

  private static StructField field(String name, DataType type) {
    return DataTypes.createStructField(name, type, false);
  }

  static Object vector(float[] values) {
    return ArraySeq.unsafeWrapArray(values);
  }

  static Object classification(TextClassifier.Result result) {
    return RowFactory.create(result.label(), result.probability());
  }

  static Seq<Row> spans(List<Span> spans) {
    return rows(
        spans,
        span ->
            RowFactory.create(
                span.type(), span.text(), span.start(), span.end(), span.probability()));
  }

  static Object command(JointSlu.Result result) {
    return RowFactory.create(
        result.intent(), result.probability(), spans(result.slots()), result.truncated());
  }

  private static <E> Seq<Row> rows(List<E> list, Function<E, Row> row) {
    return ArraySeq.unsafeWrapArray(list.stream().map(row).toArray(Row[]::new));
  }

  /** The type of what a schema finds, as deep as the schema. */
  static DataType extractions(ExtractionSchema schema) {
    return extractions(depth(schema.nodes()));
  }

  static Object extractions(Map<String, List<Extraction>> named, ExtractionSchema schema) {
    return extractions(named, depth(schema.nodes()));
  }

  private static int depth(List<ExtractionSchema.Node> nodes) {
    return nodes.stream().mapToInt(node -> 1 + depth(node.children())).max().orElse(0);
  }

  private static DataType extractions(int depth) {
    List<StructField> fields = new ArrayList<>();
    fields.add(field("text", DataTypes.StringType));
    fields.add(DataTypes.createStructField("start", DataTypes.IntegerType, true));
    fields.add(DataTypes.createStructField("end", DataTypes.IntegerType, true));
    fields.add(field("probability", DataTypes.DoubleType));
    if (depth > 1) {
      fields.add(field("relations", extractions(depth - 1)));
    }
    return DataTypes.createMapType(
        DataTypes.StringType,
        DataTypes.createArrayType(DataTypes.createStructType(fields), false),
        false);
  }

  private static scala.collection.Map<String, Seq<Row>> extractions(
      Map<String, List<Extraction>> named, int depth) {
    Map<String, Seq<Row>> values = new LinkedHashMap<>();
    named.forEach((name, found) -> values.put(name, rows(found, e -> extraction(e, depth))));
    return CollectionConverters.asScala(values);
  }

  private static Row extraction(Extraction extraction, int depth) {
    List<@Nullable Object> values = new ArrayList<>();
    values.add(extraction.text());
    values.add(extraction.isOption() ? null : extraction.start());
    values.add(extraction.isOption() ? null : extraction.end());
    values.add(extraction.probability());
    if (depth > 1) {
      values.add(extractions(extraction.relations(), depth - 1));
    }
    return RowFactory.create(values.toArray());
  }
}
