package ernie4j.training.distillation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.Parallel;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.engine.kernels.Kernels;
import ernie4j.tokenizer.ErnieTokenizer;
import ernie4j.tokenizer.TokenizerOptions;
import ernie4j.tokenizer.Vocabulary;
import ernie4j.training.Trainer;
import ernie4j.training.TrainingHistory;
import ernie4j.training.TrainingListener;
import ernie4j.training.TrainingOptions;
import ernie4j.training.autograd.RelationWeights;
import ernie4j.training.model.RandomParameters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole path on made-up texts: a tiny student of a tiny teacher with large weights. */
class DistillationTaskTest {
  private static final String CHARACTERS = "周华健刘德张学友放的歌去路你好";
  private static final TrainingOptions OPTIONS =
      TrainingOptions.builder()
          .epochs(10)
          .batchSize(8)
          .learningRate(1e-2)
          .warmupRatio(0.05)
          .evaluateEvery(10)
          .seed(3)
          .maxSteps(120)
          .beta2(0.98)
          .build();

  private static final EncoderConfig WIDE = EncoderConfig.ernie(1, 12, 2, 2, 24, 1);
  private static final EncoderConfig NARROW = EncoderConfig.ernie(1, 8, 1, 2, 16, 1);

  @TempDir Path folder;
  private TextCorpus texts;

  @BeforeEach
  void writeTexts() throws IOException {
    Random random = new Random(8);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 120; i++) {
      StringBuilder line = new StringBuilder();
      for (int length = 3 + random.nextInt(12); length > 0; length--) {
        line.append(CHARACTERS.charAt(random.nextInt(CHARACTERS.length())));
      }
      lines.add(line.toString());
    }
    texts = TextCorpus.open(List.of(Files.write(folder.resolve("texts"), lines)));
  }

  @AfterEach
  void closeTexts() throws IOException {
    texts.close();
  }

  private static Model teacher() {
    List<String> tokens = new ArrayList<>(List.of("[PAD]", "[CLS]", "[SEP]", "[MASK]", "[UNK]"));
    CHARACTERS.codePoints().forEach(c -> tokens.add(Character.toString(c)));
    EncoderConfig config = EncoderConfig.ernie(tokens.size(), 24, 2, 3, 48, 16);
    ParameterStore store = RandomParameters.encoder(config, 5);
    // With deviations of 0.02 every relation is flat and there is nothing to learn.
    store
        .asMap()
        .forEach(
            (name, tensor) -> {
              for (int i = 0; tensor.rank() == 2 && i < tensor.size(); i++) {
                tensor.data()[i] *= 15;
              }
            });
    return new Model(
        config, "encoder", store, tokens, Map.of(), TokenizerOptions.ernie().toMap(), Map.of());
  }

  private DistillationTask task(Parallel parallel, DistillationOptions options) {
    return task(parallel, options, WIDE);
  }

  private DistillationTask task(
      Parallel parallel, DistillationOptions options, EncoderConfig... shapes) {
    Model teacher = teacher();
    Map<String, Model> starts = new LinkedHashMap<>();
    for (EncoderConfig shape : shapes) {
      starts.put("wide" + shape.hiddenSize(), StudentStart.of(teacher, shape, 5));
    }
    return new DistillationTask(
        teacher,
        starts,
        new ErnieTokenizer(Vocabulary.of(teacher.vocabulary()), TokenizerOptions.ernie()),
        texts,
        options,
        7,
        Kernels.best(),
        parallel,
        Map.of("teacher", "made up"));
  }

  private static DistillationOptions options(int heads, double hiddenWeight) {
    return new DistillationOptions(heads, RelationWeights.TOKENS, hiddenWeight, 12, 0.1f, 20);
  }

  private Trainer trainer(DistillationTask task, Parallel parallel, String name) {
    return new Trainer(task, OPTIONS, Kernels.best(), parallel, folder.resolve(name), List.of());
  }

  @Test
  void theHeldOutLossesFallAndTheModelIsAnEncoder() throws IOException {
    try (Parallel parallel = Parallel.of(2)) {
      TrainingHistory history = trainer(task(parallel, options(6, 1)), parallel, "run").run();
      List<TrainingListener.Evaluation> evaluations = history.evaluations();
      assertThat(evaluations).hasSize(12);
      assertThat(evaluations.get(0).metrics().keySet())
          .containsExactly("score", "relation_loss", "hidden_error");
      for (String name : new String[] {"relation_loss", "hidden_error"}) {
        double first = metric(evaluations.get(0), name);
        assertThat(metric(evaluations.get(11), name)).as(name).isLessThan(0.8 * first);
      }
      Model best = ModelFile.read(folder.resolve("run").resolve(Trainer.MODEL));
      assertThat(best.task()).isEqualTo("encoder");
      assertThat(best.vocabulary()).isEqualTo(teacher().vocabulary());
      assertThat(best.parameters().names()).allMatch(name -> name.startsWith("ernie."));
      assertThat(best.provenance()).containsEntry("teacher", "made up");
      assertThat(best.provenance()).containsKey("held_out_relation_loss");
    }
  }

  @Test
  void severalStudentsLearnTogetherAsEachAlone() throws IOException {
    DistillationOptions options = new DistillationOptions(4, RelationWeights.TOKENS, 1, 12, 0f, 20);
    // Clipping would depend on the gradients of both.
    TrainingOptions unclipped =
        TrainingOptions.builder()
            .epochs(2)
            .batchSize(8)
            .learningRate(1e-2)
            .warmupRatio(0.05)
            .maxGradientNorm(1e9)
            .evaluateEvery(5)
            .seed(3)
            .maxSteps(20)
            .beta2(0.98)
            .build();
    try (Parallel parallel = Parallel.of(2)) {
      EncoderConfig[][] runs = {{WIDE}, {NARROW}, {WIDE, NARROW}};
      for (EncoderConfig[] shapes : runs) {
        Path output = folder.resolve("of" + shapes.length + shapes[0].hiddenSize());
        DistillationTask task = task(parallel, options, shapes);
        new Trainer(task, unclipped, Kernels.best(), parallel, output, List.of()).run();
      }
    }
    for (int hidden : new int[] {12, 8}) {
      assertThat(folder.resolve("of212/wide" + hidden + ".ernie"))
          .hasSameBinaryContentAs(folder.resolve("of1" + hidden).resolve(Trainer.MODEL));
    }
    assertThat(Files.readAllLines(folder.resolve("of212").resolve(Trainer.METRICS)).get(0))
        .isEqualTo(
            "step,epoch,learning_rate,loss,score,wide12_score,wide12_relation_loss,"
                + "wide12_hidden_error,wide8_score,wide8_relation_loss,wide8_hidden_error");
  }

  private static double metric(TrainingListener.Evaluation evaluation, String name) {
    return Objects.requireNonNull(evaluation.metrics().get(name));
  }

  /** Thrown by a listener instead of killing the process. */
  private static final class Stop extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  @Test
  void resumedTrainingEndsWithTheSameBitsOnOtherThreadCounts() throws IOException {
    try (Parallel one = Parallel.serial();
        Parallel three = Parallel.of(3)) {
      trainer(task(one, options(4, 0.5)), one, "unbroken").run();
      Trainer broken =
          new Trainer(
              task(three, options(4, 0.5)),
              OPTIONS,
              Kernels.best(),
              three,
              folder.resolve("broken"),
              List.of(
                  new TrainingListener() {
                    @Override
                    public void stepped(Progress progress) {
                      if (progress.step() == 33) {
                        throw new Stop();
                      }
                    }
                  }));
      assertThatThrownBy(broken::run).isInstanceOf(Stop.class);
      Trainer resumed = trainer(task(three, options(4, 0.5)), three, "broken");
      resumed.resume();
      resumed.run();
      for (String file : new String[] {Trainer.MODEL, Trainer.METRICS, Trainer.CHECKPOINT}) {
        assertThat(folder.resolve("broken").resolve(file))
            .hasSameBinaryContentAs(folder.resolve("unbroken").resolve(file));
      }
      Trainer other = trainer(task(three, options(2, 0.5)), three, "broken");
      assertThatThrownBy(other::resume)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("other options");
    }
  }

  @Test
  void invalidOptionsAreRefused() {
    try (Parallel parallel = Parallel.serial()) {
      assertThatThrownBy(() -> task(parallel, options(5, 1)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("5 relation heads")
          .hasMessageContaining("12 would");
      DistillationOptions all = new DistillationOptions(4, RelationWeights.TOKENS, 1, 12, 0f, 120);
      assertThatThrownBy(() -> task(parallel, all))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("more texts than the 120 held out");
    }
    assertThatThrownBy(
            () -> new DistillationOptions(4, RelationWeights.TOKENS, Double.NaN, 12, 0f, 1))
        .hasMessageContaining("hiddenWeight");
    assertThat(DistillationOptions.relationHeads(512, 312)).isEqualTo(8);
    assertThat(DistillationOptions.relationHeads(512, 128)).isEqualTo(16);
    assertThat(DistillationOptions.relationHeads(768, 312)).isEqualTo(12);
    assertThat(DistillationOptions.relationHeads(512, 312, 128)).isEqualTo(8);
    assertThat(DistillationOptions.relationHeads(7, 5)).isEqualTo(1);
  }
}
