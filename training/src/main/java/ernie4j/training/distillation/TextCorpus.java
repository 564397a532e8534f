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
 * Texts in files of any size, in UTF-8, one per line; blank lines do not count. Only 12 bytes per
 * text are kept in memory; texts are read when needed.
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
   * @param paths text files in UTF-8
   * @return the texts of all files; must be closed
   * @throws IOException if a file cannot be read, is not UTF-8 or has a line longer than 1 MiB, or
   *     if no file has a text
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

  /** {@return a hash of the contents that the files had when they were opened} */
  public String hash() {
    return InputHash.of(files.stream().map(TextFile::hash).toList());
  }

  /** {@return the number of texts in all files} */
  public int size() {
    return size;
  }

  /**
   * Reads a text.
   *
   * @param index counted from 0 over all files
   * @return the text, without blanks around it
   * @throws UncheckedIOException if the file can no longer be read
   * @throws IndexOutOfBoundsException if there is no such text
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

  /** {@return all texts in order, each read when the iterator reaches it} */
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
