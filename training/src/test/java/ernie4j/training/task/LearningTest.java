package ernie4j.training.task;

import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.engine.Parallel;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.training.Trainer;
import ernie4j.training.TrainingHistory;
import ernie4j.training.TrainingOptions;
import ernie4j.training.data.ChoiceExample;
import ernie4j.training.data.Labels;
import ernie4j.training.data.QuestionExample;
import ernie4j.training.data.Split;
import ernie4j.training.data.TaggedExample;
import ernie4j.training.data.TextExample;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every task learns a small problem to the last example, and the model file answers by itself. */
class LearningTest {
  @TempDir Path folder;

  private Inference trained(
      int positions, int epochs, float dropout, Function<TaskSetup, Objective> objective)
      throws IOException {
    Parallel parallel = Parallel.of(2);
    TaskSetup setup = TinyTasks.setup(positions, dropout, parallel);
    Objective chosen = objective.apply(setup);
    TrainingOptions options = TinyTasks.options(epochs);
    TrainingHistory history = setup.trainer(new EncoderTask(setup, chosen), options, folder).run();
    assertThat(history.best()).isPresent();
    Model best = ModelFile.read(folder.resolve(Trainer.MODEL));
    assertThat(best.task()).isEqualTo(chosen.task());
    assertThat(best.vocabulary()).isEqualTo(setup.encoder().vocabulary());
    assertThat(best.tokenizerOptions()).isEqualTo(setup.encoder().tokenizerOptions());
    assertThat(best.provenance())
        .containsEntry("source", "test")
        .containsKey("dev_" + chosen.bestMetric());
    return setup.inference(best);
  }

  @Test
  void classesOfTexts() throws IOException {
    Split<TextExample> data = TinyTasks.texts(240);
    Labels labels = Labels.ofTexts(data.train());
    Inference model = trained(16, 30, 0.1f, s -> new TextClassification(s, labels, data));
    Evaluated result = new TextClassifier(model).evaluate(data.dev());
    assertThat(result.metrics())
        .containsEntry("accuracy", 100.0)
        .containsEntry("macro_f1", 100.0)
        .containsKey("matthews");
    assertThat(result.worst(5)).isEmpty();
    assertThat(model.model().labels()).containsEntry("label", labels.names());
    TextClassifier.Prediction good =
        new TextClassifier(model).predict(List.of(new TextExample("甲好乙", null, null))).get(0);
    assertThat(good.label()).isEqualTo("good");
    assertThat(good.confidence()).isBetween(0.8, 1.0);
  }

  @Test
  void classesOfPairs() throws IOException {
    Split<TextExample> data = TinyTasks.pairs(240);
    Labels labels = new Labels(List.of("no", "yes"));
    Inference model = trained(16, 16, 0.1f, s -> new TextClassification(s, labels, data));
    assertThat(new TextClassifier(model).evaluate(data.dev()).metrics())
        .containsEntry("accuracy", 100.0);
  }

  @Test
  void spansInTexts() throws IOException {
    Split<TaggedExample> data = TinyTasks.tags(200);
    Labels labels = Labels.ofSpans(data.train());
    Inference model = trained(16, 12, 0.1f, s -> new Tagging(s, labels, data));
    Tagger tagger = new Tagger(model);
    assertThat(tagger.evaluate(data.dev()).metrics())
        .containsEntry("f1", 100.0)
        .containsEntry("tag_accuracy", 100.0);
    assertThat(tagger.predict(List.of(new TaggedExample("好去甲乙吗", List.of()))).get(0))
        .containsExactly(new TaggedExample.Span("LOC", 2, 4));
    assertThat(model.model().parameters().names()).noneMatch(name -> name.contains("pooler"));
  }

  @Test
  void answersInContextsOfSeveralWindows() throws IOException {
    Split<QuestionExample> data = TinyTasks.questions(160, 24);
    Inference model = trained(16, 12, 0.1f, s -> new QuestionAnswering(s, data, 6));
    Evaluated result = new AnswerFinder(model, 6).evaluate(data.dev());
    assertThat(result.metrics()).containsEntry("exact_match", 100.0).containsEntry("f1", 100.0);
    QuestionExample asked = data.dev().get(0);
    AnswerFinder.Answer answer = new AnswerFinder(model, 6).predict(List.of(asked)).get(0);
    assertThat(asked.context().substring(answer.start(), answer.end())).isEqualTo(answer.text());
    assertThat(answer.text()).isEqualTo(asked.answers().get(0).text());
  }

  @Test
  void theRightOneOfSeveralChoices() throws IOException {
    Split<ChoiceExample> data = TinyTasks.choices(200);
    Inference model = trained(16, 12, 0.1f, s -> new MultipleChoice(s, data));
    ChoicePicker picker = new ChoicePicker(model);
    assertThat(picker.evaluate(data.dev()).metrics()).containsEntry("accuracy", 100.0);
    assertThat(picker.predict(data.dev()).get(0).index()).isEqualTo(data.dev().get(0).answer());
  }

  @Test
  void maskedWords() throws IOException {
    List<String> texts = TinyTasks.repeated(160);
    Inference model = trained(16, 20, 0f, s -> new MaskedLanguage(s, texts.size(), texts::get, 40));
    TaskSetup setup = TinyTasks.setup(16, 0f, Parallel.serial());
    MaskedLanguage objective = new MaskedLanguage(setup, texts.size(), texts::get, 40);
    assertThat(objective.evaluate(model).metrics()).containsEntry("accuracy", 100.0);
    assertThat(model.model().parameters().names()).contains("cls.predictions.decoder_bias");
  }
}
