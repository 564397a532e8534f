package ernie4j.zoo.paddle;

import ernie4j.engine.EncoderConfig;
import ernie4j.engine.LayerPart;
import ernie4j.engine.ParameterStore;
import ernie4j.engine.file.AtomicFile;
import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFileException;
import ernie4j.engine.file.SafetensorsFile;
import ernie4j.engine.head.Task;
import ernie4j.tokenizer.TokenizerOptions;
import ernie4j.tokenizer.Vocabulary;
import ernie4j.zoo.conversion.ConfigFile;
import ernie4j.zoo.conversion.ElementType;
import ernie4j.zoo.conversion.EncoderAssembly;
import ernie4j.zoo.conversion.ImportedEncoder;
import ernie4j.zoo.conversion.ImportedHead;
import ernie4j.zoo.conversion.ImportedModel;
import ernie4j.zoo.conversion.JsonFile;
import ernie4j.zoo.conversion.PlainModel;
import ernie4j.zoo.conversion.SafetensorsTensors;
import ernie4j.zoo.conversion.SourceTensor;
import ernie4j.zoo.conversion.TensorInfo;
import ernie4j.zoo.conversion.TextSide;
import ernie4j.zoo.conversion.TokenizerFiles;
import ernie4j.zoo.conversion.TokenizerFiles.Dialect;
import ernie4j.zoo.pickle.PickleWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Models in the formats of PaddleNLP and Paddle: weights, and beside them {@code config.json},
 * {@code vocab.txt} and {@code tokenizer_config.json}, of which any may be absent. Weights are a
 * {@code .pdparams} file, a safetensors file with Paddle's names, or an inference model ({@code
 * .pdmodel} with {@code .pdiparams}).
 */
public final class PaddleFolder {
  private static final String WEIGHTS = "model_state.pdparams";
  private static final String LAYER = LayerPart.QUERY.weight(0).substring("ernie.".length());

  private PaddleFolder() {}

  /** Reads the encoder of a file. */
  @FunctionalInterface
  private interface Weights {
    ImportedEncoder read(PaddleConfig config) throws IOException;
  }

  /**
   * Reads a {@code .pdparams} file and what is beside it.
   *
   * @throws ModelFileException if a file is damaged, asks to execute something, or does not hold an
   *     ERNIE encoder
   */
  public static ImportedModel readParameters(Path file) throws IOException {
    return read(
        file,
        config -> {
          try (PaddleParameters parameters = PaddleParameters.open(file)) {
            return EncoderAssembly.assemble(file.toString(), parameters.tensors(), config.given());
          }
        });
  }

  /**
   * Reads a safetensors file with Paddle's names and what is beside it.
   *
   * @throws ModelFileException as {@link #readParameters}
   */
  public static ImportedModel readSafetensors(Path file) throws IOException {
    return readTensors(file, SafetensorsTensors.read(file));
  }

  /**
   * Reads an encoder from tensors with Paddle's names, and the files beside a file.
   *
   * @throws ModelFileException as {@link #readParameters}
   */
  public static ImportedModel readTensors(Path file, Map<String, SourceTensor> tensors)
      throws IOException {
    return read(file, config -> EncoderAssembly.assemble(file.toString(), tensors, config.given()));
  }

  /** Whether a name is one that only Paddle has. */
  public static boolean isPaddleName(String name) {
    return name.endsWith(LAYER);
  }

  /** Whether a safetensors file has Paddle's names; other frameworks name layers differently. */
  public static boolean hasPaddleNames(Path safetensors) throws IOException {
    return SafetensorsFile.open(safetensors).entries().stream()
        .anyMatch(entry -> isPaddleName(entry.name()));
  }

  /**
   * Reads an inference model, given its {@code .pdmodel} file, and what is beside it.
   *
   * @throws ModelFileException as {@link #readParameters}
   */
  public static ImportedModel readInference(Path program) throws IOException {
    PaddleInference.Read read = PaddleInference.read(program);
    return model(program, read.encoder(), PaddleConfig.read(folder(program)), read.task());
  }

  /** The tensors of a {@code .pdparams} file of any model. */
  public static List<TensorInfo> listParameters(Path file) throws IOException {
    try (PaddleParameters parameters = PaddleParameters.open(file)) {
      return TensorInfo.of(parameters.tensors());
    }
  }

  /** The parameters of an inference model of any kind, as its {@code .pdmodel} file says. */
  public static List<TensorInfo> listProgram(Path program) throws IOException {
    List<TensorInfo> all = new ArrayList<>();
    for (Map.Entry<String, TensorDesc> entry :
        PaddleProgram.read(program).persistable().entrySet()) {
      TensorDesc tensor = entry.getValue();
      ElementType known = PaddleType.element(tensor.type());
      String type = known == null ? "type " + tensor.type() : known.name().toLowerCase(Locale.ROOT);
      all.add(new TensorInfo(entry.getKey(), type, tensor.dimensions()));
    }
    return all;
  }

  private static ImportedModel read(Path file, Weights weights) throws IOException {
    Path words = TokenizerFiles.words(folder(file));
    int tokens = Files.isRegularFile(words) ? Vocabulary.read(words).size() : 0;
    PaddleConfig config = PaddleConfig.read(folder(file)).withTokens(tokens);
    return model(file, weights.read(config), config, Task.ENCODER);
  }

  private static ImportedModel model(
      Path file, ImportedEncoder encoder, PaddleConfig config, Task program) throws IOException {
    List<String> notes = new ArrayList<>();
    TokenizerFiles texts = texts(folder(file), notes);
    ImportedHead head = config.head(program, encoder.parameters(), notes);
    TextSide text = new TextSide(texts.vocabulary(), texts.options(), notes);
    return ImportedModel.of(encoder, head, text, file.toString());
  }

  private static TokenizerFiles texts(Path folder, List<String> notes) throws IOException {
    if (!Files.isRegularFile(TokenizerFiles.words(folder))) {
      notes.add(
          "There is no vocab.txt beside the weights, so the model cannot read text: put it there and convert again.");
      return new TokenizerFiles(List.of(), TokenizerOptions.ernie(), false);
    }
    TokenizerFiles texts = TokenizerFiles.read(folder, Dialect.PADDLE);
    if (!texts.configured()) {
      notes.add("There is no tokenizer_config.json; ERNIE's usual options apply.");
    }
    return texts;
  }

  private static Path folder(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new IOException(file + ": there is no such file");
    }
    return folder;
  }

  /**
   * Writes a folder that PaddleNLP's {@code from_pretrained} reads: {@code model_state.pdparams},
   * {@code config.json} and, if the model has a vocabulary, {@code vocab.txt} and {@code
   * tokenizer_config.json}. The folder is created if needed; files of these names are replaced.
   *
   * @return what differs from the model, in full sentences
   * @throws IllegalArgumentException if the shapes within a layer do not fit each other
   * @throws IOException if a file cannot be written
   */
  public static List<String> write(Model model, Path folder) throws IOException {
    List<String> notes = new ArrayList<>();
    Model plain = PlainModel.unpruned(model, notes);
    Files.createDirectories(folder);
    Map<String, Object> dict = new LinkedHashMap<>(plain.parameters().asMap());
    AtomicFile.write(folder.resolve(WEIGHTS), channel -> PickleWriter.write(channel, dict));
    describe(folder, plain);
    return notes;
  }

  /**
   * Writes a folder for Paddle Inference: {@code model.pdmodel} and what is beside it (see {@link
   * PaddleInference#write}), and the same descriptions as {@link #write}.
   *
   * @return what differs from the model, in full sentences
   * @throws IllegalArgumentException if the model lacks a parameter of its task
   * @throws IOException if a file cannot be written
   */
  public static List<String> writeInference(Model model, Path folder) throws IOException {
    Files.createDirectories(folder);
    List<String> notes = PaddleInference.write(model, folder.resolve("model.pdmodel"));
    describe(folder, model);
    return notes;
  }

  private static void describe(Path folder, Model model) throws IOException {
    JsonFile.write(folder.resolve(ConfigFile.NAME), ConfigFile.content(model, true));
    TokenizerFiles.write(folder, model, Dialect.PADDLE);
  }

  /**
   * Completes published weights and their {@code vocab.txt} to such a folder: the downloads have no
   * configuration, because PaddleNLP knows it by name.
   *
   * @param config the shape of the encoder
   * @throws IOException if a file cannot be written
   */
  public static void complete(Path folder, EncoderConfig config) throws IOException {
    JsonFile.write(
        folder.resolve(ConfigFile.NAME),
        ConfigFile.content(Model.encoder(config, new ParameterStore()), true));
    TokenizerFiles.writeConfig(
        folder, TokenizerOptions.ernie(), config.maxPositions(), Dialect.PADDLE);
  }
}
