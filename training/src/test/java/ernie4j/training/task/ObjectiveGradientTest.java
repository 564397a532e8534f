package ernie4j.training.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.Parallel;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.Tensor;
import ernie4j.engine.file.Model;
import ernie4j.training.autograd.FiniteDifferences;
import ernie4j.training.autograd.Tape;
import ernie4j.training.autograd.Variable;
import ernie4j.training.model.ModelOutputs;
import ernie4j.training.model.RandomParameters;
import ernie4j.training.model.TrainableModel;
import ernie4j.training.model.TrainableParameters;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every objective through a whole model: gradients of both losses, and examples without labels. */
class ObjectiveGradientTest {
  static List<TinyObjective> all() {
    return TinyObjective.all();
  }

  static List<TinyObjective> labelled() {
    return TinyObjective.labelled();
  }

  /** The tiny encoder with one layer of 8 columns. */
  private static TaskSetup setup() {
    TaskSetup tiny = TinyTasks.setup(TinyObjective.POSITIONS, 0f, Parallel.serial());
    Model model = tiny.model();
    EncoderConfig config =
        EncoderConfig.ernie(model.config().vocabularySize(), 8, 1, 2, 8, TinyObjective.POSITIONS);
    return tiny.withModel(model.withParameters(config, RandomParameters.encoder(config, 1)));
  }

  /** A model with a head for the objective and values so large that every gradient is, too. */
  private static Model disturbed(TaskSetup setup, Objective objective, long seed) {
    Random random = new Random(seed);
    ParameterStore store = ParameterStore.copyOf(FineTuning.start(setup, objective).parameters());
    for (Tensor tensor : store.asMap().values()) {
      for (int i = 0; i < tensor.size(); i++) {
        tensor.data()[i] += 0.4f * (float) random.nextGaussian();
      }
    }
    Model start = FineTuning.start(setup, objective);
    return start.withParameters(start.config(), store);
  }

  private interface Loss {
    Variable of(Tape tape, ModelOutputs outputs);
  }

  private static void check(TaskSetup setup, Objective objective, int[] examples, Loss loss) {
    Model start = disturbed(setup, objective, 2);
    TrainableParameters parameters = TrainableParameters.of(start.parameters());
    FiniteDifferences.check(
        7,
        (tape, all) -> {
          // A new model for every pass, because it keeps packed copies of its parameters.
          TrainableModel model =
              TrainableModel.of(objective.task(), start.config(), parameters, tape.kernels(), 0.1f);
          return loss.of(tape, objective.forward(tape, model, examples));
        },
        parameters.asMap().values().toArray(Variable[]::new));
  }

  @ParameterizedTest
  @MethodSource("all")
  void gradientsOfTheLabelLossMatchFiniteDifferences(TinyObjective tiny) {
    TaskSetup setup = setup();
    Objective objective =
        tiny == TinyObjective.WORDS ? tiny.of(setup, 20) : tiny.partlyLabelled(setup, 20, 9);
    int[] examples = {1, objective.examples() - 1, 3};
    check(setup, objective, examples, (tape, outputs) -> objective.loss(tape, outputs, examples));
  }

  @ParameterizedTest
  @MethodSource("labelled")
  void gradientsOfTheTeacherLossMatchFiniteDifferences(TinyObjective tiny) {
    TaskSetup setup = setup();
    Objective objective = tiny.partlyLabelled(setup, 20, 9);
    int[] examples = {1, objective.examples() - 1, 3};
    FineTunedTeacher teacher =
        new FineTunedTeacher(
            disturbed(setup, objective, 3),
            FineTuning.start(setup, objective),
            setup.kernels(),
            setup.parallel());
    List<Variable> answers = teacher.logits(objective.batch(examples));
    check(
        setup,
        objective,
        examples,
        (tape, outputs) -> objective.softLoss(tape, outputs, answers, examples, 1.7f));
  }

  private static TrainableModel model(TaskSetup setup, Objective objective, Model start) {
    return TrainableModel.of(
        objective.task(),
        start.config(),
        TrainableParameters.of(start.parameters()),
        setup.kernels(),
        0f);
  }

  @ParameterizedTest
  @MethodSource("labelled")
  void teacherGivesTheLogitsOfTrainingAndAModelLearnsNothingFromItself(TinyObjective tiny) {
    TaskSetup setup = setup();
    Objective objective = tiny.of(setup, 20);
    Model start = disturbed(setup, objective, 2);
    int[] examples = {4, 0, 7};
    List<Variable> answers =
        new FineTunedTeacher(start, start, setup.kernels(), setup.parallel())
            .logits(objective.batch(examples));
    TrainableModel model = model(setup, objective, start);
    Tape tape = new Tape(setup.kernels(), setup.parallel());
    ModelOutputs outputs = objective.forward(tape, model, examples);
    assertThat(outputs.logits()).hasSameSizeAs(answers);
    for (int i = 0; i < answers.size(); i++) {
      Variable own = outputs.logits().get(i);
      assertThat(answers.get(i).rows()).isEqualTo(own.rows());
      assertThat(answers.get(i).columns()).isEqualTo(own.columns());
      for (int j = 0; j < own.size(); j++) {
        assertThat(answers.get(i).value()[j]).isCloseTo(own.value()[j], within(1e-4f));
      }
    }
    tape.backward(objective.softLoss(tape, outputs, answers, examples, 2f));
    model
        .parameters()
        .asMap()
        .forEach(
            (name, v) -> {
              for (int i = 0; v.hasGradient() && i < v.size(); i++) {
                assertThat(v.gradient()[i]).as(name).isCloseTo(0, within(1e-4f));
              }
            });
  }

  @ParameterizedTest
  @MethodSource("labelled")
  void examplesWithoutLabelsDoNotChangeTheLabelLoss(TinyObjective tiny) {
    TaskSetup setup = setup();
    Objective objective = tiny.partlyLabelled(setup, 20, 6);
    int labelled = objective.examples() - objective.unlabelled();
    assertThat(objective.unlabelled()).isPositive();
    assertThat(labelled).isGreaterThanOrEqualTo(6);
    TrainableModel model = model(setup, objective, disturbed(setup, objective, 2));
    Tape tape = new Tape(setup.kernels(), setup.parallel());
    double known = loss(tape, objective, model, 2, 0);
    assertThat(known).isPositive();
    assertThat(loss(tape, objective, model, 2, labelled, 0, objective.examples() - 1))
        .isCloseTo(known, within(1e-5));
    assertThat(loss(tape, objective, model, labelled, labelled + 1)).isZero();
    assertThat(objective.settings()).contains("without labels");
  }

  private static double loss(
      Tape tape, Objective objective, TrainableModel model, int... examples) {
    tape.reset(0);
    return objective.loss(tape, objective.forward(tape, model, examples), examples).scalar();
  }

  @ParameterizedTest
  @MethodSource("all")
  void batchHoldsItsExamplesOneAfterTheOther(TinyObjective tiny) {
    TaskSetup setup = setup();
    Objective objective = tiny.of(setup, 24);
    int[] examples = {3, 0, 5};
    RaggedBatch batch = objective.batch(examples);
    List<Integer> ids = new ArrayList<>();
    int tokens = 0;
    for (int example : examples) {
      RaggedBatch alone = objective.batch(new int[] {example});
      assertThat(alone.tokens()).isEqualTo(objective.tokens(example));
      for (int t = 0; t < alone.tokens(); t++) {
        ids.add(alone.id(t));
        assertThat(batch.typeId(tokens + t)).isEqualTo(alone.typeId(t));
      }
      tokens += alone.tokens();
    }
    assertThat(batch.tokens()).isEqualTo(tokens);
    for (int t = 0; t < tokens; t++) {
      assertThat(batch.id(t)).isEqualTo(ids.get(t));
    }
    assertThat(batch.longest()).isLessThanOrEqualTo(TinyObjective.POSITIONS);
  }

  @ParameterizedTest
  @MethodSource("all")
  void headHasTheShapesOfTaskAndLabels(TinyObjective tiny) {
    TaskSetup setup = setup();
    Objective objective = tiny.of(setup, 24);
    Model start = FineTuning.start(setup, objective);
    Map<String, int[]> shapes = objective.task().shapes(start.config(), objective.labels());
    shapes.forEach((name, shape) -> assertThat(start.parameters().shape(name)).isEqualTo(shape));
    assertThat(start.parameters().contains("ernie.pooler.dense.weight"))
        .isEqualTo(objective.task().usesPooler());
    assertThat(start.task()).isEqualTo(objective.task().id());
    assertThat(start.labels()).isEqualTo(objective.labels());
    assertThat(start.options()).isEqualTo(objective.options());
  }

  @ParameterizedTest
  @MethodSource("labelled")
  void examplesWithoutLabelsNeedATeacher(TinyObjective tiny) {
    TaskSetup setup = setup();
    Objective objective = tiny.partlyLabelled(setup, 20, 6);
    assertThatThrownBy(() -> new FineTuning(setup, objective))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            objective.unlabelled()
                + " examples have no labels: expected a teacher whose answers are learned for them, got none");
  }

  @Test
  void maskedLanguageModelCannotLearnFromATeacher() {
    TaskSetup setup = setup();
    Objective objective = TinyObjective.WORDS.of(setup, 20);
    Model start = disturbed(setup, objective, 2);
    TrainableModel model = model(setup, objective, start);
    Tape tape = new Tape(setup.kernels(), setup.parallel());
    int[] examples = {0, 1};
    ModelOutputs outputs = objective.forward(tape, model, examples);
    assertThatThrownBy(() -> objective.softLoss(tape, outputs, outputs.logits(), examples, 1))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("distill its encoder instead");
  }
}
