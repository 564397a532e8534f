package ernie4j.training.quantization;

import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.Golden;
import ernie4j.engine.Parallel;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.encoder.Encoder;
import ernie4j.engine.encoder.EncoderWorkspace;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.engine.head.Head;
import ernie4j.engine.head.Logits;
import ernie4j.engine.head.Task;
import ernie4j.engine.kernels.Kernels;
import ernie4j.pipeline.Tokenizers;
import ernie4j.quant.ModelQuantizer;
import ernie4j.quant.Rounding;
import ernie4j.training.Trainer;
import ernie4j.training.TrainingOptions;
import ernie4j.training.autograd.Tape;
import ernie4j.training.autograd.Variable;
import ernie4j.training.data.JointExample;
import ernie4j.training.data.JointFile;
import ernie4j.training.data.Labels;
import ernie4j.training.data.Split;
import ernie4j.training.model.RandomParameters;
import ernie4j.training.model.TrainableModel;
import ernie4j.training.model.TrainableParameters;
import ernie4j.training.task.JointObjective;
import ernie4j.training.task.TaskSetup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The int8 model against the fake-quantized one that it comes from, on real utterances. Both round
 * the same inputs. If float32 puts an input on the other side of the middle between two codes, the
 * results differ by one code, so not every logit can agree to the last digit.
 */
class Int8AgreementTest {
  /** Provides the vocabulary. */
  private static final Path BUNDLED =
      Path.of("../model-zoo/src/main/resources/ernie4j/pipeline/slu-nlpcc2018.ernie");

  @TempDir Path folder;

  private int labels;
  private int same;
  private final List<Double> differences = new ArrayList<>();

  @Test
  void int8AgreesWithFakeQuantization() throws IOException {
    List<JointExample> examples =
        JointFile.read(Golden.data("nlpcc2018-task4/corpus.train.txt")).examples();
    Split<JointExample> corpus = Split.of(examples, 0.2, 42);
    Model model = trained(corpus);
    QatOptions options = new QatOptions(Rounding.HALF_TO_EVEN, 0.9, 8, Optional.empty(), List.of());
    try (Parallel parallel = Parallel.of(2)) {
      Tape tape = new Tape(Kernels.best(), parallel);
      tape.setTraining(false);
      TaskSetup setup = TaskSetup.of(model, Tokenizers.of(model), 16, parallel);
      TrainableModel joint =
          TrainableModel.of(
              Task.JOINT_INTENT_SLOTS,
              model.config(),
              TrainableParameters.of(model.parameters()),
              tape.kernels(),
              0f);
      FakeQuantizedModel fake = new FakeQuantizedModel(joint, options);
      fake.calibrate(objective(setup, model, corpus), batches(corpus.train().size(), 8), tape);
      Map<String, Float> scales = fake.inputScales();
      Model int8 = ModelQuantizer.linear(model, scales.keySet(), scales);
      Encoder encoder = Encoder.of(int8.config(), int8.parameters(), tape.kernels());
      Head head = Head.of(encoder, Task.JOINT_INTENT_SLOTS, int8.parameters());
      EncoderWorkspace workspace = encoder.newWorkspace(parallel);
      JointObjective dev =
          objective(setup, model, new Split<>(corpus.dev(), corpus.dev().subList(0, 1)));
      for (int[] indices : batches(dev.examples(), Integer.MAX_VALUE)) {
        tape.reset(0);
        RaggedBatch batch = dev.batch(indices);
        List<Variable> expected = joint.forward(tape, batch).logits();
        encoder.forward(batch, workspace);
        List<float[]> got = head.logits(workspace);
        compare(expected.get(0).value(), got.get(0), head.columns(0));
        compare(expected.get(1).value(), got.get(1), head.columns(1));
      }
    }
    Collections.sort(differences);
    double median = differences.get(differences.size() / 2);
    System.out.printf(
        "%d of %d labels the same; relative difference of logits: median %.1e, 90 %% below %.1e, 99 %% below %.1e, greatest %.1e%n",
        same,
        labels,
        median,
        differences.get(differences.size() * 9 / 10),
        differences.get(differences.size() * 99 / 100),
        differences.get(differences.size() - 1));
    assertThat((double) same / labels).isGreaterThanOrEqualTo(0.999);
    assertThat(median).isLessThan(1e-4);
  }

  private static JointObjective objective(TaskSetup setup, Model model, Split<JointExample> data) {
    return new JointObjective(
        setup,
        new Labels(Objects.requireNonNull(model.labels().get(Task.INTENT))),
        new Labels(Objects.requireNonNull(model.labels().get(Task.SLOT))),
        data);
  }

  /** The first examples in batches of 32, fewer if there are not so many. */
  private static List<int[]> batches(int examples, int most) {
    List<int[]> batches = new ArrayList<>();
    for (int from = 0; from < examples && batches.size() < most; from += 32) {
      batches.add(IntStream.range(from, Math.min(examples, from + 32)).toArray());
    }
    return batches;
  }

  /** A small model after one epoch. */
  private Model trained(Split<JointExample> corpus) throws IOException {
    Model bundled = ModelFile.read(BUNDLED);
    EncoderConfig config =
        EncoderConfig.ernie(bundled.config().vocabularySize(), 64, 2, 4, 256, 16);
    // Without a head of its own: the training makes one.
    Model start = bundled.withParameters(config, RandomParameters.encoder(config, 1));
    try (Parallel parallel = Parallel.of(2)) {
      TaskSetup setup = TaskSetup.of(start, Tokenizers.of(start), 16, parallel).with(0f, 1);
      TrainingOptions options =
          TrainingOptions.builder()
              .epochs(1)
              .learningRate(1e-3)
              .evaluateEvery(1000)
              .seed(1)
              .build();
      setup.fineTune(objective(setup, bundled, corpus), options, folder);
    }
    return ModelFile.read(folder.resolve(Trainer.MODEL));
  }

  /** Rows of logits; the tape's array may be longer. */
  private void compare(float[] expected, float[] got, int classes) {
    for (int from = 0; from < got.length; from += classes) {
      labels++;
      if (Logits.argmax(expected, from, classes) == Logits.argmax(got, from, classes)) {
        same++;
      }
      double largest = 0;
      double difference = 0;
      for (int i = from; i < from + classes; i++) {
        largest = Math.max(largest, Math.abs(expected[i]));
        difference = Math.max(difference, Math.abs(expected[i] - got[i]));
      }
      differences.add(difference / largest);
    }
  }
}
