package ernie4j.zoo.huggingface;

import ernie4j.engine.file.ModelFileException;
import ernie4j.tokenizer.TokenizerOptions;
import ernie4j.zoo.conversion.ConfigFile;
import ernie4j.zoo.conversion.EncoderAssembly;
import ernie4j.zoo.conversion.ImportedEncoder;
import ernie4j.zoo.conversion.ImportedHead;
import ernie4j.zoo.conversion.ImportedModel;
import ernie4j.zoo.conversion.SourceTensor;
import ernie4j.zoo.conversion.TensorInfo;
import ernie4j.zoo.conversion.TextSide;
import ernie4j.zoo.paddle.PaddleFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A model folder of Hugging Face: {@code config.json}, the weights as {@code model.safetensors}, in
 * several files with {@code model.safetensors.index.json}, or as {@code pytorch_model.bin}, and a
 * tokenizer. BERT and ERNIE are read, with the heads of transformers.
 *
 * <p>All methods throw {@link ModelFileException} if a file of the folder is missing, damaged, a
 * Git LFS pointer or of a model that the engine cannot compute.
 */
public final class HuggingFaceFolder {
  private HuggingFaceFolder() {}

  /** Reads the encoder of a file. */
  @FunctionalInterface
  private interface Weights {
    ImportedEncoder read(HuggingFaceConfig config) throws IOException;
  }

  /** Reads a safetensors file with Hugging Face's names and what is beside it. */
  public static ImportedModel readSafetensors(Path file) throws IOException {
    return read(
        file, config -> assemble(file, Files.size(file), SafetensorsWeights.read(file), config));
  }

  /**
   * Reads the files that an index names and those beside them. PaddleNLP 3 writes such files, too.
   */
  public static ImportedModel readIndex(Path file) throws IOException {
    try (SafetensorsWeights.Shards shards = SafetensorsWeights.readIndex(file)) {
      return shards.tensors().keySet().stream().anyMatch(PaddleFolder::isPaddleName)
          ? PaddleFolder.readTensors(file, shards.tensors())
          : read(file, config -> assemble(file, shards.bytes(), shards.tensors(), config));
    }
  }

  /**
   * The head of weights that are not in a file of Hugging Face, as the {@code config.json} of a
   * folder says; none if there is no such file.
   *
   * @param notes receives what a user should know
   * @throws ModelFileException if the file contradicts the weights
   */
  public static ImportedHead head(Path folder, ImportedEncoder encoder, List<String> notes)
      throws IOException {
    Path file = folder.resolve(ConfigFile.NAME);
    if (!Files.isRegularFile(file)) {
      return ImportedHead.NONE;
    }
    LfsPointer.refuse(file);
    HuggingFaceConfig config = HuggingFaceConfig.read(file);
    ImportedHead head = config.head(encoder.parameters(), notes);
    notes.addAll(config.notes());
    return head;
  }

  /** Reads a file of torch.save and what is beside it. */
  public static ImportedModel readTorch(Path file) throws IOException {
    return read(
        file,
        config -> {
          try (TorchFile torch = TorchFile.open(file)) {
            return assemble(file, Files.size(file), torch.tensors(), config);
          }
        });
  }

  /** The tensors of the files that an index names. */
  public static List<TensorInfo> listIndex(Path file) throws IOException {
    try (SafetensorsWeights.Shards shards = SafetensorsWeights.readIndex(file)) {
      return TensorInfo.of(shards.tensors());
    }
  }

  /** The tensors of a file of torch.save. */
  public static List<TensorInfo> listTorch(Path file) throws IOException {
    try (TorchFile torch = TorchFile.open(file)) {
      return TensorInfo.of(torch.tensors());
    }
  }

  /** Whether a zip file is one of torch.save. */
  public static boolean isTorch(Path file) throws IOException {
    return TorchFile.isOne(file);
  }

  private static ImportedModel read(Path file, Weights weights) throws IOException {
    LfsPointer.refuse(file);
    Path folder = file.toAbsolutePath().resolveSibling(".").normalize();
    Path configFile = folder.resolve(ConfigFile.NAME);
    if (!Files.isRegularFile(configFile)) {
      throw new ModelFileException(
          file.toString(), "expected a config.json beside it, which says what model it is");
    }
    LfsPointer.refuse(configFile);
    HuggingFaceTokenizer tokenizer =
        HuggingFaceTokenizer.isIn(folder)
            ? HuggingFaceTokenizer.read(folder)
            : new HuggingFaceTokenizer(List.of(), TokenizerOptions.bert(true));
    HuggingFaceConfig config =
        HuggingFaceConfig.read(configFile).withTokens(tokenizer.vocabulary().size());
    ImportedEncoder encoder = weights.read(config);
    List<String> notes = new ArrayList<>(config.notes());
    ImportedHead head = config.head(encoder.parameters(), notes);
    if (tokenizer.vocabulary().isEmpty()) {
      notes.add("There is no tokenizer in the folder, so the model cannot read text.");
    }
    TextSide text = new TextSide(tokenizer.vocabulary(), tokenizer.options(), notes);
    return ImportedModel.of(encoder, head, text, file.toString());
  }

  private static ImportedEncoder assemble(
      Path file, long bytes, Map<String, SourceTensor> tensors, HuggingFaceConfig config)
      throws IOException {
    Map<String, SourceTensor> named = new LinkedHashMap<>();
    long numbers = 0;
    for (Map.Entry<String, SourceTensor> entry : tensors.entrySet()) {
      String name = entry.getKey();
      if (HuggingFaceNames.isBuffer(name) || isSecondBias(name, tensors)) {
        continue;
      }
      Optional<String> paddle = HuggingFaceNames.parameter(name);
      SourceTensor tensor = entry.getValue();
      numbers += SourceTensor.elements(tensor.shape());
      if (named.put(paddle.orElse(name), paddle(paddle, tensor)) != null) {
        throw new ModelFileException(
            file.toString(), "two tensors are the parameter '%s'".formatted(paddle.orElse(name)));
      }
    }
    // Tensors may share their numbers, but not so many that a small file makes a large model.
    if (numbers > bytes) {
      throw new ModelFileException(
          file.toString(),
          "%d bytes hold tensors of %d numbers, shared too often for a model"
              .formatted(bytes, numbers));
    }
    return EncoderAssembly.assemble(file.toString(), named, config.given());
  }

  /** transformers keeps the decoder's bias under two names. */
  private static boolean isSecondBias(String name, Map<String, SourceTensor> tensors) {
    return name.equals("cls.predictions.decoder.bias")
        && tensors.containsKey("cls.predictions.bias");
  }

  private static SourceTensor paddle(Optional<String> name, SourceTensor tensor) {
    boolean linear =
        name.isPresent()
            && name.get().endsWith(".weight")
            && HuggingFaceNames.isLinear(
                name.get().substring(0, name.get().length() - ".weight".length()));
    return linear && tensor.shape().length == 2 ? tensor.transposed() : tensor;
  }
}
