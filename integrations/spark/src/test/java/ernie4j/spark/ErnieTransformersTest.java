package ernie4j.spark;

import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.engine.head.HeadOptions;
import ernie4j.pipeline.Extraction;
import ernie4j.pipeline.ExtractionSchema;
import ernie4j.pipeline.InformationExtractor;
import ernie4j.pipeline.JointSlu;
import ernie4j.pipeline.SentenceEmbedder;
import ernie4j.pipeline.Span;
import ernie4j.pipeline.TextClassifier;
import ernie4j.pipeline.TextScorer;
import ernie4j.pipeline.TinyModels;
import ernie4j.pipeline.TokenTagger;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.collection.Seq;
import scala.jdk.javaapi.CollectionConverters;

/** Spark gives exactly the answers of the pipelines, in whatever batches. */
class ErnieTransformersTest {
  private static final int ROWS = 42;
  private static final List<@Nullable String> TEXTS = LocalSpark.texts(ROWS, 1);
  private static final List<@Nullable String> OTHERS =
      LocalSpark.texts(ROWS + 2, 2).subList(2, ROWS + 2);

  @TempDir static Path folder;
  private static SparkSession spark;
  private static Dataset<Row> rows;

  @BeforeAll
  static void start() {
    spark = LocalSpark.start(folder);
    rows = LocalSpark.rows(spark, TEXTS, OTHERS).cache();
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  /** The expected answers; a null for a null. */
  private static <R> List<@Nullable Object> expected(Function<String, R> pipeline) {
    return expected((text, other) -> text == null ? null : pipeline.apply(text));
  }

  private static List<@Nullable Object> expected(
      BiFunction<@Nullable String, @Nullable String, @Nullable Object> pipeline) {
    List<@Nullable Object> expected = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      expected.add(pipeline.apply(TEXTS.get(i), OTHERS.get(i)));
    }
    return expected;
  }

  /** The transformer with several batch sizes, its function as a column and in SQL. */
  private static void assertAnswers(
      ErnieTransformer<?> transformer,
      String arguments,
      String type,
      Function<Object, Object> comparable,
      List<@Nullable Object> expected) {
    transformer.setInputCol("text").setOutputCol("answer");
    for (int batchSize : new int[] {1, 5}) {
      Dataset<Row> answered = transformer.setBatchSize(batchSize).transform(rows);
      assertThat(answered.schema().apply("answer").dataType().sql()).isEqualToIgnoringCase(type);
      assertAnswers(answered, comparable, expected);
    }
    ErnieFunctions.register(spark, "ernie_answer", transformer);
    rows.createOrReplaceTempView("texts");
    Dataset<Row> answered =
        spark.sql("SELECT id, text, other, ernie_answer(" + arguments + ") AS answer FROM texts");
    assertThat(answered.schema().apply("answer").dataType().sql()).isEqualToIgnoringCase(type);
    assertAnswers(answered, comparable, expected);
  }

  private static void assertAnswers(
      Dataset<Row> answered, Function<Object, Object> comparable, List<@Nullable Object> expected) {
    List<Row> found = new ArrayList<>(answered.collectAsList());
    found.sort(Comparator.comparingLong(row -> row.getLong(0)));
    assertThat(found).hasSize(ROWS);
    for (int i = 0; i < ROWS; i++) {
      Row row = found.get(i);
      assertThat(row.getLong(0)).isEqualTo(i);
      assertThat(row.getString(1)).isEqualTo(TEXTS.get(i));
      assertThat(row.getString(2)).isEqualTo(OTHERS.get(i));
      assertThat(row.isNullAt(3) ? null : comparable.apply(row.get(3)))
          .as("row %d: %s", i, TEXTS.get(i))
          .isEqualTo(expected.get(i));
    }
  }

  @SuppressWarnings("unchecked")
  private static List<Object> list(Object sequence) {
    return new ArrayList<>(CollectionConverters.asJava((Seq<Object>) sequence));
  }

  private static List<Object> values(Object row) {
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < ((Row) row).length(); i++) {
      values.add(((Row) row).get(i));
    }
    return values;
  }

  private static List<Object> values(Span span) {
    return List.of(span.type(), span.text(), span.start(), span.end(), span.probability());
  }

  private static List<Object> boxed(float[] vector) {
    List<Object> values = new ArrayList<>();
    for (float value : vector) {
      values.add(value);
    }
    return values;
  }

  @Test
  void vectors() throws IOException {
    String model = LocalSpark.write(folder, "encoder.ernie", TinyModels.encoder(1));
    SentenceEmbedder pipeline = SentenceEmbedder.load(model);
    assertAnswers(
        new ErnieEmbedder().setModel(model),
        "text",
        "array<float>",
        ErnieTransformersTest::list,
        expected(text -> boxed(pipeline.embed(text))));
  }

  @Test
  void classesOfTextsAndOfPairs() throws IOException {
    String model = LocalSpark.write(folder, "classes.ernie", TinyModels.classifier("a", "b", "c"));
    TextClassifier pipeline = TextClassifier.load(model);
    String type = "struct<label: string not null, probability: double not null>";
    assertAnswers(
        new ErnieClassifier().setModel(model),
        "text",
        type,
        ErnieTransformersTest::values,
        expected(text -> classification(pipeline.classify(text))));
    assertAnswers(
        new ErnieClassifier().setModel(model).setSecondInputCol("other"),
        "text, other",
        type,
        ErnieTransformersTest::values,
        expected(
            (text, other) ->
                text == null || other == null
                    ? null
                    : classification(pipeline.classify(text, other))));
  }

  private static List<Object> classification(TextClassifier.Result result) {
    return List.of(result.label(), result.probability());
  }

  @Test
  void scoresOfTextsAndOfPairs() throws IOException {
    String model = LocalSpark.write(folder, "scores.ernie", TinyModels.scorer());
    TextScorer pipeline = TextScorer.load(model);
    assertAnswers(
        new ErnieScorer().setModel(model),
        "text",
        "double",
        score -> score,
        expected(text -> pipeline.score(text).value()));
    assertAnswers(
        new ErnieScorer().setModel(model).setSecondInputCol("other"),
        "text, other",
        "double",
        score -> score,
        expected(
            (text, other) ->
                text == null || other == null ? null : pipeline.score(text, other).value()));
  }

  @Test
  void spans() throws IOException {
    String model =
        LocalSpark.write(folder, "spans.ernie", TinyModels.tagger("O", "B-x", "I-x", "B-y"));
    TokenTagger pipeline = TokenTagger.load(model);
    assertAnswers(
        new ErnieTagger().setModel(model),
        "text",
        "array<struct<type: string not null, text: string not null, start: int not null, end: int"
            + " not null, probability: double not null>>",
        spans -> list(spans).stream().map(ErnieTransformersTest::values).toList(),
        expected(
            text ->
                pipeline.tag(text).entities().stream()
                    .map(ErnieTransformersTest::values)
                    .toList()));
  }

  @Test
  void intentsAndSlots() throws IOException {
    String model = LocalSpark.write(folder, "joint.ernie", TinyModels.joint());
    JointSlu pipeline = JointSlu.load(model);
    assertAnswers(
        new ErnieParser().setModel(model),
        "text",
        "struct<intent: string not null, probability: double not null, slots: array<struct<type:"
            + " string not null, text: string not null, start: int not null, end: int not null,"
            + " probability: double not null>> not null, truncated: boolean not null>",
        command -> {
          List<Object> values = values(command);
          values.set(2, list(values.get(2)).stream().map(ErnieTransformersTest::values).toList());
          return values;
        },
        expected(
            text -> {
              JointSlu.Result result = pipeline.parse(text);
              return List.of(
                  result.intent(),
                  result.probability(),
                  result.slots().stream().map(ErnieTransformersTest::values).toList(),
                  result.truncated());
            }));
  }

  @Test
  void extractionsAsDeepAsTheSchema() throws IOException {
    String model = LocalSpark.write(folder, "uie.ernie", TinyModels.extractor());
    InformationExtractor pipeline = InformationExtractor.load(model).withThreshold(0.3);
    String names = "[{\"天地\": [\"玄\"]}, \"宇宙\", \"日月[天，地]\"]";
    ExtractionSchema schema = ExtractionSchema.parse(names);
    String span = "text: string not null, start: int, end: int, probability: double not null";
    assertAnswers(
        new ErnieExtractor().setModel(model).setSchema(names).setThreshold(0.3),
        "text",
        "map<string, array<struct<%s, relations: map<string, array<struct<%s>>> not null>>>"
            .formatted(span, span),
        ErnieTransformersTest::extractions,
        expected(text -> extractions(pipeline.extract(text, schema).extractions(), 2)));
    // A schema without relations has none in its type.
    assertThat(new ErnieExtractor().setSchema("天地,宇宙").outputType().sql())
        .isEqualToIgnoringCase("map<string, array<struct<%s>>>".formatted(span));
  }

  @SuppressWarnings("unchecked")
  private static Object extractions(Object map) {
    Map<String, Object> named = new LinkedHashMap<>();
    CollectionConverters.asJava((scala.collection.Map<String, Object>) map)
        .forEach(
            (name, found) ->
                named.put(
                    name,
                    list(found).stream()
                        .map(
                            row -> {
                              List<Object> values = values(row);
                              if (values.size() == 5) {
                                values.set(4, extractions(values.get(4)));
                              }
                              return values;
                            })
                        .toList()));
    return List.copyOf(named.entrySet());
  }

  private static Object extractions(Map<String, List<Extraction>> named, int depth) {
    List<Object> entries = new ArrayList<>();
    named.forEach(
        (name, found) ->
            entries.add(
                Map.entry(
                    name,
                    found.stream()
                        .map(
                            e -> {
                              List<@Nullable Object> values = new ArrayList<>();
                              values.add(e.text());
                              values.add(e.isOption() ? null : e.start());
                              values.add(e.isOption() ? null : e.end());
                              values.add(e.probability());
                              if (depth > 1) {
                                values.add(extractions(e.relations(), depth - 1));
                              }
                              return values;
                            })
                        .toList())));
    return entries;
  }

  @Test
  void parserUsesTheBundledModelByDefault() throws IOException {
    JointSlu bundled = JointSlu.bundled();
    Row answer =
        new ErnieParser()
            .setInputCol("text")
            .setOutputCol("command")
            .transform(spark.sql("SELECT '来一首周华健的花心' AS text"))
            .selectExpr("command.intent", "command.probability", "command.slots[1].text")
            .head();
    assertThat(answer.getString(0)).isEqualTo("music.play");
    assertThat(answer.getDouble(1)).isEqualTo(bundled.parse("来一首周华健的花心").probability());
    assertThat(answer.getString(2)).isEqualTo("花心");
  }

  @Test
  void queriesAndPassagesGetTheModelsPrefixes() throws IOException {
    Model model =
        TinyModels.encoder(1)
            .withOptions(Map.of(HeadOptions.QUERY_PREFIX, "天", HeadOptions.PASSAGE_PREFIX, "地"));
    String file = LocalSpark.write(folder, "prefix.ernie", model);
    SentenceEmbedder pipeline = ModelFile.load(Path.of(file), SentenceEmbedder::of);
    Dataset<Row> one = spark.sql("SELECT '玄黄' AS text");
    ErnieEmbedder embedder =
        new ErnieEmbedder().setModel(file).setInputCol("text").setOutputCol("vector");
    Map.of(
            "text", pipeline.embed("玄黄"),
            "query", pipeline.forQueries().embed("玄黄"),
            "passage", pipeline.forPassages().embed("玄黄"))
        .forEach(
            (type, vector) ->
                assertThat(list(embedder.setInputType(type).transform(one).head().get(1)))
                    .as(type)
                    .isEqualTo(boxed(vector)));
    assertThat(pipeline.forQueries().embed("玄黄")).isNotEqualTo(pipeline.embed("玄黄"));
  }

  @Test
  void keepsOtherColumnsUnchanged() throws IOException {
    String model = LocalSpark.write(folder, "stay.ernie", TinyModels.scorer());
    Dataset<Row> odd =
        spark.sql(
            "SELECT '天地' AS text, timestamp'1500-02-03 04:05:06.789' AS t, date'1200-01-01' AS d,"
                + " cast(1.50 AS decimal(38,18)) AS n, array(map(1, 'a'), null) AS m,"
                + " named_struct('x', 1L, 'y', null) AS s, x'00ff' AS b,"
                + " interval '1' day AS i, cast(null AS int) AS missing");
    ErnieScorer scorer =
        new ErnieScorer().setModel(model).setInputCol("text").setOutputCol("score");
    Dataset<Row> scored = scorer.transform(odd);
    assertThat(scored.drop("score").schema()).isEqualTo(odd.schema());
    assertThat(scored.drop("score").head()).isEqualTo(odd.head());
  }
}
