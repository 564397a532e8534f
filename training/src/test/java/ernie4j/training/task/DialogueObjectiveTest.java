package ernie4j.training.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ernie4j.engine.Parallel;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.Tensor;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.engine.head.HeadNames;
import ernie4j.engine.head.HeadOptions;
import ernie4j.engine.head.Task;
import ernie4j.engine.head.WrongTaskException;
import ernie4j.pipeline.JointSlu;
import ernie4j.training.TinySlu;
import ernie4j.training.Trainer;
import ernie4j.training.TrainingOptions;
import ernie4j.training.autograd.LossMean;
import ernie4j.training.autograd.Tape;
import ernie4j.training.autograd.Variable;
import ernie4j.training.data.JointExample;
import ernie4j.training.data.JointFile;
import ernie4j.training.data.LabelledSpan;
import ernie4j.training.data.Labels;
import ernie4j.training.data.Split;
import ernie4j.training.evaluation.Evaluated;
import ernie4j.training.model.ModelOutputs;
import ernie4j.training.model.TrainableModel;
import ernie4j.training.model.TrainableParameters;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Utterances with what was said before them. */
class DialogueObjectiveTest {
  private static final Labels INTENTS = new Labels(List.of("play", "go", "stop", "leave"));
  private static final Labels SLOTS = new Labels(List.of("PAD", "O", "B-singer", "I-singer"));

  @TempDir Path folder;

  private final TaskSetup setup = TinySlu.setup(TinySlu.model(3), 0f, Parallel.serial());

  private static JointExample example(String text, List<String> history) {
    return new JointExample(text, "play", List.of(new LabelledSpan("singer", 1, 3)), "d", history);
  }

  private static JointObjective objective(TaskSetup setup, int turns, JointExample... examples) {
    return new JointObjective(
        setup,
        INTENTS,
        SLOTS,
        new JointObjective.Reading(turns, false),
        new Split<>(List.of(examples), List.of(examples)));
  }

  private ModelOutputs outputs(JointObjective objective, Tape tape, RaggedBatch batch, long seed) {
    TaskSetup own = setup.with(0f, seed);
    TrainableModel model =
        TrainableModel.of(
            Task.JOINT_INTENT_SLOTS,
            own.model().config(),
            TrainableParameters.of(FineTuning.start(own, objective).parameters()),
            own.kernels(),
            0f);
    return model.forward(tape, batch);
  }

  @Test
  void onlyTheTokensOfThePresentUtteranceHaveASlotLoss() {
    JointObjective objective =
        objective(setup, 1, example("放周华歌", List.of("去", "放周华歌")), example("放刘德", List.of()));
    RaggedBatch batch = objective.batch(new int[] {0, 1});
    assertThat(batch.length(0)).as("[CLS] 放周华歌 [SEP] 放周华歌 [SEP]").isEqualTo(11);
    assertThat(batch.length(1)).isEqualTo(5);
    Tape tape = new Tape(setup.kernels(), setup.parallel());
    ModelOutputs student = outputs(objective, tape, batch, 3);
    List<Variable> teacher = outputs(objective, tape, batch, 4).logits();
    int[] slots = {0, 0, 0, 0, 0, 0, 1, 2, 3, 1, 0, /* the second: */ 0, 1, 2, 3, 0};
    Variable expected =
        tape.add(
            tape.crossEntropy(student.logits().get(1), slots, 0, LossMean.VALID_ROWS),
            tape.crossEntropy(student.logits().get(0), new int[] {0, 0}, -1, LossMean.VALID_ROWS));
    assertThat(objective.loss(tape, student, new int[] {0, 1}).scalar())
        .isEqualTo(expected.scalar());
    int[] present = IntStream.range(6, 16).toArray();
    Variable soft =
        tape.scale(
            tape.add(
                tape.softCrossEntropy(student.logits().get(0), teacher.get(0), 2),
                tape.softCrossEntropy(
                    tape.selectRows(student.logits().get(1), present),
                    tape.selectRows(teacher.get(1), present),
                    2)),
            0.5f);
    assertThat(objective.softLoss(tape, student, teacher, new int[] {0, 1}, 2).scalar())
        .isEqualTo(soft.scalar());
  }

  @Test
  void withoutContextHistoryChangesNothing() {
    JointObjective with = objective(setup, 0, example("放周华歌", List.of("去", "好")));
    JointObjective without = objective(setup, 0, example("放周华歌", List.of()));
    assertThat(with.batch(new int[] {0}).tokens()).isEqualTo(without.batch(new int[] {0}).tokens());
    assertThat(with.dataHash()).isEqualTo(without.dataHash());
    assertThat(with.options()).isEmpty();
    assertThat(with.settings()).isEqualTo("4 intents, 4 slot labels, 1 utterances");
  }

  @Test
  void dataHashDependsOnTheTurnsThatAreRead() {
    String hash = objective(setup, 1, example("放周华歌", List.of("去", "好"))).dataHash();
    assertThat(objective(setup, 1, example("放周华歌", List.of("你", "好"))).dataHash()).isEqualTo(hash);
    assertThat(objective(setup, 1, example("放周华歌", List.of("去", "歌"))).dataHash())
        .isNotEqualTo(hash);
    assertThat(objective(setup, 2, example("放周华歌", List.of())).settings())
        .endsWith("1 utterances, 2 turns before");
  }

  @Test
  void modelAndTeacherMustReadTheSameNumberOfTurns() {
    JointObjective two = objective(setup, 2, example("放周华歌", List.of()));
    Model reading = FineTuning.start(setup, two);
    Model alone = FineTuning.start(setup, objective(setup, 0, example("放周华歌", List.of())));
    assertThat(reading.options()).containsEntry(HeadOptions.CONTEXT_TURNS, "2");
    two.requireFit(reading);
    assertThatThrownBy(() -> two.requireFit(alone))
        .isInstanceOf(WrongTaskException.class)
        .hasMessage("expected a model with the options {context_turns=2}, got one with {}");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new FineTuning(setup, two, Optional.of(new Distillation(alone, 1, 1))))
        .withMessageContaining("a teacher that reads 2 turns before the present one");
  }

  @Test
  void modelStoresThatItsTagsAreConstrained() {
    JointObjective constrained =
        new JointObjective(setup, INTENTS, SLOTS, new JointObjective.Reading(0, true), ambiguous());
    Model start = FineTuning.start(setup, constrained);
    assertThat(start.options()).containsExactly(Map.entry(HeadOptions.CONSTRAINED_TAGS, "true"));
    constrained.requireFit(start);
    // I-singer is the most likely tag of every token, then O.
    ParameterStore store = ParameterStore.copyOf(start.parameters());
    store.replace(HeadNames.SLOT_CLASSIFIER + ".weight", Tensor.zeros(24, 4));
    store.replace(HeadNames.SLOT_CLASSIFIER + ".bias", Tensor.of(new float[] {-9, 1, 0, 2}, 4));
    Model model = start.withParameters(start.config(), store);
    JointSlu free = JointSlu.of(model.withOptions(Map.of()));
    assertThat(free.parse("放的歌").labels()).containsOnly("I-singer");
    assertThat(JointSlu.of(model).parse("放的歌").labels())
        .containsExactly("B-singer", "I-singer", "I-singer");
    assertThat(JointSlu.of(model).parse("歌").labels()).containsExactly("O");
  }

  /** 你好 means something else after a song than after a way. */
  private static Split<JointExample> ambiguous() {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      String name = "周华健刘德张学友".substring(i % 6, i % 6 + 2);
      boolean song = i % 2 == 0;
      lines.add(
          song
              ? "%d\t放%s的歌\tplay\t放<singer>%s</singer>的歌".formatted(i, name, name)
              : "%d\t去%s路\tgo\t去%s路".formatted(i, name, name));
      lines.add("%d\t你好\t%s\t你好".formatted(i, song ? "stop" : "leave"));
    }
    List<JointExample> all = JointFile.parse(lines).examples();
    return new Split<>(all.subList(0, 56), all.subList(56, all.size()));
  }

  private Model trained(int turns) throws IOException {
    Path own = folder.resolve("turns-" + turns);
    TrainingOptions options = TinySlu.options(12);
    setup.fineTune(
        new JointObjective(
            setup, INTENTS, SLOTS, new JointObjective.Reading(turns, false), ambiguous()),
        options,
        own);
    return ModelFile.read(own.resolve(Trainer.MODEL));
  }

  @Test
  void learnsWhatOnlyTheContextShows() throws IOException {
    Model model = trained(1);
    Evaluated evaluated =
        new JointObjective(setup, INTENTS, SLOTS, new JointObjective.Reading(1, false), ambiguous())
            .evaluate(model);
    assertThat(evaluated.metrics())
        .containsEntry("accuracy", 100.0)
        .containsEntry("slot_f1", 100.0);
    JointSlu slu = JointSlu.of(model);
    assertThat(slu.contextTurns()).isEqualTo(1);
    assertThat(slu.parse("你好", List.of("放学友的歌")).intent()).isEqualTo("stop");
    assertThat(slu.parse("你好", List.of("去学友路")).intent()).isEqualTo("leave");
    JointSlu alone = JointSlu.of(trained(0));
    assertThat(alone.parse("你好", List.of("放学友的歌"))).isEqualTo(alone.parse("你好"));
  }
}
