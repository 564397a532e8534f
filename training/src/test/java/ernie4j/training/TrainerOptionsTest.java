package ernie4j.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ernie4j.engine.Parallel;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.Tensor;
import ernie4j.engine.file.Model;
import ernie4j.engine.kernels.Kernels;
import ernie4j.training.autograd.Tape;
import ernie4j.training.autograd.Variable;
import ernie4j.training.model.TrainableParameters;
import ernie4j.training.optimizer.LearningRateSchedule.Shape;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.LongToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a trainer does besides steps, on a task of one parameter. */
class TrainerOptionsTest {
  @TempDir Path folder;

  /** Pulls one value towards the mean of the examples' numbers. */
  private static final class Mean implements TrainingTask {
    private final TrainableParameters parameters;
    private final LongToDoubleFunction metric;
    private final float[] numbers;
    private final List<int[]> batches = new ArrayList<>();
    private long evaluations;
    private float factor = 1;

    Mean(LongToDoubleFunction metric, float... numbers) {
      this.metric = metric;
      this.numbers = numbers;
      ParameterStore store = new ParameterStore();
      store.put("w", Tensor.of(new float[] {1}, 1));
      parameters = TrainableParameters.of(store);
    }

    @Override
    public int examples() {
      return numbers.length;
    }

    @Override
    public int tokens(int example) {
      return (int) numbers[example];
    }

    @Override
    public Variable loss(Tape tape, int[] examples) {
      batches.add(examples);
      Variable sum = tape.scale(tape.add(parameters.get("w"), parameters.get("w")), 0f);
      for (int example : examples) {
        // A NaN label would be ignored, but a NaN factor of the weight is not.
        float[] label = {Float.isNaN(factor) ? numbers[example] : numbers[example] * factor};
        Variable w = tape.scale(parameters.get("w"), Float.isNaN(factor) ? factor : 1f);
        sum = tape.add(sum, tape.meanSquaredError(w, label));
      }
      return tape.scale(sum, 1f / examples.length);
    }

    @Override
    public TrainableParameters parameters() {
      return parameters;
    }

    @Override
    public void parametersChanged() {}

    @Override
    public Map<String, Double> evaluate() {
      return Map.of("m", metric.applyAsDouble(evaluations++));
    }

    @Override
    public String bestMetric() {
      return "m";
    }

    @Override
    public List<KeptModel> models() {
      Model model = TinySlu.model(3);
      return List.of(
          new KeptModel(
              Trainer.MODEL,
              "m",
              () -> model.withProvenance("evaluation", Long.toString(evaluations))));
    }
  }

  private static final TrainingOptions OPTIONS =
      TrainingOptions.builder()
          .epochs(10)
          .batchSize(2)
          .learningRate(1e-2)
          .warmupRatio(0)
          .weightDecay(0)
          .maxGradientNorm(1e9)
          .evaluateEvery(1)
          .seed(3)
          .build();

  private Trainer trainer(Mean task, TrainingOptions options, TrainingListener... listeners) {
    return new Trainer(
        task, options, Kernels.best(), Parallel.serial(), folder, List.of(listeners));
  }

  @Test
  void accumulatedBatchesEqualOneLargeBatch() throws IOException {
    float[] numbers = {1, 2, 3, 4, 5, 6, 7, 8};
    Mean large = new Mean(n -> n, numbers);
    trainer(large, OPTIONS.toBuilder().batchSize(9).evaluateEvery(100).build()).run();
    Mean small = new Mean(n -> n, numbers);
    Path other = folder.resolve("other");
    TrainingOptions options =
        OPTIONS.toBuilder().batchSize(3).accumulation(3).evaluateEvery(100).build();
    new Trainer(small, options, Kernels.best(), Parallel.serial(), other, List.of()).run();
    // Batches of 3, 3 and 2 examples in every step.
    assertThat(small.batches).hasSize(30);
    assertThat(large.batches).hasSize(10);
    assertThat(small.parameters.get("w").value()[0])
        .isCloseTo(large.parameters.get("w").value()[0], within(1e-6f));
    assertThat(large.parameters.get("w").value()[0]).isNotCloseTo(1f, within(1e-2f));
  }

  @Test
  void batchesWithATokenLimitHoldEveryExampleOnce() throws IOException {
    Mean task = new Mean(n -> n, 5, 1, 1, 9, 2, 3, 30, 1);
    trainer(
            task,
            OPTIONS.toBuilder().epochs(2).batchSize(3).maxTokens(10).evaluateEvery(100).build())
        .run();
    List<Integer> seen = new ArrayList<>();
    for (int[] batch : task.batches) {
      int tokens = Arrays.stream(batch).map(task::tokens).sum();
      assertThat(batch.length == 1 || tokens <= 10).isTrue();
      assertThat(batch.length).isLessThanOrEqualTo(3);
      Arrays.stream(batch).forEach(seen::add);
    }
    assertThat(seen.subList(0, 8)).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7);
    assertThat(seen.subList(8, 16)).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7);
  }

  @Test
  void stopsEarlyWithoutABetterEvaluation() throws IOException {
    List<String> reasons = new ArrayList<>();
    TrainingListener listener =
        new TrainingListener() {
          @Override
          public void stoppedEarly(String reason) {
            reasons.add(reason);
          }
        };
    double[] metrics = {1, 3, 2, 3, 1, 9, 9};
    Mean task = new Mean(n -> metrics[(int) n], 1, 2);
    TrainingHistory history =
        trainer(task, OPTIONS.toBuilder().maxSteps(100).patience(3).build(), listener).run();
    assertThat(history.evaluations()).hasSize(5);
    assertThat(history.sinceBest()).isEqualTo(3);
    assertThat(reasons).hasSize(1);
    assertThat(reasons.get(0)).contains("no better m in the last 3 evaluations", "step 5 of 10");
    // Resuming it does not start it again.
    Trainer again =
        trainer(new Mean(n -> 9, 1, 2), OPTIONS.toBuilder().maxSteps(100).patience(3).build());
    again.resume();
    assertThat(again.run().evaluations()).hasSize(5);
  }

  @Test
  void keepsTheNewestCheckpointsAndThatOfTheBestEvaluation() throws IOException {
    double[] metrics = {1, 8, 2, 3, 4, 5, 6, 7, 7, 7};
    trainer(new Mean(n -> metrics[(int) n], 1, 2), OPTIONS.toBuilder().saveLimit(3).build()).run();
    try (var files = Files.list(folder.resolve("checkpoints"))) {
      assertThat(files.map(f -> String.valueOf(f.getFileName())))
          .containsExactlyInAnyOrder(
              "step-2.safetensors", "step-9.safetensors", "step-10.safetensors");
    }
    assertThat(folder.resolve("checkpoints/step-10.safetensors"))
        .hasSameBinaryContentAs(folder.resolve(Trainer.CHECKPOINT));
    assertThat(Files.readAllLines(folder.resolve("metrics.jsonl")))
        .hasSize(10)
        .first()
        .asString()
        .startsWith("{\"step\":1,\"epoch\":1.0,\"learning_rate\":0.01,\"loss\":")
        .endsWith("\"best\":true,\"metrics\":{\"m\":1.0}}");
  }

  @Test
  void smallDataIsEvaluatedEveryEpochAndLargeDataMoreOften() throws IOException {
    TrainingOptions some = TrainingOptions.defaults();
    assertThat(some.evaluationInterval(7)).isEqualTo(7);
    assertThat(some.evaluationInterval(264)).isEqualTo(100);
    assertThat(some.evaluationInterval(0.3)).isEqualTo(1);
    assertThat(some.toBuilder().evaluateEvery(500).build().evaluationInterval(7)).isEqualTo(500);
    TrainingOptions two = OPTIONS.toBuilder().epochs(4).evaluateEvery(0).build();
    TrainingHistory history = trainer(new Mean(n -> n, 1, 2, 3, 4, 5), two).run();
    assertThat(history.evaluations()).hasSize(4);
    assertThat(history.evaluations().get(0).epoch()).isEqualTo(1);
  }

  /** With the two errors of file systems without hard links. */
  @Test
  void checkpointIsCopiedIfItCannotBeLinked() throws IOException {
    Path newest = Files.writeString(folder.resolve("newest"), "state");
    for (Exception refusal :
        List.of(
            new FileSystemException("kept", null, "Operation not permitted"),
            new UnsupportedOperationException())) {
      Path kept = folder.resolve(refusal.getClass().getSimpleName());
      EarlierCheckpoints.add(
          newest,
          kept,
          (target, existing) -> {
            if (refusal instanceof FileSystemException e) {
              throw e;
            }
            throw (UnsupportedOperationException) refusal;
          });
      assertThat(kept).hasContent("state");
    }
  }

  @Test
  void nonFiniteLossStopsTheTrainingAndChangesNothing() throws IOException {
    Mean task = new Mean(n -> n, 1, 2);
    TrainingListener spoils =
        new TrainingListener() {
          @Override
          public void evaluated(Evaluation e) {
            task.factor = e.step() == 3 ? Float.NaN : 1;
          }
        };
    assertThatThrownBy(() -> trainer(task, OPTIONS, spoils).run())
        .isInstanceOf(ArithmeticException.class)
        .hasMessageContaining("at step 4 the loss is NaN and the norm of the gradients NaN")
        .hasMessageContaining("try a smaller learning rate")
        .hasMessageContaining(folder.toString());
    assertThat(task.parameters.get("w").value()[0]).isFinite();
    Trainer resumed = trainer(new Mean(n -> n, 1, 2), OPTIONS);
    resumed.resume();
    assertThat(resumed.run().evaluations()).hasSize(10);
  }

  @Test
  void lossFarAboveItsInitialValueStopsTheTraining() {
    Mean task = new Mean(n -> n, 1, 2);
    TrainingListener moves =
        new TrainingListener() {
          @Override
          public void evaluated(Evaluation e) {
            task.factor = e.step() == 3 ? 1000 : 1;
          }
        };
    assertThatThrownBy(() -> trainer(task, OPTIONS, moves).run())
        .isInstanceOf(ArithmeticException.class)
        .hasMessageContaining("at step 4 the mean loss since the last evaluation is 2.4")
        .hasMessageContaining("it began with");
  }

  @Test
  void schedules() {
    assertThat(Shape.COSINE.schedule(2, 4, 12).at(2)).isEqualTo(1);
    assertThat(Shape.COSINE.schedule(2, 4, 12).at(4)).isEqualTo(2);
    assertThat(Shape.COSINE.schedule(2, 4, 12).at(8)).isCloseTo(1, within(1e-12));
    assertThat(Shape.COSINE.schedule(2, 4, 12).at(12)).isCloseTo(0, within(1e-12));
    assertThat(Shape.CONSTANT.schedule(2, 4, 12).at(1)).isEqualTo(0.5);
    assertThat(Shape.CONSTANT.schedule(2, 4, 12).at(11)).isEqualTo(2);
    assertThat(Shape.LINEAR.schedule(2, 4, 12).at(8)).isEqualTo(1);
  }
}
