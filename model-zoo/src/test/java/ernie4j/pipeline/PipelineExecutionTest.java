package ernie4j.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import ernie4j.engine.AnotherJvm;
import ernie4j.engine.encoder.ExecutionOptions;
import ernie4j.engine.head.SentenceEmbedding;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Threads, limits and closing of pipelines. */
class PipelineExecutionTest {
  /** A pipeline, and how it is asked about several texts. */
  private record Case<P extends Pipeline, R>(
      P pipeline, BiFunction<P, List<String>, List<Attempt<R>>> questions) {
    /** The results, or the reasons why there are none. */
    List<Object> ask(Pipeline other, List<String> texts) {
      @SuppressWarnings("unchecked") // derived from this pipeline by withExecution
      P own = (P) other;
      return questions.apply(own, texts).stream().map(Case::comparable).toList();
    }

    private static Object comparable(Attempt<?> attempt) {
      if (!attempt.isSuccess()) {
        return attempt.error().orElseThrow();
      }
      return attempt.result() instanceof float[] vector
          ? Arrays.toString(vector)
          : attempt.result();
    }

    @Override
    public String toString() {
      return pipeline.getClass().getSimpleName();
    }
  }

  static List<Case<?, ?>> cases() {
    return List.of(
        new Case<>(JointSlu.of(TinyModels.joint()), JointSlu::tryParse),
        new Case<>(TextClassifier.of(TinyModels.classifier("a", "b")), TextClassifier::tryClassify),
        new Case<>(
            MultiLabelClassifier.of(TinyModels.multiLabel("a", "b")),
            MultiLabelClassifier::tryClassify),
        new Case<>(TextScorer.of(TinyModels.scorer()), TextScorer::tryScore),
        new Case<>(
            TokenTagger.of(TinyModels.tagger("O", "B-x", "I-x")).withLongText(LongText.WINDOW),
            TokenTagger::tryTag),
        new Case<>(
            QuestionAnswerer.of(TinyModels.answerer()).withLongText(LongText.WINDOW),
            (reader, texts) ->
                reader.tryAnswer(
                    texts.stream().map(t -> new QuestionAnswerer.Query("天地", t)).toList())),
        new Case<>(
            InformationExtractor.of(TinyModels.extractor()).withThreshold(0.3),
            (extractor, texts) ->
                extractor.tryExtract(
                    texts, ExtractionSchema.of("天地").and("玄", ExtractionSchema.of("黄[宇,宙]")))),
        new Case<>(
            ChoiceSelector.of(TinyModels.choices()),
            (selector, texts) ->
                selector.trySelect(
                    texts.stream()
                        .map(t -> new ChoiceSelector.Question(t, "天", List.of("地", "玄黄")))
                        .toList())),
        new Case<>(
            FillMask.of(TinyModels.maskedLanguageModel()),
            (fill, texts) -> fill.tryFill(texts.stream().map(t -> t + "[MASK]").toList())),
        new Case<>(
            SentenceEmbedder.of(TinyModels.encoder(1), SentenceEmbedding.MEAN),
            SentenceEmbedder::tryEmbed));
  }

  /** Far more tokens than a pass takes; some texts are empty, some longer than the model reads. */
  private static List<String> texts() {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      String characters = TinyModels.CHARACTERS.repeat(i % 29 == 28 ? 40 : 2);
      int length = i % 29 == 28 ? 600 : i % 25;
      texts.add(characters.substring(i % 7, i % 7 + length));
    }
    return texts;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void sameResultsForAllThreadsAndLimits(Case<?, ?> asked) {
    List<String> texts = texts();
    List<Object> alone =
        texts.stream().flatMap(text -> asked.ask(asked.pipeline, List.of(text)).stream()).toList();
    assertThat(asked.ask(asked.pipeline, texts)).isEqualTo(alone);
    ExecutionOptions options = ExecutionOptions.defaults();
    ExecutorService executor = Executors.newFixedThreadPool(2);
    try {
      for (ExecutionOptions other :
          List.of(
              options.withThreads(1),
              options.withThreads(3).withExecutor(executor),
              options.withThreads(3).withOwnThreads(),
              options.withMaxPasses(1).withMaxTokens(1))) {
        try (Pipeline pipeline = asked.pipeline.withExecution(other)) {
          assertThat(asked.ask(pipeline, texts)).isEqualTo(alone);
        }
      }
      assertThat(executor.isShutdown()).as("an executor of the caller stays open").isFalse();
    } finally {
      executor.shutdown();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void closedPipelineThrows(Case<?, ?> asked) {
    List<String> texts = List.of("天地玄黄");
    List<Object> expected = asked.ask(asked.pipeline, texts);
    Pipeline other = asked.pipeline.withExecution(ExecutionOptions.defaults());
    other.close();
    assertThatIllegalStateException()
        .isThrownBy(() -> asked.ask(other, texts))
        .withMessage("Encoder: it is closed; use it before closing it, or load the model again");
    assertThatIllegalStateException().isThrownBy(() -> other.warmUp(Duration.ofSeconds(1)));
    assertThat(asked.ask(asked.pipeline, texts))
        .as("the pipeline that has other workspaces and threads")
        .isEqualTo(expected);
  }

  @Test
  void derivedPipelineIsClosedWithTheOriginal() {
    TextClassifier classifier = TextClassifier.of(TinyModels.classifier("a", "b"));
    TextClassifier other = classifier.withLongText(LongText.TRUNCATE);
    classifier.close();
    assertThatIllegalStateException().isThrownBy(() -> other.classify("天地"));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void everyPipelineCanBeWarmedUp(Case<?, ?> asked) {
    assertThat(asked.pipeline.warmUp(Duration.ZERO)).isFalse();
    assertThat(asked.pipeline.warmUp(Duration.ofSeconds(60))).isTrue();
  }

  @Test
  void usesTheExecutorOfTheCaller() {
    AtomicInteger tasks = new AtomicInteger();
    ExecutionOptions options =
        ExecutionOptions.defaults()
            .withThreads(3)
            .withExecutor(
                task -> {
                  tasks.incrementAndGet();
                });
    SentenceEmbedder embedder =
        SentenceEmbedder.of(TinyModels.encoder(1), SentenceEmbedding.CLS).withExecution(options);
    embedder.embed(IntStream.range(0, 50).mapToObj(i -> "天地玄黄宇宙").toList());
    assertThat(tasks.get()).isPositive();
  }

  @Test
  void littleMemoryIsRetainedAfterManyThreadsAndTexts(@TempDir Path folder) throws Exception {
    Path output = folder.resolve("output");
    Process process =
        new ProcessBuilder(
                AnotherJvm.java(),
                "-Xmx256m",
                "-Dernie4j.kernels=scalar",
                "-cp",
                System.getProperty("java.class.path"),
                ManyTexts.class.getName())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(process.waitFor(120, TimeUnit.SECONDS)).as("ended").isTrue();
      String text = Files.readString(output, StandardCharsets.UTF_8);
      assertThat(process.exitValue()).as(text).isZero();
      assertThat(text).contains("10000 vectors");
    } finally {
      process.destroyForcibly();
    }
  }
}
