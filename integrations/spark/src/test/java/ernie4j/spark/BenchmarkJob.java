package ernie4j.spark;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Parses the texts of a file and says how long that took; see {@link ClusterBenchmark}. */
public final class BenchmarkJob {
  private BenchmarkJob() {}

  /** Arguments: the texts, how many of them, and in how many partitions. */
  public static void main(String[] arguments) throws IOException {
    try (SparkSession spark = SparkSession.builder().getOrCreate()) {
      Dataset<Row> texts =
          spark
              .read()
              .text(Path.of(arguments[0]).toUri().toString())
              .limit(Integer.parseInt(arguments[1]))
              .repartition(Integer.parseInt(arguments[2]))
              .cache();
      texts.count();
      // The executors load the model, and their kernels are compiled.
      parsed(texts.limit(ClusterBenchmark.WARM_UP)).write().format("noop").mode("overwrite").save();
      long before = System.nanoTime();
      parsed(texts).write().format("noop").mode("overwrite").save();
      System.out.printf("TOOK %.1f s%n", (System.nanoTime() - before) / 1e9);
    }
  }

  private static Dataset<Row> parsed(Dataset<Row> texts) {
    return new ErnieParser().setInputCol("value").setOutputCol("command").transform(texts);
  }
}
