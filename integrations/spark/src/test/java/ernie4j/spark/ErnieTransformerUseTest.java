package ernie4j.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ernie4j.pipeline.TextScorer;
import ernie4j.pipeline.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.attribute.Attribute;
import org.apache.spark.ml.attribute.NumericAttribute;
import org.apache.spark.ml.clustering.KMeans;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Schemas, pipelines of Spark, files, and what goes wrong. */
class ErnieTransformerUseTest {
  @TempDir static Path folder;
  private static SparkSession spark;
  private static String scores;

  @BeforeAll
  static void start() throws IOException {
    spark = LocalSpark.start(folder);
    scores = LocalSpark.write(folder, "scores.ernie", TinyModels.scorer());
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static ErnieScorer scorer() {
    return new ErnieScorer().setModel(scores).setInputCol("text").setOutputCol("score");
  }

  private static Dataset<Row> texts(String values) {
    return spark.sql("SELECT * FROM VALUES " + values + " AS texts(id, text)");
  }

  @Test
  void refusesSchemasThatDoNotFitBeforeAJobBegins() {
    StructType schema = texts("(1, '天')").schema();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> scorer().setInputCol("txt").transformSchema(schema))
        .withMessageContaining("inputCol")
        .withMessageContaining("'txt', which is not among [id, text]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> scorer().setInputCol("id").transformSchema(schema))
        .withMessageContaining("expected a column of strings, got 'id' of type int");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> scorer().setSecondInputCol("id").transformSchema(schema))
        .withMessageContaining("secondInputCol");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> scorer().setOutputCol("id").transformSchema(schema))
        .withMessageContaining("'id', which already exists");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new ErnieScorer("nameless")
                    .setInputCol("text")
                    .setOutputCol("score")
                    .transformSchema(schema))
        .withMessageContaining("nameless: expected the parameter model");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> scorer().setLongText("window"))
        .withMessageContaining("longText");
    assertThatIllegalArgumentException().isThrownBy(() -> scorer().setBatchSize(0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ErnieExtractor().setSchema("[\"天\""))
        .withMessageContaining("schema");
  }

  @Test
  void aTextThatCannotBeReadEndsTheJobAndIsShown() {
    Dataset<Row> rows = texts("(1, '天地'), (2, ''), (3, null)");
    assertThatThrownBy(() -> scorer().transform(rows).collectAsList())
        .hasStackTraceContaining("the text '' cannot be read: score: the text '' has no tokens");
    Dataset<Row> tooLong = texts("(1, '天'), (2, '玄" + "黄".repeat(70) + "')");
    assertThatThrownBy(() -> scorer().transform(tooLong).collectAsList())
        .hasStackTraceContaining("the text '玄" + "黄".repeat(59) + "...' cannot be read")
        .hasStackTraceContaining("73 tokens");
    ErnieFunctions.register(spark, "ernie_score", scorer());
    assertThatThrownBy(() -> spark.sql("SELECT ernie_score('')").collectAsList())
        .hasStackTraceContaining("has no tokens");
  }

  @Test
  void aTextThatCannotBeReadGivesNullIfThatWasChosen() {
    Dataset<Row> rows = texts("(1, '天地'), (2, ''), (3, null), (4, '天地')");
    List<Row> kept = scorer().setHandleInvalid("keep").transform(rows).collectAsList();
    assertThat(kept.get(0).getDouble(2)).isEqualTo(kept.get(3).getDouble(2));
    assertThat(kept.get(1).isNullAt(2)).isTrue();
    assertThat(kept.get(2).isNullAt(2)).isTrue();
    ErnieFunctions.register(spark, "ernie_score", scorer().setHandleInvalid("keep"));
    assertThat(spark.sql("SELECT ernie_score('')").head().isNullAt(0)).isTrue();
    Dataset<Row> tooLong = texts("(1, '" + "黄".repeat(70) + "')");
    assertThat(scorer().setLongText("truncate").transform(tooLong).head().isNullAt(2)).isFalse();
  }

  @Test
  void canBeSavedAndLoadedAlsoAsAStageOfAPipeline() throws IOException {
    String vectors = LocalSpark.write(folder, "vectors.ernie", TinyModels.encoder(1));
    String path = folder.resolve("embedder").toString();
    new ErnieEmbedder("mine")
        .setModel(vectors)
        .setInputCol("text")
        .setOutputCol("vector")
        .setInputType("query")
        .setLongText("window")
        .setHandleInvalid("keep")
        .setBatchSize(7)
        .save(path);
    ErnieEmbedder read = ErnieEmbedder.load(path);
    assertThat(read.uid()).isEqualTo("mine");
    assertThat(read.getModel()).isEqualTo(vectors);
    assertThat(read.getInputCol()).isEqualTo("text");
    assertThat(read.getOutputCol()).isEqualTo("vector");
    assertThat(read.getInputType()).isEqualTo("query");
    assertThat(read.getLongText()).isEqualTo("window");
    assertThat(read.getHandleInvalid()).isEqualTo("keep");
    assertThat(read.getBatchSize()).isEqualTo(7);
    ErnieExtractor extractor = new ErnieExtractor().setSchema("天,地").setThreshold(0.25);
    extractor.save(path + "-extractor");
    assertThat(ErnieExtractor.load(path + "-extractor").getSchema()).isEqualTo("天,地");
    assertThat(ErnieExtractor.load(path + "-extractor").getThreshold()).isEqualTo(0.25);
    assertThat(scorer().setSecondInputCol("other").copy(scorer().extractParamMap()))
        .extracting(ErnieScorer::getSecondInputCol)
        .isEqualTo("other");

    // Vectors go into Spark's own stages as they are.
    Dataset<Row> rows = texts("(1, '天地'), (2, '天地'), (3, '宇宙洪荒'), (4, '日')");
    PipelineModel model =
        new Pipeline()
            .setStages(
                new PipelineStage[] {
                  read,
                  new KMeans()
                      .setFeaturesCol("vector")
                      .setPredictionCol("cluster")
                      .setK(2)
                      .setSeed(1)
                })
            .fit(rows);
    String saved = folder.resolve("pipeline").toString();
    model.save(saved);
    List<Row> clusters = PipelineModel.load(saved).transform(rows).collectAsList();
    assertThat(clusters).isEqualTo(model.transform(rows).collectAsList());
    assertThat(clusters.get(0).getInt(3)).isEqualTo(clusters.get(1).getInt(3));
  }

  @Test
  void loadsEveryTransformerInAPipeline() throws IOException {
    List<ErnieTransformer<?>> all =
        List.of(
            new ErnieClassifier("a").setModel("m"),
            new ErnieEmbedder("b").setModel("m"),
            new ErnieExtractor("c").setModel("m"),
            new ErnieParser("d").setModel("m"),
            new ErnieScorer("e").setModel("m"),
            new ErnieTagger("f").setModel("m"));
    PipelineStage[] stages = all.toArray(PipelineStage[]::new);
    String path = folder.resolve("all").toString();
    new Pipeline("stages").setStages(stages).write().overwrite().save(path);
    PipelineStage[] read = Pipeline.load(path).getStages();
    for (int i = 0; i < stages.length; i++) {
      assertThat(read[i].getClass()).isEqualTo(stages[i].getClass());
      assertThat(read[i].uid()).isEqualTo(stages[i].uid());
      assertThat(((ErnieTransformer<?>) read[i]).getModel()).isEqualTo("m");
    }
  }

  @Test
  void findsAShippedFileByItsName() throws IOException {
    // The name alone is no path from here, so only the copy that Spark made can be found. The file
    // itself must stay: Spark compares both whenever a task needs its files again.
    spark.sparkContext().addFile(LocalSpark.write(folder, "shipped.ernie", TinyModels.scorer()));
    double score =
        scorer().setModel("shipped.ernie").transform(texts("(1, '天地')")).head().getDouble(2);
    assertThat(score).isEqualTo(TextScorer.of(TinyModels.scorer()).score("天地").value());
  }

  @Test
  void readsAReplacedFileAgain() throws IOException {
    Path file = Path.of(LocalSpark.write(folder, "replaced.ernie", TinyModels.encoder(1)));
    ErnieEmbedder embedder =
        new ErnieEmbedder().setModel(file.toString()).setInputCol("text").setOutputCol("vector");
    Dataset<Row> rows = texts("(1, '天地')");
    Row before = embedder.transform(rows).head();
    assertThat(embedder.transform(rows).head()).isEqualTo(before);
    Path other = Path.of(LocalSpark.write(folder, "other.ernie", TinyModels.encoder(20)));
    Files.setLastModifiedTime(
        other,
        java.nio.file.attribute.FileTime.fromMillis(
            Files.getLastModifiedTime(file).toMillis() + 1000));
    Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
    assertThat(embedder.transform(rows).head()).isNotEqualTo(before);
  }

  @Test
  void aMissingModelNamesTheExecutorAndTheRemedy() {
    assertThatThrownBy(
            () -> scorer().setModel("missing.ernie").transform(texts("(1, '天')")).collectAsList())
        .hasStackTraceContaining(
            "the model 'missing.ernie' cannot be loaded by the executor driver")
        .hasStackTraceContaining("SparkContext.addFile or --files");
    assertThatThrownBy(
            () ->
                new ErnieTagger()
                    .setModel(scores)
                    .setInputCol("text")
                    .setOutputCol("tags")
                    .transform(texts("(1, '天')"))
                    .collectAsList())
        .hasStackTraceContaining("TextScorer");
  }

  @Test
  void keepsColumnsOfTheSameNameAndTheirMetadata() {
    Dataset<Row> rows = texts("(1, '天地')");
    Attribute attribute = NumericAttribute.defaultAttr().withName("price").withMax(9);
    Dataset<Row> described =
        rows.withColumn("price", functions.lit(2.0).as("price", attribute.toMetadata()));
    Dataset<Row> scored = scorer().transform(described);
    assertThat(scored.schema().apply("price").metadata()).isEqualTo(attribute.toMetadata());
    assertThat(scored.drop("score").schema()).isEqualTo(described.schema());
    Dataset<Row> doubled = rows.join(rows.select(rows.col("id")), "id");
    assertThat(scorer().transform(doubled).count()).isEqualTo(1);
    Dataset<Row> twice = rows.select("id", "text", "id");
    assertThat(scorer().transform(twice).head().getInt(2)).isEqualTo(1);
  }

  @Test
  void emptyPartitionsGiveNothing() {
    assertThat(scorer().transform(texts("(1, '天地')").where("id > 1").repartition(3)).count())
        .isZero();
  }
}
