package ernie4j.training;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.Parallel;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.file.Model;
import ernie4j.tokenizer.ErnieTokenizer;
import ernie4j.tokenizer.Tokenizer;
import ernie4j.tokenizer.TokenizerOptions;
import ernie4j.tokenizer.Vocabulary;
import ernie4j.training.data.JointExample;
import ernie4j.training.data.JointFile;
import ernie4j.training.data.Split;
import ernie4j.training.model.ModelParts;
import ernie4j.training.model.RandomParameters;
import ernie4j.training.task.JointObjective;
import ernie4j.training.task.TaskSetup;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A tiny made-up corpus and a tiny model that can learn all of it. */
public final class TinySlu {
  private static final String SINGERS = "周华健刘德张学友";

  private TinySlu() {}

  public static JointFile corpus() {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i + 1 < SINGERS.length(); i++) {
      for (int j = 0; j < 6; j++) {
        String singer = SINGERS.substring(i, Math.min(SINGERS.length(), i + 1 + j % 3));
        lines.add("1\t放%s的歌\tmusic.play\t放<singer>%s</singer>的歌".formatted(singer, singer));
        lines.add("1\t去%s路\tnavigation\t去<destination>%s路</destination>".formatted(singer, singer));
        lines.add("1\t%s你好\tOTHERS\t%s你好".formatted(singer, singer));
      }
    }
    return JointFile.parse(lines);
  }

  /** The corpus in two parts. */
  public static Split<JointExample> data() {
    return Split.of(corpus().examples(), 0.2, 1);
  }

  /** Initial weights: two layers of 24 hidden columns and 48 neurons. */
  public static Model model(int heads) {
    List<String> tokens = new ArrayList<>(List.of("[PAD]", "[CLS]", "[SEP]", "[MASK]", "[UNK]"));
    (SINGERS + "放的歌去路你好").codePoints().forEach(c -> tokens.add(Character.toString(c)));
    EncoderConfig config = EncoderConfig.ernie(tokens.size(), 24, 2, heads, 48, 16);
    Model encoder =
        new Model(
            config,
            "encoder",
            RandomParameters.encoder(config, 5),
            tokens,
            Map.of(),
            TokenizerOptions.ernie().toMap(),
            Map.of());
    JointObjective objective = objective(setup(encoder, 0f, Parallel.serial()));
    ParameterStore store = ModelParts.encoder(encoder);
    objective.initialize(new RandomParameters(5), store, config);
    return encoder.withParameters(config, store).withTask(objective.task(), objective.labels());
  }

  /** The start of a training of a model; its provenance says where the examples come from. */
  public static TaskSetup setup(Model model, float dropout, Parallel parallel) {
    return TaskSetup.of(model, tokenizer(model), 16, parallel)
        .with(dropout, 5)
        .withProvenance(Map.of("training_corpus", "made up"));
  }

  public static JointObjective objective(TaskSetup setup) {
    return new JointObjective(setup, data());
  }

  /** Batches of 8 with a high learning rate. */
  public static TrainingOptions options(int epochs) {
    return TrainingOptions.builder()
        .epochs(epochs)
        .batchSize(8)
        .learningRate(5e-3)
        .evaluateEvery(7)
        .seed(3)
        .build();
  }

  public static Tokenizer tokenizer(Model model) {
    return new ErnieTokenizer(Vocabulary.of(model.vocabulary()), TokenizerOptions.ernie());
  }
}
