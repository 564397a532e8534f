package ernie4j.zoo;

import ernie4j.engine.file.Model;
import ernie4j.engine.file.ModelFileException;
import ernie4j.engine.head.HeadOptions;
import ernie4j.engine.head.SentenceEmbedding;
import ernie4j.zoo.conversion.ImportedModel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * How an archive's model pools. langchain4j's archives state this only in a class that refers to a
 * constant of {@code PoolingMode}. The constant is found by its name in the constant pool of the
 * class, and nothing is executed. langchain4j divides every vector by its length.
 */
final class ArchivePooling {
  private static final String MODES = "/PoolingMode;";
  private static final int MAX_CLASS = 1 << 16;
  private static final int MAX_CLASSES = 100;

  private ArchivePooling() {}

  /**
   * Adds to a model what its archive says.
   *
   * @throws ModelFileException if it says it in files that are read from folders only
   */
  static ImportedModel complete(ImportedModel imported, String source, ZipFile zip)
      throws IOException {
    if (zip.stream().anyMatch(entry -> entry.getName().endsWith("modules.json"))) {
      throw new ModelFileException(
          source,
          "a model of sentence-transformers, whose modules.json says how its vectors are made;"
              + " unpack the archive and name the folder");
    }
    Set<SentenceEmbedding> found = new TreeSet<>();
    for (ZipEntry entry : classes(zip)) {
      try (InputStream in = zip.getInputStream(entry)) {
        addModes(new String(in.readNBytes(MAX_CLASS), StandardCharsets.ISO_8859_1), found);
      }
    }
    Model model = imported.model();
    if (found.size() != 1 || model.options().containsKey(HeadOptions.POOLING)) {
      return imported;
    }
    Model complete =
        model
            .withOption(HeadOptions.POOLING, found.iterator().next().id())
            .withOption(HeadOptions.NORMALIZE, "true");
    return new ImportedModel(complete, imported.notes());
  }

  private static Iterable<? extends ZipEntry> classes(ZipFile zip) {
    return zip.stream()
        .filter(entry -> entry.getName().endsWith(".class"))
        .limit(MAX_CLASSES)
        .toList();
  }

  private static void addModes(String content, Set<SentenceEmbedding> found) {
    if (!content.contains(MODES)) {
      return;
    }
    for (SentenceEmbedding mode : SentenceEmbedding.values()) {
      // A name in a constant pool: its kind, its length in two bytes, its letters.
      if (content.contains("\u0001\0" + (char) mode.name().length() + mode.name())) {
        found.add(mode);
      }
    }
  }
}
