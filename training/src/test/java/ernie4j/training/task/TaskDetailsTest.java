package ernie4j.training.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ernie4j.engine.Parallel;
import ernie4j.engine.file.Model;
import ernie4j.tokenizer.Tokenizer;
import ernie4j.training.ExampleOrder;
import ernie4j.training.TrainingListener;
import ernie4j.training.autograd.Tape;
import ernie4j.training.data.Labels;
import ernie4j.training.data.MultiLabelExample;
import ernie4j.training.data.QuestionExample;
import ernie4j.training.data.Split;
import ernie4j.training.data.TaggedExample;
import ernie4j.training.data.TextExample;
import ernie4j.training.evaluation.TaggingEvaluation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Masks, heads that are kept, and inputs that are refused. */
class TaskDetailsTest {
  private final TaskSetup setup = TinyTasks.setup(16, 0f, Parallel.serial());
  private final Tokenizer tokenizer = setup.tokenizer();

  @Test
  void masksHaveTheRightNumbersAndKinds() {
    TokenMasking masking = new TokenMasking(tokenizer, tokenizer.size());
    int[] ids = tokenizer.encode("甲乙丙丁".repeat(50)).ids();
    int masked = 0;
    int same = 0;
    for (int seed = 0; seed < 100; seed++) {
      TokenMasking.Masked m = masking.mask(ids, seed);
      assertThat(m.places()).hasSize(30).isSorted().doesNotHaveDuplicates();
      assertThat(m.places()[0]).isPositive();
      assertThat(m.places()[29]).isLessThan(ids.length - 1);
      for (int i = 0; i < 30; i++) {
        assertThat(m.words()[i]).isEqualTo(ids[m.places()[i]]);
        int seen = m.ids()[m.places()[i]];
        masked += seen == tokenizer.maskId() ? 1 : 0;
        same += seen == m.words()[i] ? 1 : 0;
        assertThat(seen).isNotEqualTo(tokenizer.padId());
      }
    }
    // 3000 masks: 80 %, and 10 % (a random word is the same one time in 16).
    assertThat(masked).isBetween(2300, 2500);
    assertThat(same).isBetween(250, 390);
    assertThat(masking.mask(ids, 7).ids()).isEqualTo(masking.mask(ids, 7).ids());
    assertThat(masking.mask(ids, 7).ids()).isNotEqualTo(masking.mask(ids, 8).ids());
    assertThat(masking.mask(new int[] {1, 2}, 7).places()).containsExactly(1);
  }

  /** A generator's first numbers are nearly the same for neighboring seeds. */
  @Test
  void textsWithOneMaskGetEveryKindInItsShare() {
    TokenMasking masking = new TokenMasking(tokenizer, tokenizer.size());
    int[] ids = tokenizer.encode("甲乙丙丁").ids();
    int masked = 0;
    int same = 0;
    int[] places = new int[5];
    for (int seed = 0; seed < 2000; seed++) {
      TokenMasking.Masked m = masking.mask(ids, seed);
      int seen = m.ids()[m.places()[0]];
      masked += seen == tokenizer.maskId() ? 1 : 0;
      same += seen == m.words()[0] ? 1 : 0;
      places[m.places()[0]]++;
    }
    assertThat(masked).isBetween(1530, 1670);
    assertThat(same).isBetween(150, 290);
    for (int place = 1; place <= 4; place++) {
      assertThat(places[place]).isBetween(420, 580);
    }
  }

  @Test
  void neighboringEpochsAndSeedsOrderTheirExamplesIndependently() {
    Set<Integer> last = new HashSet<>();
    Set<List<Integer>> orders = new HashSet<>();
    for (long seed = 1; seed <= 2; seed++) {
      ExampleOrder order = new ExampleOrder(64, seed);
      for (int epoch = 0; epoch < 64; epoch++) {
        int[] all = order.epoch(epoch);
        last.add(all[63]);
        orders.add(Arrays.stream(all).boxed().toList());
      }
    }
    // 128 draws of 64: 55 different ones are expected, and no order twice.
    assertThat(last).hasSizeGreaterThan(45);
    assertThat(orders).hasSize(128);
  }

  @Test
  void everyEpochHasNewMasks() {
    List<String> texts = TinyTasks.repeated(8);
    MaskedLanguageObjective objective =
        new MaskedLanguageObjective(setup, texts.size(), texts::get, 2);
    FineTuning task = new FineTuning(setup, objective);
    Tape tape = new Tape(setup.kernels(), setup.parallel());
    float[] losses = new float[3];
    for (int i = 0; i < 3; i++) {
      tape.reset(0);
      task.beginStep(i % 2);
      losses[i] = task.loss(tape, new int[] {0, 1, 2, 3, 4, 5}).scalar();
    }
    assertThat(losses[1]).isNotEqualTo(losses[0]);
    assertThat(losses[2]).isEqualTo(losses[0]);
  }

  @Test
  void headForTheSameLabelsIsKeptAndAnyOtherIsReplaced() {
    Split<TextExample> data = TinyTasks.texts(24);
    Labels labels = Labels.ofTexts(data.train());
    ClassificationObjective objective = new ClassificationObjective(setup, labels, data);
    Model first = FineTuning.start(setup, objective);
    TaskSetup again = TaskSetup.of(first, tokenizer, 16, Parallel.serial()).with(0f, 99);
    assertThat(FineTuning.start(again, objective).parameters().get("classifier.weight").toArray())
        .isEqualTo(first.parameters().get("classifier.weight").toArray());
    List<String> turned = new ArrayList<>(labels.names());
    Collections.reverse(turned);
    ClassificationObjective other = new ClassificationObjective(setup, new Labels(turned), data);
    assertThat(FineTuning.start(again, other).parameters().get("classifier.weight").toArray())
        .isNotEqualTo(first.parameters().get("classifier.weight").toArray());
  }

  @Test
  void dataWithNothingToLearnOrToEvaluateIsRefused() {
    List<TextExample> same = List.of(TextExample.of("甲", "a"), TextExample.of("乙", "a"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ClassificationObjective(setup, new Split<>(same, same)))
        .withMessageContaining("at least two classes, got only 'a'");
    List<TaggedExample> bare = List.of(new TaggedExample("甲", List.of()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TaggingObjective(setup, new Split<>(bare, bare)))
        .withMessageContaining("spans to learn from, got 1 without any");
    List<MultiLabelExample> none = List.of(new MultiLabelExample("甲", null, List.of()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Labels.ofMultiLabelTexts(none))
        .withMessageContaining("labels to learn from, got 1 without any");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new MultiLabelObjective(
                    setup, new Labels(List.of("a")), new Split<>(none, none), 0.5))
        .withMessageContaining("labels to learn from, got 1 without any");
    Split<TextExample> texts = TinyTasks.texts(24);
    ClassificationObjective blind =
        new ClassificationObjective(setup, new Split<>(texts.train(), List.of()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new FineTuning(setup, blind))
        .withMessageContaining("examples to evaluate on, got none");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new MultiTask(setup, Map.of("a", blind), 8, 1))
        .withMessageContaining("examples to evaluate on, got none");
  }

  @Test
  void cautionsAreReportedBeforeTheFirstStep(@TempDir Path folder) throws IOException {
    Split<TextExample> texts = TinyTasks.texts(24);
    List<TextExample> same =
        texts.dev().stream().filter(e -> e.requireLabel().equals("good")).toList();
    List<String> told = new ArrayList<>();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void cautioned(String caution) {
            told.add(caution);
          }

          @Override
          public void stepped(Progress progress) {
            told.add("step");
          }
        };
    FineTuning task =
        new FineTuning(setup, new ClassificationObjective(setup, new Split<>(texts.train(), same)));
    setup.trainer(task, TinyTasks.options(1), folder, listener).run();
    assertThat(told.get(0)).contains("examples to evaluate on have the class 'good'");
    assertThat(told.subList(1, told.size())).isNotEmpty().allMatch(line -> line.equals("step"));
    assertThat(new FineTuning(setup, new ClassificationObjective(setup, texts)).cautions())
        .isEmpty();
  }

  @Test
  void unsuitableDataAndModelsAreRefused() {
    Split<TextExample> data = TinyTasks.texts(24);
    assertThatThrownBy(() -> new ClassificationObjective(setup, new Labels(List.of("good")), data))
        .hasMessageContaining("is unknown; the model has [good]");
    Split<TextExample> open = new Split<>(List.of(new TextExample("甲", null, null)), data.dev());
    assertThatThrownBy(() -> new ClassificationObjective(setup, new Labels(List.of("x")), open))
        .hasMessageContaining("expected a label for every text, got none for '甲'");
    Split<QuestionExample> nowhere =
        new Split<>(
            List.of(
                new QuestionExample("q", "在", "甲", List.of(new QuestionExample.Answer("乙", -1)))),
            List.of());
    assertThatThrownBy(() -> new QuestionAnsweringObjective(setup, nowhere, 5))
        .hasMessageContaining("whose answer is in the context");
    assertThatThrownBy(() -> new MaskedLanguageObjective(setup, 5, i -> "甲", 5))
        .hasMessageContaining("got 5 of 5");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> TaggingEvaluation.pipeline(setup.model(), setup.kernels(), setup.parallel()))
        .withMessageContaining(
            "expects a model for the task token-classification, got one for 'encoder'");
  }
}
