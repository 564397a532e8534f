package ernie4j.spark;

import org.apache.spark.sql.SparkSession;

/**
 * The transformers as functions of SQL.
 *
 * <pre>{@code
 * ErnieFunctions.register(spark, "ernie_embed", new ErnieEmbedder().setModel("bge-small-zh"));
 * spark.sql("SELECT id, ernie_embed(text) FROM texts");
 * }</pre>
 */
public final class ErnieFunctions {
  private ErnieFunctions() {}

  /**
   * Registers a function of a session, in place of one of the same name. It answers like the
   * transformer, whose model and options it has; see {@link ErnieTransformer#function}.
   */
  public static void register(SparkSession spark, String name, ErnieTransformer<?> transformer) {
    spark.udf().register(name, transformer.function());
  }
}
