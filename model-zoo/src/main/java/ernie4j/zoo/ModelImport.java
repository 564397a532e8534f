package ernie4j.zoo;

import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFileException;
import ernie4j.engine.head.TaskNames;
import ernie4j.tokenizer.TokenizerOptions;
import ernie4j.zoo.foreign.ForeignModel;
import ernie4j.zoo.foreign.ImportedEncoder;
import ernie4j.zoo.foreign.TextSide;
import ernie4j.zoo.onnx.BertOnnxImporter;
import ernie4j.zoo.onnx.HuggingFaceTokenizerJson;
import ernie4j.zoo.paddle.PaddleFolder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Reads models of other frameworks. A source is a file or a folder:
 *
 * <ul>
 *   <li>Paddle and PaddleNLP: a {@code .pdparams} file, a safetensors file with Paddle's names, or
 *       an inference model ({@code .pdmodel} with its {@code .pdiparams} beside it); {@code
 *       config.json}, {@code vocab.txt} and {@code tokenizer_config.json} are read from beside it
 *   <li>an ONNX export of a BERT or ERNIE encoder with its {@code tokenizer.json} beside it, or a
 *       jar or zip archive that holds both
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
          ".pdparams",
          ".pdmodel",
          ".onnx");

  private ModelImport() {}

  /**
   * An imported model.
   *
   * @param model the model in this project's own terms
   * @param notes what a user should know: parameters that were missing or not used
   */
  public record Imported(Model model, List<String> notes) {
    private Imported(ForeignModel foreign) {
      this(foreign.model(), foreign.notes());
    }
  }

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
    return switch (FileKind.of(file)) {
      case PICKLE -> new Imported(PaddleFolder.readParameters(file));
      case PADDLE_PROGRAM -> new Imported(PaddleFolder.readInference(file));
      case SAFETENSORS -> safetensors(file);
      case ONNX -> pair(file, one(file.toAbsolutePath().resolveSibling("."), "tokenizer.json"));
      case ZIP -> archive(file);
      case PADDLE_STREAMS ->
          throw new IOException(
              file
                  + ": parameters of a Paddle inference model; name the .pdmodel file beside them");
      case UNKNOWN ->
          throw new IOException(
              file
                  + ": expected parameters of Paddle (.pdparams, .pdmodel, safetensors), an ONNX file, or an archive (.jar, .zip) with an ONNX file and its tokenizer.json");
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

  private static Imported safetensors(Path file) throws IOException {
    if (!PaddleFolder.hasPaddleNames(file)) {
      throw new IOException(
          file
              + ": a safetensors file without an ERNIE encoder under Paddle's names; if it is an ernie4j model, it needs no conversion");
    }
    return new Imported(PaddleFolder.readSafetensors(file));
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

  private static Imported pair(Path onnx, Path tokenizer) throws IOException {
    return model(
        BertOnnxImporter.read(onnx), HuggingFaceTokenizerJson.read(tokenizer), onnx.toString());
  }

  private static Imported archive(Path source) throws IOException {
    try (ZipFile zip = new ZipFile(source.toFile())) {
      ZipEntry onnx = one(source, zip, ".onnx");
      ZipEntry tokenizer = one(source, zip, "tokenizer.json");
      try (InputStream weights = zip.getInputStream(onnx);
          InputStream words = zip.getInputStream(tokenizer)) {
        String name = source + "!" + onnx.getName();
        return model(
            BertOnnxImporter.read(name, weights),
            HuggingFaceTokenizerJson.read(source + "!" + tokenizer.getName(), words),
            source.getFileName() + "!" + onnx.getName());
      }
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

  private static Imported model(
      ImportedEncoder encoder, HuggingFaceTokenizerJson words, String source)
      throws ModelFileException {
    TokenizerOptions options =
        new TokenizerOptions(
            words.lowerCase(),
            words.stripAccents(),
            words.splitChineseCharacters(),
            false,
            List.of());
    TextSide text = new TextSide(words.vocabulary(), options, Map.of(), List.of());
    return new Imported(ForeignModel.of(encoder, text, TaskNames.ENCODER, source));
  }
}
