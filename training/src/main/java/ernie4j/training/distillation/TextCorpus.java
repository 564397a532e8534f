package ernie4j.training.distillation;

import ernie4j.training.InputHash;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Texts in files of any size, UTF-8, one per line; blank lines do not count. Only 12 bytes per text
 * are in memory, the texts are read when they are asked for.
 */
public final class TextCorpus implements Closeable {
  private final List<TextFile> files;
  private final int size;

  private TextCorpus(List<TextFile> files) {
    this.files = files;
    int sum = 0;
    for (TextFile file : files) {
      sum = Math.addExact(sum, file.size());
    }
    size = sum;
  }

  /**
   * Opens files and reads them once to find their lines.
   *
   * @throws IOException if one cannot be read, is not UTF-8, has a line above 1 MiB, or no file has
   *     a text
   */
  public static TextCorpus open(List<Path> paths) throws IOException {
    List<TextFile> files = new ArrayList<>();
    TextCorpus corpus = null;
    try {
      for (Path path : paths) {
        files.add(TextFile.open(path));
      }
      TextCorpus opened = new TextCorpus(files);
      if (opened.size == 0) {
        throw new IOException("%s: there is no text; expected one per line".formatted(paths));
      }
      corpus = opened;
      return opened;
    } finally {
      if (corpus == null) {
        for (TextFile file : files) {
          file.close();
        }
      }
    }
  }

  /** A hash of all files as they were when they were opened. */
  public String hash() {
    return InputHash.of(files.stream().map(TextFile::hash).toList());
  }

  /** The number of texts in all files. */
  public int size() {
    return size;
  }

  /**
   * A text by its index over all files.
   *
   * @throws UncheckedIOException if it cannot be read any more
   */
  public String text(int index) {
    int i = index;
    for (TextFile file : files) {
      if (i < file.size()) {
        try {
          return file.text(i);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
      i -= file.size();
    }
    throw new IndexOutOfBoundsException("text %d of %d".formatted(index, size));
  }

  /** All texts in order, read one by one. */
  public Iterable<String> texts() {
    return () -> IntStream.range(0, size).mapToObj(this::text).iterator();
  }

  @Override
  public void close() throws IOException {
    for (TextFile file : files) {
      file.close();
    }
  }
}
