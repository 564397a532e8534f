package ernie4j.zoo;

import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFileException;
import ernie4j.zoo.conversion.ImportedModel;
import ernie4j.zoo.conversion.TextSide;
import ernie4j.zoo.huggingface.HuggingFaceFolder;
import ernie4j.zoo.huggingface.HuggingFaceTokenizer;
import ernie4j.zoo.huggingface.HuggingFaceTokenizerJson;
import ernie4j.zoo.huggingface.LfsPointer;
import ernie4j.zoo.huggingface.SentenceModules;
import ernie4j.zoo.onnx.BertOnnxImporter;
import ernie4j.zoo.paddle.PaddleFolder;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * Reads models of other frameworks. A source is a file or a folder:
 *
 * <ul>
 *   <li>Paddle and PaddleNLP: a {@code .pdparams} file, a safetensors file with Paddle's names, or
 *       an inference model ({@code .pdmodel} with its {@code .pdiparams} beside it); {@code
 *       config.json}, {@code vocab.txt} and {@code tokenizer_config.json} are read from beside it
 *   <li>Hugging Face: {@code model.safetensors}, {@code model.safetensors.index.json} or {@code
 *       pytorch_model.bin} with {@code config.json} and a tokenizer beside it
 *   <li>an ONNX export of a BERT or ERNIE encoder with its tokenizer ({@code tokenizer.json} or
 *       {@code vocab.txt}) beside it, or a jar or zip archive with a {@code tokenizer.json}
 * </ul>
 *
 * <p>What a file is, is told by its content, not by its name.
 */
public final class ModelImport {
  /** What the weights of a folder may be called, the most telling names first. */
  private static final List<String> WEIGHTS =
      List.of(
          "model_state.pdparams",
          "model_state.safetensors",
          "model.safetensors",
          "model.safetensors.index.json",
          "pytorch_model.bin",
          ".pdparams",
          ".pdmodel",
          ".onnx");

  /** How many times its size an archive may unpack to: numbers shrink by little. */
  private static final long MOST_INFLATION = 20;

  private static final long FIXED_SIZE = 1 << 20;

  private ModelImport() {}

  /**
   * An imported model.
   *
   * @param model the model in this project's own terms
   * @param notes what a user should know: parameters that were missing or not used
   */
  public record Imported(Model model, List<String> notes) {}

  /**
   * Reads a model.
   *
   * @throws IOException if the source is not of a known kind, is incomplete or damaged
   */
  public static Imported read(Path source) throws IOException {
    Path file = Files.isDirectory(source) ? weights(source) : source;
    if (!Files.isRegularFile(file)) {
      throw new IOException(source + ": there is no such file or folder");
    }
    LfsPointer.refuse(file);
    ImportedModel read = model(file);
    read = SentenceModules.complete(read, file.toAbsolutePath().resolveSibling("."));
    return new Imported(read.model(), read.notes());
  }

  private static ImportedModel model(Path file) throws IOException {
    return switch (FileKind.of(file)) {
      case PICKLE -> PaddleFolder.readParameters(file);
      case PADDLE_PROGRAM -> PaddleFolder.readInference(file);
      case SAFETENSORS ->
          PaddleFolder.hasPaddleNames(file)
              ? PaddleFolder.readSafetensors(file)
              : HuggingFaceFolder.readSafetensors(file);
      case SAFETENSORS_INDEX -> HuggingFaceFolder.readIndex(file);
      case OLD_TORCH -> HuggingFaceFolder.readTorch(file);
      case ONNX -> onnx(file);
      case ZIP ->
          HuggingFaceFolder.isTorch(file) ? HuggingFaceFolder.readTorch(file) : archive(file);
      case PADDLE_STREAMS ->
          throw new IOException(
              file
                  + ": parameters of a Paddle inference model; name the .pdmodel file beside them");
      case UNKNOWN ->
          throw new IOException(
              file
                  + ": expected parameters of Paddle (.pdparams, .pdmodel, safetensors), weights of"
                  + " Hugging Face (safetensors, pytorch_model.bin), an ONNX file, or an archive"
                  + " (.jar, .zip) with an ONNX file and its tokenizer.json");
    };
  }

  /** The file with the weights in a folder. */
  private static Path weights(Path folder) throws IOException {
    for (String name : WEIGHTS) {
      List<Path> found = ending(folder, name);
      if (found.size() > 1) {
        throw new IOException(
            "%s: expected one file that ends in %s, got %d; name the file"
                .formatted(folder, name, found.size()));
      }
      if (found.size() == 1) {
        return found.get(0);
      }
    }
    throw new IOException(
        "%s: expected a file with weights, one that ends in one of %s".formatted(folder, WEIGHTS));
  }

  private static List<Path> ending(Path folder, String suffix) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(f -> f.getFileName().toString().endsWith(suffix)).sorted().toList();
    }
  }

  private static Path one(Path folder, String suffix) throws IOException {
    List<Path> found = ending(folder, suffix);
    if (found.size() != 1) {
      throw new IOException(
          "%s: expected one file that ends in %s, got %d".formatted(folder, suffix, found.size()));
    }
    return found.get(0);
  }

  private static ImportedModel onnx(Path file) throws IOException {
    Path folder = file.toAbsolutePath().resolveSibling(".");
    HuggingFaceTokenizer words =
        HuggingFaceTokenizer.isIn(folder)
            ? HuggingFaceTokenizer.read(folder)
            : HuggingFaceTokenizer.of(HuggingFaceTokenizerJson.read(one(folder, "tokenizer.json")));
    return model(BertOnnxImporter.read(file), words, file.toString());
  }

  private static ImportedModel archive(Path source) throws IOException {
    try (ZipFile zip = new ZipFile(source.toFile())) {
      return archive(source, zip);
    } catch (ZipException | EOFException e) {
      throw new IOException("%s: the archive is damaged: %s".formatted(source, e.getMessage()), e);
    }
  }

  private static ImportedModel archive(Path source, ZipFile zip) throws IOException {
    ZipEntry onnx = one(source, zip, ".onnx");
    ZipEntry tokenizer = one(source, zip, "tokenizer.json");
    long limit = FIXED_SIZE + MOST_INFLATION * Files.size(source);
    try (EntryInput weights = new EntryInput(zip, onnx, limit);
        EntryInput words = new EntryInput(zip, tokenizer, limit)) {
      String name = source + "!" + onnx.getName();
      HuggingFaceTokenizerJson json =
          HuggingFaceTokenizerJson.read(
              source + "!" + tokenizer.getName(), new ByteArrayInputStream(words.readAllBytes()));
      BertOnnxImporter.Imported read = BertOnnxImporter.read(name, weights);
      return ArchivePooling.complete(
          model(read, HuggingFaceTokenizer.of(json), source.getFileName() + "!" + onnx.getName()),
          source.toString(),
          zip);
    }
  }

  private static ZipEntry one(Path source, ZipFile zip, String suffix) throws IOException {
    List<? extends ZipEntry> found =
        zip.stream().filter(e -> e.getName().endsWith(suffix)).toList();
    if (found.size() != 1) {
      throw new IOException(
          "%s: expected one entry that ends in %s, got %d".formatted(source, suffix, found.size()));
    }
    return found.get(0);
  }

  private static ImportedModel model(
      BertOnnxImporter.Imported read, HuggingFaceTokenizer words, String source)
      throws ModelFileException {
    TextSide text = new TextSide(words.vocabulary(), words.options(), List.of());
    return ImportedModel.of(read.encoder(), read.head(), text, source);
  }
}
