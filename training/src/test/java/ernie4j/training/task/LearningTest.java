package ernie4j.training.task;

import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.engine.Parallel;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.engine.head.HeadOptions;
import ernie4j.engine.head.Task;
import ernie4j.engine.kernels.Kernels;
import ernie4j.pipeline.ChoiceSelector;
import ernie4j.pipeline.Extraction;
import ernie4j.pipeline.ExtractionSchema;
import ernie4j.pipeline.InformationExtractor;
import ernie4j.pipeline.JointSlu;
import ernie4j.pipeline.MultiLabelClassifier;
import ernie4j.pipeline.QuestionAnswerer;
import ernie4j.pipeline.Span;
import ernie4j.pipeline.TextClassifier;
import ernie4j.pipeline.TextScorer;
import ernie4j.pipeline.TokenTagger;
import ernie4j.training.Trainer;
import ernie4j.training.TrainingHistory;
import ernie4j.training.TrainingOptions;
import ernie4j.training.data.ChoiceExample;
import ernie4j.training.data.JointExample;
import ernie4j.training.data.Labels;
import ernie4j.training.data.MultiLabelExample;
import ernie4j.training.data.QuestionExample;
import ernie4j.training.data.ScoredExample;
import ernie4j.training.data.Split;
import ernie4j.training.data.TaggedExample;
import ernie4j.training.data.TextExample;
import ernie4j.training.evaluation.ClassificationEvaluation;
import ernie4j.training.evaluation.Evaluated;
import ernie4j.training.evaluation.ExtractionEvaluation;
import ernie4j.training.evaluation.JointEvaluation;
import ernie4j.training.evaluation.MultiLabelEvaluation;
import ernie4j.training.evaluation.MultipleChoiceEvaluation;
import ernie4j.training.evaluation.QuestionAnsweringEvaluation;
import ernie4j.training.evaluation.ScoringEvaluation;
import ernie4j.training.evaluation.TaggingEvaluation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every task learns all of a small problem, and the model file is enough to answer. */
class LearningTest {
  @TempDir Path folder;

  private final Parallel parallel = Parallel.of(2);
  private final Kernels kernels = Kernels.best();

  @AfterEach
  void close() {
    parallel.close();
  }

  private Model trained(
      int positions, int epochs, float dropout, Function<TaskSetup, Objective> objective)
      throws IOException {
    TaskSetup setup = TinyTasks.setup(positions, dropout, parallel);
    Objective chosen = objective.apply(setup);
    TrainingOptions options = TinyTasks.options(epochs);
    TrainingHistory history = setup.trainer(new FineTuning(setup, chosen), options, folder).run();
    assertThat(history.best()).isPresent();
    Model best = ModelFile.read(folder.resolve(Trainer.MODEL));
    assertSaysWhatItIs(best, setup, chosen);
    // The reported metrics of the best model are those of the file that was written.
    assertThat(chosen.evaluate(best).metrics()).isEqualTo(history.best().orElseThrow().metrics());
    return best;
  }

  /** The model that all tests share. */
  private Model trained(TinyObjective tiny) {
    TaskSetup setup = TinyTasks.setup(TinyObjective.POSITIONS, 0f, parallel);
    assertSaysWhatItIs(tiny.trained(), setup, tiny.of(setup));
    return tiny.trained();
  }

  private static void assertSaysWhatItIs(Model model, TaskSetup setup, Objective chosen) {
    assertThat(model.task()).isEqualTo(chosen.task().id());
    assertThat(model.labels()).isEqualTo(chosen.labels());
    assertThat(model.options()).isEqualTo(chosen.options());
    assertThat(model.vocabulary()).isEqualTo(setup.model().vocabulary());
    assertThat(model.tokenizerOptions()).isEqualTo(setup.model().tokenizerOptions());
    assertThat(model.provenance())
        .containsEntry("source", "test")
        .containsKey("dev_" + chosen.bestMetric());
  }

  @Test
  void classesOfTexts() throws IOException {
    Split<TextExample> data = TinyTasks.texts(240);
    Labels labels = Labels.ofTexts(data.train());
    Model model = trained(16, 30, 0.1f, s -> new ClassificationObjective(s, labels, data));
    TextClassifier classifier = ClassificationEvaluation.pipeline(model, kernels, parallel);
    Evaluated result = ClassificationEvaluation.of(classifier, data.dev());
    assertThat(result.metrics())
        .containsEntry("accuracy", 100.0)
        .containsEntry("macro_f1", 100.0)
        .containsKey("matthews");
    assertThat(result.worst(5)).isEmpty();
    assertThat(model.labels()).containsEntry("label", labels.names());
    TextClassifier.Result good = classifier.classify("甲好乙");
    assertThat(good.label()).isEqualTo("good");
    assertThat(good.probability()).isBetween(0.8, 1.0);
  }

  @Test
  void classesOfPairs() throws IOException {
    Split<TextExample> data = TinyTasks.pairs(240);
    Labels labels = new Labels(List.of("no", "yes"));
    Model model = trained(16, 16, 0.1f, s -> new ClassificationObjective(s, labels, data));
    TextClassifier classifier = ClassificationEvaluation.pipeline(model, kernels, parallel);
    assertThat(ClassificationEvaluation.of(classifier, data.dev()).metrics())
        .containsEntry("accuracy", 100.0);
  }

  @Test
  void anyNumberOfLabels() {
    Split<MultiLabelExample> data = TinyTasks.labelled(240);
    Model model = trained(TinyObjective.LABEL);
    MultiLabelClassifier classifier = MultiLabelEvaluation.pipeline(model, kernels, parallel);
    Evaluated result = MultiLabelEvaluation.of(classifier, data.dev());
    assertThat(result.metrics())
        .containsEntry("micro_f1", 100.0)
        .containsEntry("macro_f1", 100.0)
        .containsEntry("exact_match", 100.0);
    assertThat(result.worst(5)).isEmpty();
    assertThat(model.options()).containsEntry(HeadOptions.THRESHOLD, "0.4");
    assertThat(classifier.classify("好去甲乙").labels()).containsExactlyInAnyOrder("good", "far");
    assertThat(classifier.classify("甲乙").labels()).isEmpty();
  }

  @Test
  void scoresFromZeroToOne() {
    Split<ScoredExample> data = TinyTasks.scores(240);
    Model model = trained(TinyObjective.SCORE);
    assertScores(model, data);
    assertThat(model.options()).containsEntry(HeadOptions.ACTIVATION, HeadOptions.SIGMOID);
  }

  @Test
  void scoresThatAreAnyNumber() {
    Split<ScoredExample> data = TinyTasks.scores(240);
    Model model = trained(TinyObjective.SQUARE);
    assertScores(model, data);
    assertThat(model.options()).isEmpty();
  }

  /** Equal scores are ranked at random, so ranks cannot agree completely, but the numbers must. */
  private void assertScores(Model model, Split<ScoredExample> data) {
    TextScorer scorer = ScoringEvaluation.pipeline(model, kernels, parallel);
    Evaluated result = ScoringEvaluation.of(scorer, data.dev());
    assertThat(result.metrics().get("pearson")).isGreaterThan(98);
    assertThat(result.metrics().get("spearman")).isGreaterThan(90);
    assertThat(result.metrics().get("mean_squared_error")).isLessThan(0.01);
    // To the nearest of the three scores, every example is right.
    List<Double> found =
        data.dev().stream()
            .map(e -> e.pair() == null ? scorer.score(e.text()) : scorer.score(e.text(), e.pair()))
            .map(TextScorer.Result::value)
            .map(value -> value > 0.7 ? 0.9 : value < 0.3 ? 0.1 : 0.5)
            .toList();
    assertThat(found)
        .containsExactlyElementsOf(data.dev().stream().map(ScoredExample::score).toList());
  }

  @Test
  void spansInTexts() throws IOException {
    Split<TaggedExample> data = TinyTasks.tags(200);
    Labels labels = Labels.ofSpans(data.train());
    Model model = trained(16, 12, 0.1f, s -> new TaggingObjective(s, labels, data));
    TokenTagger tagger = TaggingEvaluation.pipeline(model, kernels, parallel);
    assertThat(TaggingEvaluation.of(tagger, data.dev()).metrics())
        .containsEntry("f1", 100.0)
        .containsEntry("character_accuracy", 100.0);
    List<Span> entities = tagger.tag("好去甲乙吗").entities();
    assertThat(entities).hasSize(1);
    Span place = entities.get(0);
    assertThat(place).isEqualTo(new Span("LOC", "甲乙", 2, 4, place.probability()));
    assertThat(model.parameters().names()).noneMatch(name -> name.contains("pooler"));
  }

  @Test
  void answersInContextsOfSeveralWindows() throws IOException {
    Split<QuestionExample> data = TinyTasks.questions(160, 24);
    Model model = trained(16, 12, 0.1f, s -> new QuestionAnsweringObjective(s, data, 6));
    QuestionAnswerer reader = QuestionAnsweringEvaluation.pipeline(model, 6, kernels, parallel);
    Evaluated result = QuestionAnsweringEvaluation.of(reader, data.dev());
    assertThat(result.metrics())
        .containsEntry("exact_match", 100.0)
        .containsEntry("f1", 100.0)
        .containsOnlyKeys("exact_match", "f1");
    assertThat(model.options()).isEmpty();
    QuestionExample asked = data.dev().get(0);
    QuestionAnswerer.Answer answer =
        reader.answer(asked.question(), asked.context()).best().orElseThrow();
    assertThat(asked.context().substring(answer.start(), answer.end())).isEqualTo(answer.text());
    assertThat(answer.text()).isEqualTo(asked.answers().get(0).text());
  }

  @Test
  void noAnswersForQuestionsWithoutAny() {
    Split<QuestionExample> data = TinyTasks.openQuestions(240, 24);
    Model model = trained(TinyObjective.ANSWER);
    assertThat(model.options()).containsEntry(HeadOptions.NO_ANSWER_THRESHOLD, "0");
    QuestionAnswerer reader = QuestionAnsweringEvaluation.pipeline(model, 6, kernels, parallel);
    assertThat(QuestionAnsweringEvaluation.of(reader, data.dev()).metrics())
        .containsEntry("exact_match", 100.0)
        .containsEntry("answerable_exact_match", 100.0)
        .containsEntry("answerable_f1", 100.0)
        .containsEntry("no_answer_accuracy", 100.0);
    for (QuestionExample asked : data.dev()) {
      assertThat(reader.answer(asked.question(), asked.context()).best().isEmpty())
          .as(asked.context())
          .isEqualTo(asked.impossible());
    }
    // A pipeline that must answer gets the impossible ones wrong, and only those.
    Evaluated always = QuestionAnsweringEvaluation.of(reader.withAnswerAlways(), data.dev());
    assertThat(always.metrics())
        .containsEntry("no_answer_accuracy", 0.0)
        .containsEntry("answerable_exact_match", 100.0);
  }

  @Test
  void theRightOneOfSeveralChoices() throws IOException {
    Split<ChoiceExample> data = TinyTasks.choices(200);
    Model model = trained(16, 12, 0.1f, s -> new MultipleChoiceObjective(s, data));
    ChoiceSelector selector = MultipleChoiceEvaluation.pipeline(model, kernels, parallel);
    assertThat(MultipleChoiceEvaluation.of(selector, data.dev()).metrics())
        .containsEntry("accuracy", 100.0);
    ChoiceExample asked = data.dev().get(0);
    assertThat(selector.select(asked.context(), asked.question(), asked.choices()).index())
        .isEqualTo(asked.answer());
  }

  @Test
  void intentsAndSlotsOfUtterances() {
    Split<JointExample> data = TinyTasks.utterances(240);
    Model model = trained(TinyObjective.JOINT);
    JointSlu slu = JointEvaluation.pipeline(model, kernels, parallel);
    Evaluated result = JointEvaluation.of(slu, data.dev());
    assertThat(result.metrics())
        .containsEntry("accuracy", 100.0)
        .containsEntry("intent_accuracy", 100.0)
        .containsEntry("slot_f1", 100.0);
    assertThat(result.worst(5)).isEmpty();
    assertThat(model.labels()).containsOnlyKeys(Task.INTENT, Task.SLOT);
    JointSlu.Result parsed = slu.parse("去甲乙吗");
    assertThat(parsed.intent()).isEqualTo("go");
    assertThat(parsed.slots()).hasSize(1);
    assertThat(parsed.slots().get(0).type()).isEqualTo("place");
    assertThat(parsed.slots().get(0).text()).isEqualTo("甲乙");
  }

  @Test
  void answersToPrompts() {
    Model model = trained(TinyObjective.EXTRACT);
    InformationExtractor extractor = ExtractionEvaluation.pipeline(model, kernels, parallel);
    assertThat(ExtractionEvaluation.of(extractor, TinyTasks.prompts(240).dev()).metrics().get("f1"))
        .isGreaterThan(95);
    ExtractionSchema schema = ExtractionSchema.of("去", "在");
    assertThat(extractor.extract("好去甲乙吗", schema).extractions().keySet()).containsExactly("去");
    List<Extraction> before = extractor.extract("是甲乙在好", schema).get("在");
    assertThat(before).hasSize(1);
    assertThat(before.get(0).text()).isEqualTo("甲乙");
    assertThat(before.get(0).start()).isEqualTo(1);
  }

  @Test
  void maskedWords() throws IOException {
    List<String> texts = TinyTasks.repeated(160);
    Model model =
        trained(16, 20, 0f, s -> new MaskedLanguageObjective(s, texts.size(), texts::get, 40));
    TaskSetup setup = TinyTasks.setup(16, 0f, parallel);
    MaskedLanguageObjective objective =
        new MaskedLanguageObjective(setup, texts.size(), texts::get, 40);
    assertThat(objective.evaluate(model).metrics()).containsEntry("accuracy", 100.0);
    assertThat(model.parameters().names()).contains("cls.predictions.decoder_bias");
  }
}
