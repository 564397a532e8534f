package ernie4j.cli;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.Tensor;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.engine.head.HeadNames;
import ernie4j.engine.head.HeadOutput;
import ernie4j.engine.head.Task;
import ernie4j.tokenizer.TokenizerOptions;
import ernie4j.training.model.RandomParameters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** An encoder of a few characters and a corpus that it can learn in seconds. */
public final class TinyModel {
  private static final String NAMES = "周华健刘德张学友";
  private static final String OTHERS = "放的歌去路你好";

  private TinyModel() {}

  public static List<String> vocabulary() {
    List<String> tokens = new ArrayList<>(List.of("[PAD]", "[CLS]", "[SEP]", "[MASK]", "[UNK]"));
    (NAMES + OTHERS).codePoints().forEach(c -> tokens.add(Character.toString(c)));
    return tokens;
  }

  /** Writes an encoder with this vocabulary. */
  public static Path write(Path file, List<String> vocabulary) throws IOException {
    EncoderConfig config = EncoderConfig.ernie(vocabulary.size(), 24, 2, 3, 48, 16);
    ModelFile.write(
        file,
        new Model(
            config,
            "encoder",
            RandomParameters.encoder(config, 5),
            vocabulary,
            Map.of(),
            TokenizerOptions.ernie().toMap(),
            Map.of("source", "test")));
    return file;
  }

  /** Writes a model of a task whose head has random values. */
  public static Path writeTask(Path file, String task, String... labels) throws IOException {
    Model encoder = ModelFile.read(write(file, vocabulary()));
    ParameterStore store = ParameterStore.copyOf(encoder.parameters());
    RandomParameters random = new RandomParameters(7);
    for (HeadOutput output : Task.of(task).outputs()) {
      int outputs = output.isLabelled() ? labels.length : output.columns();
      random.kaimingLinear(store, output.layer(), 24, outputs);
    }
    Map<String, List<String>> names =
        labels.length == 0 ? Map.of() : Map.of(Task.LABEL, List.of(labels));
    ModelFile.write(file, encoder.withParameters(encoder.config(), store).withTask(task, names));
    return file;
  }

  /** Writes a model with the pre-training head. */
  public static Path writeMaskedLanguageModel(Path file) throws IOException {
    Model encoder = ModelFile.read(write(file, vocabulary()));
    ParameterStore store = ParameterStore.copyOf(encoder.parameters());
    RandomParameters random = new RandomParameters(8);
    random.kaimingLinear(store, HeadNames.MLM_TRANSFORM, 24, 24);
    random.kaimingLinear(store, "norm", 24, 24);
    store.put(HeadNames.MLM_NORM + ".weight", store.get("norm.bias"));
    store.put(HeadNames.MLM_NORM + ".bias", store.get("norm.bias"));
    store.put(HeadNames.MLM_DECODER_BIAS, Tensor.zeros(encoder.config().vocabularySize()));
    store.remove("norm.weight");
    store.remove("norm.bias");
    ModelFile.write(
        file,
        encoder.withParameters(encoder.config(), store).withTask(Task.MASKED_LM.id(), Map.of()));
    return file;
  }

  /** Writes a corpus of three intents, two of them with a slot. */
  public static Path writeCorpus(Path file, String... more) throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i + 1 < NAMES.length(); i++) {
      for (int j = 0; j < 6; j++) {
        String name = NAMES.substring(i, Math.min(NAMES.length(), i + 1 + j % 3));
        lines.add("1\t放%s的歌\tmusic.play\t放<singer>%s</singer>的歌".formatted(name, name));
        lines.add("1\t去%s路\tnavigation\t去<destination>%s路</destination>".formatted(name, name));
        lines.add("1\t%s你好\tOTHERS\t%s你好".formatted(name, name));
      }
    }
    lines.addAll(List.of(more));
    Files.write(file, lines);
    return file;
  }
}
