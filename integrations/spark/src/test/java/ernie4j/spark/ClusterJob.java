package ernie4j.spark;

import ernie4j.engine.kernels.Kernels;
import ernie4j.pipeline.JointSlu;
import ernie4j.pipeline.Span;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.collection.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * A job as users submit it: embeds and parses the lines of a file and writes the results. It prints
 * which executor finished which task.
 */
public final class ClusterJob {
  static final int PARTITIONS = 12;

  /** Partitions from this one on wait for a file, so that a test can act first. */
  static final int WAITING = 6;

  private static final StructType TEXTS =
      new StructType().add("id", DataTypes.LongType, false).add("text", DataTypes.StringType);

  private ClusterJob() {}

  /** Arguments: the texts, the model of vectors, the file to wait for, the results. */
  public static void main(String[] arguments) throws IOException {
    List<String> texts = Files.readAllLines(Path.of(arguments[0]));
    String model = arguments[1];
    String gate = arguments[2];
    Path results = Path.of(arguments[3]);
    try (SparkSession spark = SparkSession.builder().getOrCreate();
        JavaSparkContext context = new JavaSparkContext(spark.sparkContext())) {
      spark.sparkContext().addSparkListener(new TaskReporter());
      List<Row> rows = new ArrayList<>();
      for (int i = 0; i < texts.size(); i++) {
        rows.add(RowFactory.create((long) i, texts.get(i)));
      }
      Dataset<Row> dataset =
          spark.createDataFrame(
              context.parallelize(rows, PARTITIONS).mapPartitions(part -> waiting(part, gate)),
              TEXTS);
      Dataset<Row> vectors =
          new ErnieEmbedder()
              .setModel(model)
              .setInputCol("text")
              .setOutputCol("vector")
              .setBatchSize(5)
              .transform(dataset);
      ErnieFunctions.register(spark, "ernie_parse", new ErnieParser());
      // A collected partition stays, even if its executor is lost.
      List<Row> answers =
          new ArrayList<>(
              vectors.selectExpr("id", "vector", "ernie_parse(text) AS command").collectAsList());
      answers.sort(Comparator.comparingLong(row -> row.getLong(0)));
      List<String> lines = new ArrayList<>(answers.stream().map(ClusterJob::line).toList());
      List<String> kernels =
          context.parallelize(List.of(1, 2, 3, 4), 4).map(i -> Kernels.best().name()).collect();
      lines.add("kernels " + kernels.stream().distinct().toList());
      Files.write(results, lines);
    }
  }

  private static Iterator<Row> waiting(Iterator<Row> part, String gate) {
    if (TaskContext.getPartitionId() >= WAITING) {
      while (Files.notExists(Path.of(gate)) && !TaskContext.get().isInterrupted()) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
      }
    }
    return part;
  }

  /** Prints how tasks end. */
  private static final class TaskReporter extends SparkListener {
    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
      System.out.printf(
          "TASK %d.%d on executor %s %s%n",
          end.stageId(),
          end.taskInfo().index(),
          end.taskInfo().executorId(),
          end.taskInfo().successful() ? "done" : "lost");
    }
  }

  private static String line(Row row) {
    StringBuilder line = new StringBuilder().append(row.getLong(0));
    for (Object value : CollectionConverters.asJava(row.<Seq<Object>>getAs(1))) {
      line.append(' ').append(Float.floatToRawIntBits((Float) value));
    }
    Row command = row.getStruct(2);
    line.append(' ').append(command.getString(0)).append(' ').append(bits(command.getDouble(1)));
    for (Object slot : CollectionConverters.asJava(command.<Seq<Object>>getAs(2))) {
      Row span = (Row) slot;
      append(
          line,
          new Span(
              span.getString(0),
              span.getString(1),
              span.getInt(2),
              span.getInt(3),
              span.getDouble(4)));
    }
    return line.toString();
  }

  /** The line that the job should write for a text, with all bits of its numbers. */
  static String line(int id, float[] vector, JointSlu.Result command) {
    StringBuilder line = new StringBuilder().append(id);
    for (float value : vector) {
      line.append(' ').append(Float.floatToRawIntBits(value));
    }
    line.append(' ').append(command.intent()).append(' ').append(bits(command.probability()));
    command.slots().forEach(span -> append(line, span));
    return line.toString();
  }

  private static void append(StringBuilder line, Span span) {
    line.append(
        " %s=%s[%d,%d]%d"
            .formatted(
                span.type(), span.text(), span.start(), span.end(), bits(span.probability())));
  }

  private static long bits(double value) {
    return Double.doubleToRawLongBits(value);
  }
}
