package example;

import ernie4j.spark.ErnieFunctions;
import ernie4j.spark.ErnieParser;
import org.apache.spark.sql.SparkSession;

/** Asks the bundled model in SQL. */
public class Understand {
  public static void main(String[] arguments) throws Exception {
    try (SparkSession spark = SparkSession.builder().master("local[2]").getOrCreate()) {
      ErnieFunctions.register(spark, "ernie_parse", new ErnieParser());
      spark
          .sql("SELECT * FROM VALUES ('来一首周华健的花心'), ('导航到信阳市') AS commands(text)")
          .selectExpr("text", "inline(array(ernie_parse(text)))")
          .show(false);
    }
  }
}
