package ernie4j.zoo;

import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFile;
import ernie4j.engine.file.ModelFileException;
import ernie4j.engine.file.SafetensorsFile;
import ernie4j.engine.head.Task;
import ernie4j.zoo.conversion.ImportedEncoder;
import ernie4j.zoo.conversion.ImportedHead;
import ernie4j.zoo.conversion.ImportedModel;
import ernie4j.zoo.conversion.TensorInfo;
import ernie4j.zoo.conversion.TextSide;
import ernie4j.zoo.conversion.ZipDamage;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
 * <p>The kind of a file is determined by its content, not by its name.
 */
public final class ModelImport {
  /** The possible names of the weights in a folder, the most specific first. */
  private static final List<String> WEIGHTS =
      List.of(
          "model_state.pdparams",
          "model_state.safetensors",
          "model_state.safetensors.index.json",
          "model.safetensors",
          "model.safetensors.index.json",
          "pytorch_model.bin",
          "pytorch_model.bin.index.json",
          ".pdparams",
          ".pdmodel",
          ".onnx",
          ".pdiparams");

  /** The subfolders with the weights in folders of old sentence-transformers and of optimum. */
  private static final List<String> BELOW = List.of("", "0_Transformer", "onnx");

  /** The factor by which an archive may grow when unpacked: weights compress little. */
  private static final long MOST_INFLATION = 20;

  private static final long FIXED_SIZE = 1 << 20;

  private static final String STREAMS =
      ": parameters of a Paddle inference model; name the .pdmodel file beside them";

  private static final String OTHERS =
      ": expected parameters of Paddle (.pdparams, .pdmodel, safetensors), weights of Hugging Face (safetensors, pytorch_model.bin), an ONNX file, or an archive (.jar, .zip) with an ONNX file and its tokenizer.json";

  private static final String PIR =
      ": an inference model in the format of Paddle 3 (PIR), which is not read here; convert the weights that it was exported from (model_state.pdparams, model.safetensors), or export it again with FLAGS_enable_pir_api=0, which writes a .pdmodel";

  private ModelImport() {}

  /**
   * An imported model.
   *
   * @param model the model in the terms of this project
   * @param notes what a user should know, in full sentences: parameters that were missing or not
   *     used
   */
  public record Imported(Model model, List<String> notes) {}

  /**
   * Reads a model. All its weights are then in memory.
   *
   * @param source the file or folder, see the class comment
   * @return the model and notes on it
   * @throws IOException if the source is of no known kind, is incomplete or damaged
   */
  public static Imported read(Path source) throws IOException {
    ImportedModel read = imported(source);
    return new Imported(read.model(), read.notes());
  }

  /**
   * Reads a model for a task that its files do not name, or name wrongly.
   *
   * @param source the file or folder, see the class comment
   * @param task the task that the model is for
   * @return the model and notes on it
   * @throws IOException as {@link #read(Path)}, or if the model has no head that fits the task
   */
  public static Imported read(Path source, Task task) throws IOException {
    ImportedModel read = imported(source).withTask(task, source.toString());
    return new Imported(read.model(), read.notes());
  }

  private static ImportedModel imported(Path source) throws IOException {
    Path file = file(source);
    if (isSafetensors(file) && ModelFile.isModelFile(file)) {
      return new ImportedModel(ModelFile.read(file), List.of());
    }
    return SentenceModules.complete(model(file), file.toAbsolutePath().resolveSibling("."));
  }

  /**
   * Lists the tensors of a source without reading their numbers. Any file of a known kind will do,
   * even if its model is not an encoder.
   *
   * @param source the file or folder, see the class comment
   * @return name, type and shape of each tensor, in the order of the source
   * @throws IOException if the source is of no known kind, is incomplete or damaged
   */
  public static List<ListedTensor> list(Path source) throws IOException {
    return listed(file(source)).stream()
        .map(tensor -> new ListedTensor(tensor.name(), tensor.type(), tensor.shape()))
        .toList();
  }

  private static List<TensorInfo> listed(Path file) throws IOException {
    return switch (FileKind.of(file)) {
      case PICKLE -> PaddleFolder.listParameters(file);
      case PADDLE_PROGRAM -> PaddleFolder.listProgram(file);
      case SAFETENSORS ->
          SafetensorsFile.open(file).entries().stream()
              .map(e -> new TensorInfo(e.name(), e.type().name(), e.shape()))
              .toList();
      case SAFETENSORS_INDEX -> HuggingFaceFolder.listIndex(file);
      case OLD_TORCH -> HuggingFaceFolder.listTorch(file);
      case ONNX -> BertOnnxImporter.list(file);
      case ZIP ->
          HuggingFaceFolder.isTorch(file) ? HuggingFaceFolder.listTorch(file) : entries(file);
      case PADDLE_PIR, PADDLE_STREAMS, UNKNOWN -> throw unreadable(file);
    };
  }

  /**
   * Checks whether a file begins as a safetensors file does.
   *
   * @param file the file to look into
   * @return whether its first bytes are those of a safetensors file
   * @throws IOException if the file cannot be read
   */
  public static boolean isSafetensors(Path file) throws IOException {
    return FileKind.of(file) == FileKind.SAFETENSORS;
  }

  private static List<TensorInfo> entries(Path source) throws IOException {
    try (ZipFile zip = new ZipFile(source.toFile())) {
      ZipEntry onnx = one(source, zip, ".onnx");
      long limit = FIXED_SIZE + MOST_INFLATION * Files.size(source);
      try (EntryInput weights = new EntryInput(zip, onnx, limit)) {
        return BertOnnxImporter.list(source + "!" + onnx.getName(), weights);
      }
    } catch (ZipException | EOFException e) {
      throw new IOException(
          "%s: the archive is damaged: %s".formatted(source, ZipDamage.reason(e)), e);
    }
  }

  /** The exception for a file of an unknown kind, or of a known kind that is not read. */
  private static IOException unreadable(Path file) throws IOException {
    return new IOException(
        file
            + switch (FileKind.of(file)) {
              case PADDLE_PIR -> PIR;
              case PADDLE_STREAMS -> isOfPir(file) ? PIR : STREAMS;
              default -> OTHERS;
            });
  }

  /** The file with the weights of a source. */
  static Path file(Path source) throws IOException {
    Path file = Files.isDirectory(source) ? weights(source) : source;
    if (!Files.isRegularFile(file)) {
      throw new IOException(source + ": there is no such file or folder");
    }
    LfsPointer.refuse(file);
    return file;
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
      case PADDLE_PIR, PADDLE_STREAMS, UNKNOWN -> throw unreadable(file);
    };
  }

  /** The file with the weights in a folder, or in one of those below that are known by name. */
  private static Path weights(Path folder) throws IOException {
    for (String below : BELOW) {
      Path place = folder.resolve(below);
      for (String name : Files.isDirectory(place) ? WEIGHTS : List.<String>of()) {
        List<Path> found = ending(place, name);
        List<Path> usual = found.stream().filter(file -> file.endsWith("model" + name)).toList();
        if (found.size() == 1 || usual.size() == 1) {
          return usual.size() == 1 ? usual.get(0) : found.get(0);
        }
        if (found.size() > 1) {
          throw new IOException(
              "%s: expected one file that ends in %s, got %d; name the file"
                  .formatted(place, name, found.size()));
        }
      }
    }
    throw new IOException(
        "%s: expected a file with weights, one that ends in one of %s".formatted(folder, WEIGHTS));
  }

  /** Whether the program of some parameters is one of Paddle 3. */
  private static boolean isOfPir(Path parameters) throws IOException {
    String name = parameters.getFileName().toString();
    Path program = parameters.resolveSibling(name.replaceFirst("\\.pdiparams$", ".json"));
    return Files.isRegularFile(program) && FileKind.of(program) == FileKind.PADDLE_PIR;
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
    Path folder = described(file.toAbsolutePath().normalize().resolveSibling("."));
    HuggingFaceTokenizer words =
        HuggingFaceTokenizer.isIn(folder)
            ? HuggingFaceTokenizer.read(folder)
            : HuggingFaceTokenizer.of(HuggingFaceTokenizerJson.read(one(folder, "tokenizer.json")));
    BertOnnxImporter.Imported read = BertOnnxImporter.read(file);
    List<String> notes = new ArrayList<>();
    ImportedHead head =
        read.head().task() == Task.ENCODER
            ? HuggingFaceFolder.head(folder, read.encoder(), notes)
            : read.head();
    return model(read.encoder(), orExtractor(head, read.encoder()), words, notes, file.toString());
  }

  /**
   * The head that was read, or that of an extractor, which has no labels and is recognized by its
   * layers.
   */
  private static ImportedHead orExtractor(ImportedHead head, ImportedEncoder encoder) {
    boolean extracts =
        head.task() == Task.ENCODER
            && ImportedHead.isIn(Task.INFORMATION_EXTRACTION, encoder.parameters());
    return extracts
        ? new ImportedHead(Task.INFORMATION_EXTRACTION, Map.of(), head.options())
        : head;
  }

  /** The folder with the tokenizer: that of the weights, or the one above, as for onnx/. */
  private static Path described(Path folder) {
    Path own = folder.normalize();
    Path above = own.getParent();
    return !HuggingFaceTokenizer.isIn(own) && above != null && HuggingFaceTokenizer.isIn(above)
        ? above
        : own;
  }

  private static ImportedModel archive(Path source) throws IOException {
    try (ZipFile zip = new ZipFile(source.toFile())) {
      return archive(source, zip);
    } catch (ZipException | EOFException e) {
      throw new IOException(
          "%s: the archive is damaged: %s".formatted(source, ZipDamage.reason(e)), e);
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
          model(
              read.encoder(),
              read.head(),
              HuggingFaceTokenizer.of(json),
              List.of(),
              source.getFileName() + "!" + onnx.getName()),
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
      ImportedEncoder encoder,
      ImportedHead head,
      HuggingFaceTokenizer words,
      List<String> notes,
      String source)
      throws ModelFileException {
    TextSide text = new TextSide(words.vocabulary(), words.options(), notes);
    return ImportedModel.of(encoder, head, text, source);
  }
}
