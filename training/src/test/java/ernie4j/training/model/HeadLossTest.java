package ernie4j.training.model;

import static ernie4j.engine.GoldenModel.assertClose;
import static ernie4j.engine.GoldenModel.largest;
import static org.assertj.core.api.Assertions.assertThat;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.Golden;
import ernie4j.engine.GoldenModel;
import ernie4j.engine.KernelsUnderTest;
import ernie4j.engine.Parallel;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.RaggedBatch;
import ernie4j.engine.file.SafetensorsFile;
import ernie4j.engine.head.Task;
import ernie4j.engine.kernels.Kernels;
import ernie4j.training.autograd.LossMean;
import ernie4j.training.autograd.Tape;
import ernie4j.training.autograd.Variable;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Losses of every head, and the gradients of the masked language model, against the golden file.
 */
class HeadLossTest {
  private static final String FILE = "heads.safetensors";

  private record Setting(
      Tape tape, TrainableParameters parameters, TrainableEncoder encoder, SafetensorsFile file) {
    Variable hidden(RaggedBatch batch) {
      return encoder.forward(tape, batch).last();
    }

    /** The logits of a head with one output. */
    Variable logits(Task task, RaggedBatch batch) throws IOException {
      List<Variable> logits =
          new TrainableHead(task, GoldenModel.config("a.json"), parameters, tape.kernels(), 0f)
              .logits(tape, hidden(batch), batch);
      assertThat(logits).hasSize(1);
      return logits.get(0);
    }

    void assertLogits(String name, Variable logits) throws IOException {
      assertClose(name, logits.value(), file.doubles(name), 5e-5);
    }

    void assertLoss(String name, Variable loss) throws IOException {
      assertClose(name, loss.value(), file.doubles(name), 2e-6);
    }
  }

  static List<Kernels> kernels() {
    return KernelsUnderTest.all();
  }

  private static Setting setting(Kernels kernels, String prefix) throws IOException {
    EncoderConfig config = GoldenModel.config("a.json");
    ParameterStore store = GoldenModel.parameters("a.safetensors");
    GoldenModel.addWithoutPrefix(store, FILE, prefix);
    // Labels and inputs of the same prefix are float tensors too, but not parameters.
    List.copyOf(store.names()).stream().filter(n -> n.endsWith("labels")).forEach(store::remove);
    TrainableParameters parameters = TrainableParameters.of(store);
    Tape tape = new Tape(kernels, Parallel.serial());
    tape.reset(0);
    return new Setting(
        tape,
        parameters,
        new TrainableEncoder(config, parameters, kernels, 0f, 0f),
        Golden.file(FILE));
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void sequenceClassification(Kernels kernels) throws IOException {
    Setting s = setting(kernels, "seqcls.");
    RaggedBatch batch = GoldenModel.batch(s.file, "");
    Variable logits = s.logits(Task.SEQUENCE_CLASSIFICATION, batch);
    s.assertLogits("seqcls.logits", logits);
    int[] labels = s.file.ints("seqcls.labels");
    s.assertLoss("seqcls.loss_ce", s.tape.crossEntropy(logits, labels, -100, LossMean.VALID_ROWS));
    Variable ofLabels = s.logits(Task.MULTI_LABEL_CLASSIFICATION, batch);
    s.assertLogits("seqcls.logits", ofLabels);
    s.assertLoss(
        "seqcls.loss_bce",
        s.tape.binaryCrossEntropy(ofLabels, s.file.floats("seqcls.float_labels")));
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void regression(Kernels kernels) throws IOException {
    Setting s = setting(kernels, "regression.");
    Variable logits = s.logits(Task.SCORING, GoldenModel.batch(s.file, ""));
    s.assertLoss(
        "regression.loss_mse", s.tape.meanSquaredError(logits, s.file.floats("regression.labels")));
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void tokenClassificationInBothMeans(Kernels kernels) throws IOException {
    Setting s = setting(kernels, "tokcls.");
    Variable logits = s.logits(Task.TOKEN_CLASSIFICATION, GoldenModel.batch(s.file, ""));
    s.assertLogits("tokcls.logits", logits);
    int[] labels = s.file.ints("tokcls.labels");
    s.assertLoss(
        "tokcls.loss_mean_valid", s.tape.crossEntropy(logits, labels, -100, LossMean.VALID_ROWS));
    s.assertLoss(
        "tokcls.loss_mean_all", s.tape.crossEntropy(logits, labels, -100, LossMean.ALL_ROWS));
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void questionAnswering(Kernels kernels) throws IOException {
    Setting s = setting(kernels, "qa.");
    RaggedBatch batch = GoldenModel.batch(s.file, "");
    Variable logits = s.logits(Task.QUESTION_ANSWERING, batch);
    Variable start =
        s.tape.positionCrossEntropy(logits, 0, batch, s.file.ints("qa.start_positions"));
    Variable end = s.tape.positionCrossEntropy(logits, 1, batch, s.file.ints("qa.end_positions"));
    s.assertLoss("qa.loss_start", start);
    s.assertLoss("qa.loss_end", end);
    s.assertLoss("qa.loss", s.tape.scale(s.tape.add(start, end), 0.5f));
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void multipleChoice(Kernels kernels) throws IOException {
    Setting s = setting(kernels, "choice.");
    Variable scores = s.logits(Task.MULTIPLE_CHOICE, GoldenModel.batch(s.file, "choice."));
    s.assertLogits("choice.logits", scores);
    RaggedBatch questions = RaggedBatch.of(new int[3], new int[3]);
    s.assertLoss(
        "choice.loss",
        s.tape.positionCrossEntropy(scores, 0, questions, s.file.ints("choice.labels")));
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void maskedLanguageModelWithGradients(Kernels kernels) throws IOException {
    Setting s = setting(kernels, "mlm.");
    Variable logits =
        s.logits(
            Task.MASKED_LM,
            GoldenModel.batch(s.file, "mlm.")
                .withTypeIds(GoldenModel.rows(s.file, "token_type_ids")));
    s.assertLogits("mlm.logits", logits);
    int[] labels = s.file.ints("mlm.labels");
    s.assertLoss("mlm.loss_mean_all", s.tape.crossEntropy(logits, labels, -100, LossMean.ALL_ROWS));
    Variable loss = s.tape.crossEntropy(logits, labels, -100, LossMean.VALID_ROWS);
    s.assertLoss("mlm.loss_mean_valid", loss);
    s.tape.backward(loss);
    for (var entry : s.file.entries()) {
      if (entry.name().startsWith("mlm.grad.")) {
        String name = entry.name().substring("mlm.grad.".length()).replaceFirst("^mlm\\.", "");
        double[] expected = s.file.doubles(entry.name());
        assertClose(
            entry.name(), s.parameters.get(name).gradient(), expected, 1e-5 * largest(expected));
      }
    }
  }
}
