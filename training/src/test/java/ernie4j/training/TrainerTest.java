package ernie4j.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.Parallel;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.engine.kernels.Kernels;
import ernie4j.tokenizer.ErnieTokenizer;
import ernie4j.tokenizer.Tokenizer;
import ernie4j.tokenizer.TokenizerOptions;
import ernie4j.tokenizer.Vocabulary;
import ernie4j.training.model.RandomParameters;
import ernie4j.training.slu.SluCorpus;
import ernie4j.training.slu.SluExample;
import ernie4j.training.slu.SluLabels;
import ernie4j.training.slu.SluModels;
import ernie4j.training.slu.SluTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A tiny corpus made here, learnt to the last utterance: the whole training path without real data.
 */
class TrainerTest {
  private static final String SINGERS = "周华健刘德张学友";
  private static final TrainingOptions OPTIONS =
      new TrainingOptions(12, 8, 5e-3, 0.1, 0.01, 1.0, 7, 3);

  @TempDir Path folder;

  static SluCorpus corpus() {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i + 1 < SINGERS.length(); i++) {
      for (int j = 0; j < 6; j++) {
        String singer = SINGERS.substring(i, Math.min(SINGERS.length(), i + 1 + j % 3));
        lines.add("1\t放%s的歌\tmusic.play\t放<singer>%s</singer>的歌".formatted(singer, singer));
        lines.add("1\t去%s路\tnavigation\t去<destination>%s路</destination>".formatted(singer, singer));
        lines.add("1\t%s你好\tOTHERS\t%s你好".formatted(singer, singer));
      }
    }
    return SluCorpus.parse(lines);
  }

  private static Model start(List<SluExample> examples) {
    List<String> tokens = new ArrayList<>(List.of("[PAD]", "[CLS]", "[SEP]", "[MASK]", "[UNK]"));
    (SINGERS + "放的歌去路你好").codePoints().forEach(c -> tokens.add(Character.toString(c)));
    EncoderConfig config = EncoderConfig.ernie(tokens.size(), 24, 2, 3, 48, 16);
    Model encoder =
        new Model(
            config,
            "encoder",
            RandomParameters.encoder(config, 5),
            tokens,
            Map.of(),
            TokenizerOptions.ernie().toMap(),
            Map.of());
    return SluModels.prepare(encoder, SluLabels.of(examples), 5);
  }

  private static SluTask task(Parallel parallel) {
    SluCorpus corpus = corpus();
    Model start = start(corpus.examples());
    Tokenizer tokenizer =
        new ErnieTokenizer(Vocabulary.of(start.vocabulary()), TokenizerOptions.ernie());
    return new SluTask(
        start,
        tokenizer,
        corpus.split(0.2, 1),
        0.1f,
        Kernels.best(),
        parallel,
        Map.of("training_corpus", "made up"));
  }

  private Trainer trainer(SluTask task, Parallel parallel, String name) {
    return new Trainer(task, OPTIONS, Kernels.best(), parallel, folder.resolve(name), List.of());
  }

  @Test
  void learnsTheCorpusAndWritesModelCheckpointAndMetrics() throws IOException {
    try (Parallel parallel = Parallel.of(2)) {
      TrainingHistory history = trainer(task(parallel), parallel, "run").run();
      assertThat(history.best().orElseThrow().metrics().get("accuracy")).isGreaterThan(90);
      Model best = ModelFile.read(folder.resolve("run").resolve(Trainer.MODEL));
      assertThat(best.task()).isEqualTo("joint-intent-slots");
      assertThat(best.provenance()).containsEntry("training_corpus", "made up");
      assertThat(best.provenance()).containsKey("dev_accuracy");
      List<String> csv = Files.readAllLines(folder.resolve("run").resolve(Trainer.METRICS));
      assertThat(csv).hasSize(history.evaluations().size() + 1);
      assertThat(csv.get(0))
          .isEqualTo("step,epoch,learning_rate,loss,accuracy,intent_accuracy,slot_f1");
    }
  }

  @Test
  void brokenAndResumedTrainingEndsWithTheBitsOfAnUnbrokenOneWithAnyThreads() throws IOException {
    try (Parallel one = Parallel.serial();
        Parallel three = Parallel.of(3)) {
      SluTask unbroken = task(one);
      trainer(unbroken, one, "unbroken").run();
      // Stopped after step 30: the last checkpoint is that of step 28, two steps are done again.
      trainer(task(three), three, "broken").run(30);
      SluTask resumed = task(three);
      Trainer second = trainer(resumed, three, "broken");
      second.resume();
      second.run();
      unbroken
          .parameters()
          .asMap()
          .forEach(
              (name, v) ->
                  assertThat(resumed.parameters().get(name).value()).as(name).isEqualTo(v.value()));
      for (String file : new String[] {Trainer.MODEL, Trainer.METRICS, Trainer.CHECKPOINT}) {
        assertThat(folder.resolve("broken").resolve(file))
            .hasSameBinaryContentAs(folder.resolve("unbroken").resolve(file));
      }
    }
  }

  @Test
  void checkpointOfOtherOptionsIsRefusedByName() throws IOException {
    try (Parallel parallel = Parallel.serial()) {
      trainer(task(parallel), parallel, "run").run(7);
      Trainer other =
          new Trainer(
              task(parallel),
              TrainingOptions.defaults(),
              Kernels.best(),
              parallel,
              folder.resolve("run"),
              List.of());
      assertThatThrownBy(other::resume)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("other options")
          .hasMessageContaining(Trainer.CHECKPOINT);
    }
  }

  @Test
  void optionsThatMakeNoSenseAreRefused() {
    assertThatThrownBy(() -> new TrainingOptions(0, 8, 1e-3, 0, 0, 1, 1, 1))
        .hasMessageContaining("epochs");
    assertThatThrownBy(() -> new TrainingOptions(1, 8, Double.NaN, 0, 0, 1, 1, 1))
        .hasMessageContaining("learningRate");
  }
}
