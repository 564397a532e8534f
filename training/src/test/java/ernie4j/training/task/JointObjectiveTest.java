package ernie4j.training.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ernie4j.engine.Parallel;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.Tensor;
import ernie4j.engine.file.Model;
import ernie4j.engine.head.HeadNames;
import ernie4j.engine.head.HeadOptions;
import ernie4j.engine.head.Task;
import ernie4j.engine.head.WrongTaskException;
import ernie4j.pipeline.JointSlu;
import ernie4j.training.GoldenJointObjective;
import ernie4j.training.TinySlu;
import ernie4j.training.autograd.Tape;
import ernie4j.training.autograd.Variable;
import ernie4j.training.data.JointExample;
import ernie4j.training.data.LabelledSpan;
import ernie4j.training.data.Labels;
import ernie4j.training.data.Split;
import ernie4j.training.data.TaggedExample;
import ernie4j.training.model.ModelOutputs;
import ernie4j.training.model.TrainableModel;
import ernie4j.training.model.TrainableParameters;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JointObjectiveTest {
  private static final Labels INTENTS = new Labels(List.of("OTHERS", "music.play"));
  private static final Labels SLOTS =
      new Labels(List.of("PAD", "O", "B-song", "B-singer", "I-song", "I-singer"));

  private final TaskSetup setup = TinySlu.setup(TinySlu.model(3), 0f, Parallel.serial());

  private static JointExample example(String text, String intent, LabelledSpan... slots) {
    return new JointExample(text, intent, List.of(slots));
  }

  /** The tests against the golden files therefore hold for both. */
  @Test
  void lossesEqualThoseOfTheGoldenObjective() {
    List<JointExample> train =
        List.of(
            example("放周华的歌", "music.play", new LabelledSpan("singer", 1, 3)),
            example("你好", "OTHERS"),
            example("歌", "music.play", new LabelledSpan("song", 0, 1)));
    JointObjective objective =
        new JointObjective(setup, INTENTS, SLOTS, new Split<>(train, List.of()));
    RaggedBatch batch = objective.batch(new int[] {2, 0});
    assertThat(batch.length(0)).isEqualTo(3);
    assertThat(batch.length(1)).isEqualTo(7);
    GoldenJointObjective golden =
        new GoldenJointObjective(
            batch, new int[] {1, 1}, new int[] {0, 2, 0, /* 放 */ 0, 1, 3, 5, 1, 1, 0});
    ModelOutputs student = outputs(batch, 3);
    List<Variable> teacher = outputs(batch, 4).logits();
    Tape tape = new Tape(setup.kernels(), setup.parallel());
    assertThat(objective.loss(tape, student, new int[] {2, 0}).scalar())
        .isEqualTo(golden.loss(tape, student, GoldenJointObjective.all()).scalar());
    assertThat(objective.softLoss(tape, student, teacher, new int[] {2, 0}, 2).scalar())
        .isEqualTo(golden.softLoss(tape, student, teacher, GoldenJointObjective.all(), 2).scalar());
  }

  /** The outputs of a model with a head for these labels and random values. */
  private ModelOutputs outputs(RaggedBatch batch, long seed) {
    TaskSetup own = setup.with(0f, seed);
    JointObjective any =
        new JointObjective(
            own, INTENTS, SLOTS, new Split<>(List.of(example("好", "OTHERS")), List.of()));
    TrainableModel model =
        TrainableModel.of(
            Task.JOINT_INTENT_SLOTS,
            own.model().config(),
            TrainableParameters.of(FineTuning.start(own, any).parameters()),
            own.kernels(),
            0f);
    return model.forward(new Tape(own.kernels(), own.parallel()), batch);
  }

  @Test
  void modelStoresThatItsTagsAreConstrained() {
    Split<JointExample> data = new Split<>(List.of(example("好", "OTHERS")), List.of());
    JointObjective constrained = new JointObjective(setup, INTENTS, SLOTS, true, data);
    Model start = FineTuning.start(setup, constrained);
    assertThat(start.options()).containsExactly(Map.entry(HeadOptions.CONSTRAINED_TAGS, "true"));
    constrained.requireFit(start);
    assertThatThrownBy(() -> constrained.requireFit(start.withOptions(Map.of())))
        .isInstanceOf(WrongTaskException.class)
        .hasMessage("expected a model with the option constrained_tags=true, got one with false");
    // I-singer is the most likely tag of every token, then O.
    ParameterStore store = ParameterStore.copyOf(start.parameters());
    store.replace(HeadNames.SLOT_CLASSIFIER + ".weight", Tensor.zeros(24, 6));
    store.replace(
        HeadNames.SLOT_CLASSIFIER + ".bias", Tensor.of(new float[] {-9, 1, -9, 0, -9, 2}, 6));
    Model model = start.withParameters(start.config(), store);
    JointSlu free = JointSlu.of(model.withOptions(Map.of()));
    assertThat(free.parse("放的歌").labels()).containsOnly("I-singer");
    assertThat(JointSlu.of(model).parse("放的歌").labels())
        .containsExactly("B-singer", "I-singer", "I-singer");
    assertThat(JointSlu.of(model).parse("歌").labels()).containsExactly("O");
  }

  @Test
  void taggersStoreIt() {
    Split<TaggedExample> data =
        new Split<>(
            List.of(new TaggedExample("李白", List.of(new LabelledSpan("x", 0, 2)))), List.of());
    Labels tags = Labels.ofSpans(data.train());
    TaggingObjective constrained = new TaggingObjective(setup, tags, true, data);
    Model start = FineTuning.start(setup, constrained);
    assertThat(start.options()).containsExactly(Map.entry(HeadOptions.CONSTRAINED_TAGS, "true"));
    constrained.requireFit(start);
    assertThatThrownBy(() -> new TaggingObjective(setup, data).requireFit(start))
        .isInstanceOf(WrongTaskException.class)
        .hasMessage("expected a model with the option constrained_tags=false, got one with true");
  }

  @Test
  void invalidLabelsAreRefused() {
    Split<JointExample> data = new Split<>(List.of(example("好", "OTHERS")), List.of());
    for (List<String> slots : List.of(List.of("O", "B-x"), List.of("PAD", "B-x", "I-x"))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new JointObjective(setup, INTENTS, new Labels(slots), data))
          .withMessage(
              "joint-intent-slots: expected slot labels that begin with one for padding and include O, got "
                  + slots);
    }
    LabelledSpan age = new LabelledSpan("age", 0, 1);
    for (Split<JointExample> other :
        List.of(
            new Split<>(List.of(example("好", "OTHERS", age)), List.<JointExample>of()),
            new Split<>(data.train(), List.of(example("好", "OTHERS", age))))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new JointObjective(setup, INTENTS, SLOTS, other))
          .withMessageContaining("label 'B-age' is unknown; the model has [PAD, O, B-song");
    }
    for (Split<JointExample> other :
        List.of(
            new Split<>(List.of(example("好", "weather")), List.<JointExample>of()),
            new Split<>(data.train(), List.of(example("好", "weather"))))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new JointObjective(setup, INTENTS, SLOTS, other))
          .withMessageContaining("label 'weather' is unknown; the model has [OTHERS, music.play]");
    }
  }

  @Test
  void labelsOfUnlabelledUtterancesAreIgnored() {
    Split<JointExample> data =
        new Split<>(
            List.of(example("好", "OTHERS")),
            List.of(),
            List.of(example("歌", "weather", new LabelledSpan("age", 0, 1))));
    JointObjective objective = new JointObjective(setup, INTENTS, SLOTS, data);
    assertThat(objective.examples()).isEqualTo(2);
    assertThat(objective.unlabelled()).isEqualTo(1);
    assertThat(objective.labelCounts()).containsOnlyKeys("OTHERS");
    Tape tape = new Tape(setup.kernels(), setup.parallel());
    ModelOutputs outputs = outputs(objective.batch(new int[] {1}), 3);
    assertThat(objective.loss(tape, outputs, new int[] {1}).scalar()).isZero();
  }
}
