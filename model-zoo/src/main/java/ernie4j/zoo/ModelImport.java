package ernie4j.zoo;

import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFileException;
import ernie4j.zoo.foreign.ImportedEncoder;
import ernie4j.zoo.huggingface.HuggingFaceModel;
import ernie4j.zoo.huggingface.HuggingFaceTokenizer;
import ernie4j.zoo.huggingface.HuggingFaceTokenizerJson;
import ernie4j.zoo.onnx.BertOnnxImporter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Reads models of other frameworks:
 *
 * <ul>
 *   <li>a model folder of Hugging Face, see {@link HuggingFaceModel}
 *   <li>an ONNX export of a BERT or ERNIE encoder with its tokenizer ({@code tokenizer.json} or
 *       {@code vocab.txt}) beside it: a folder with both, the ONNX file itself, or a jar or zip
 *       archive that holds both with a {@code tokenizer.json}; see {@link BertOnnxImporter}
 * </ul>
 */
public final class ModelImport {
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
    if (Files.isDirectory(source)) {
      return folder(source);
    }
    if (!Files.isRegularFile(source)) {
      throw new IOException(source + ": there is no such file or folder");
    }
    String name = source.getFileName().toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".onnx")) {
      return onnx(source);
    }
    if (name.endsWith(".jar") || name.endsWith(".zip")) {
      return archive(source);
    }
    throw new IOException(
        source
            + ": expected an ONNX file, an archive (.jar, .zip) with an ONNX file and its tokenizer.json, or the folder of a model");
  }

  private static Imported folder(Path folder) throws IOException {
    if (HuggingFaceModel.isIn(folder)) {
      return huggingFace(folder);
    }
    return onnx(one(folder, ".onnx"));
  }

  private static Imported huggingFace(Path folder) throws IOException {
    HuggingFaceModel read = HuggingFaceModel.read(folder);
    return new Imported(read.model(), read.notes());
  }

  private static Path one(Path folder, String suffix) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> found =
          files.filter(f -> f.getFileName().toString().endsWith(suffix)).sorted().toList();
      if (found.size() != 1) {
        throw new IOException(
            "%s: expected one file that ends in %s, got %d"
                .formatted(folder, suffix, found.size()));
      }
      return found.get(0);
    }
  }

  private static Imported onnx(Path file) throws IOException {
    Path folder = file.toAbsolutePath().resolveSibling(".");
    HuggingFaceTokenizer words =
        HuggingFaceTokenizer.isIn(folder)
            ? HuggingFaceTokenizer.read(folder)
            : HuggingFaceTokenizer.of(HuggingFaceTokenizerJson.read(one(folder, "tokenizer.json")));
    return model(BertOnnxImporter.read(file), words, file.toString());
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
            HuggingFaceTokenizer.of(
                HuggingFaceTokenizerJson.read(source + "!" + tokenizer.getName(), words)),
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
      BertOnnxImporter.Imported read, HuggingFaceTokenizer words, String source)
      throws IOException {
    ImportedEncoder encoder = read.encoder();
    List<String> notes = new ArrayList<>(encoder.notes());
    if (!encoder.missing().isEmpty()) {
      notes.add("not in the file, initialised when a task needs them: " + encoder.missing());
    }
    if (!encoder.ignored().isEmpty()) {
      notes.add("in the file but not part of the encoder: " + encoder.ignored());
    }
    try {
      Model model =
          new Model(
              encoder.config(),
              read.task(),
              encoder.parameters(),
              words.vocabulary(),
              read.labels(),
              words.options().toMap(),
              Map.of("source", source));
      return new Imported(model, notes);
    } catch (IllegalArgumentException e) {
      throw new ModelFileException(
          source, "weights and tokenizer do not belong together: " + e.getMessage(), e);
    }
  }
}
