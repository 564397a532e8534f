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
import ernie4j.engine.head.JointIntentSlotHead;
import ernie4j.engine.head.Logits;
import ernie4j.engine.kernels.Kernels;
import ernie4j.quant.ModelQuantizer;
import ernie4j.quant.Rounding;
import ernie4j.tokenizer.ErnieTokenizer;
import ernie4j.tokenizer.Tokenizer;
import ernie4j.tokenizer.TokenizerOptions;
import ernie4j.tokenizer.Vocabulary;
import ernie4j.training.Trainer;
import ernie4j.training.TrainingOptions;
import ernie4j.training.autograd.Tape;
import ernie4j.training.model.JointErnie;
import ernie4j.training.model.RandomParameters;
import ernie4j.training.model.TrainableParameters;
import ernie4j.training.slu.EncodedCorpus;
import ernie4j.training.slu.SluCorpus;
import ernie4j.training.slu.SluLabels;
import ernie4j.training.slu.SluModels;
import ernie4j.training.slu.SluTask;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The int8 model against the fake-quantized one that it comes from, on real utterances. Both round
 * the same inputs; where float32 puts one of them on the other side of the middle between two
 * codes, the answers differ by the worth of a code, so not every single logit can agree to the last
 * digit.
 */
class Int8AgreementTest {
  /** Lends its vocabulary. */
  private static final Path BUNDLED =
      Path.of("../model-zoo/src/main/resources/ernie4j/pipeline/slu-nlpcc2018.ernie");

  @TempDir Path folder;

  private int labels;
  private int same;
  private final List<Double> differences = new ArrayList<>();

  @Test
  void int8IsWhatTrainingSaw() throws IOException {
    SluCorpus.Split corpus =
        SluCorpus.read(Golden.data("nlpcc2018-task4/corpus.train.txt")).split(0.2, 42);
    Model model = trained(corpus);
    Tokenizer tokenizer = tokenizer(model);
    EncodedCorpus encoded = EncodedCorpus.of(model, tokenizer, corpus);
    QatOptions options = new QatOptions(Rounding.HALF_TO_EVEN, 0.9, 8, Optional.empty(), List.of());
    try (Parallel parallel = Parallel.of(2)) {
      Tape tape = new Tape(Kernels.best(), parallel);
      tape.setTraining(false);
      JointErnie joint =
          new JointErnie(
              model.config(), TrainableParameters.of(model.parameters()), tape.kernels(), 0f);
      QuantizedJointErnie fake = new QuantizedJointErnie(joint, options);
      fake.calibrate(encoded.train().firstBatches(8, 32), tape);
      Map<String, Float> scales = fake.inputScales();
      Model int8 = ModelQuantizer.linear(model, scales.keySet(), scales);
      Encoder encoder = Encoder.of(int8.config(), int8.parameters(), tape.kernels());
      JointIntentSlotHead head = JointIntentSlotHead.of(encoder, int8.parameters());
      EncoderWorkspace workspace = encoder.newWorkspace(parallel);
      for (RaggedBatch batch : encoded.dev().firstBatches(Integer.MAX_VALUE, 32)) {
        tape.reset(0);
        JointErnie.Logits expected = joint.forward(tape, batch);
        encoder.forward(batch, workspace);
        compare(expected.intents().value(), head.intentLogits(workspace), head.intents());
        compare(expected.slots().value(), head.slotLogits(workspace), head.slots());
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

  private static Tokenizer tokenizer(Model model) {
    return new ErnieTokenizer(
        Vocabulary.of(model.vocabulary()), TokenizerOptions.fromMap(model.tokenizerOptions()));
  }

  /** A small model after one epoch. */
  private Model trained(SluCorpus.Split corpus) throws IOException {
    Model bundled = ModelFile.read(BUNDLED);
    EncoderConfig config =
        EncoderConfig.ernie(bundled.config().vocabularySize(), 64, 2, 4, 256, 16);
    Model start =
        SluModels.prepare(
            bundled.withParameters(config, RandomParameters.encoder(config, 1)),
            SluLabels.of(bundled.labels()),
            1);
    try (Parallel parallel = Parallel.of(2)) {
      SluTask task =
          new SluTask(
              start,
              tokenizer(start),
              corpus,
              0f,
              Optional.empty(),
              Kernels.best(),
              parallel,
              Map.of());
      TrainingOptions options =
          TrainingOptions.builder()
              .epochs(1)
              .learningRate(1e-3)
              .evaluateEvery(1000)
              .seed(1)
              .build();
      new Trainer(task, options, Kernels.best(), parallel, folder, List.of()).run();
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
