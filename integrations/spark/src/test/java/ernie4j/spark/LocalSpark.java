package ernie4j.spark;

import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.pipeline.TinyModels;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** Spark in the JVM of the tests, with two threads. */
final class LocalSpark {
  static final StructType TEXTS =
      new StructType()
          .add("id", DataTypes.LongType, false)
          .add("text", DataTypes.StringType)
          .add("other", DataTypes.StringType);

  private LocalSpark() {}

  static SparkSession start(Path folder) {
    return SparkSession.builder()
        .master("local[2]")
        .config("spark.ui.enabled", false)
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", 2)
        .config("spark.sql.warehouse.dir", folder.resolve("warehouse").toString())
        .getOrCreate();
  }

  /** Writes a model. */
  static String write(Path folder, String name, Model model) throws IOException {
    Path file = folder.resolve(name);
    ModelFile.write(file, model);
    return file.toString();
  }

  /** Texts of 1 to 18 characters of the tiny models, and nulls. */
  static List<@Nullable String> texts(int count, long seed) {
    Random random = new Random(seed);
    List<@Nullable String> texts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      if (i % 7 == 3) {
        texts.add(null);
        continue;
      }
      StringBuilder text = new StringBuilder();
      for (int length = 1 + random.nextInt(18); text.length() < length; ) {
        text.append(TinyModels.CHARACTERS.charAt(random.nextInt(TinyModels.CHARACTERS.length())));
      }
      texts.add(text.toString());
    }
    return texts;
  }

  /** Rows of {@link #TEXTS}, in some partitions. */
  static Dataset<Row> rows(
      SparkSession spark, List<@Nullable String> texts, List<@Nullable String> others) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      rows.add(RowFactory.create((long) i, texts.get(i), others.get(i)));
    }
    return spark.createDataFrame(rows, TEXTS).repartition(4);
  }
}
