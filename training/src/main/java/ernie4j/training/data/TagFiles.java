package ernie4j.training.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads texts with typed spans.
 *
 * <ul>
 *   <li>BIO or CoNLL: a token and its tag a line, separated by a tab or blanks (of more columns the
 *       first and the last count), a blank line after every text. Tags are {@code O}, {@code B-x}
 *       and {@code I-x}; an {@code I-x} that continues nothing begins a span.
 *   <li>PaddleNLP: a text a line, its tokens joined by the character U+0002, a tab, its tags joined
 *       likewise; a first line without that character holds names.
 *   <li>{@code .json} and {@code .jsonl}, our own: {@code {"text": ..., "entities": [{"type": ...,
 *       "start": 0, "end": 2}]}}, an object a line; places count characters (code points), the end
 *       is behind the last one.
 * </ul>
 *
 * <p>Tokens are put together to the text that the model will see: without anything between them,
 * but with a blank between two words of letters or digits outside of Chinese, as in {@code New
 * York}. Single letters are not kept apart, for Chinese corpora cut words in letters, too.
 */
public final class TagFiles {
  private static final String PADDLE = "\u0002";

  private TagFiles() {}

  /**
   * Reads a file.
   *
   * @throws IOException if it cannot be read, a line is not what its format says, or there is none
   */
  public static List<TaggedExample> read(Path file) throws IOException {
    if (TextFiles.isJson(file)) {
      return readJsonLines(file);
    }
    List<TextLines.Line> lines = TextLines.read(file);
    boolean paddle = lines.stream().limit(2).anyMatch(line -> line.text().contains(PADDLE));
    return TextLines.requireExamples(file, paddle ? paddle(lines) : columns(lines));
  }

  private static List<TaggedExample> columns(List<TextLines.Line> lines) throws IOException {
    List<TaggedExample> examples = new ArrayList<>();
    Builder builder = new Builder();
    for (TextLines.Line line : lines) {
      String[] cells = line.text().strip().split("[\t ]+", -1);
      if (line.text().isBlank()) {
        builder.finish(examples);
      } else if (cells.length < 2) {
        throw line.error("a token and its tag", "'" + line.text() + "'");
      } else if (!cells[0].equals("-DOCSTART-")) {
        builder.add(cells[0], cells[cells.length - 1], line);
      }
    }
    builder.finish(examples);
    return examples;
  }

  private static List<TaggedExample> paddle(List<TextLines.Line> lines) throws IOException {
    List<TaggedExample> examples = new ArrayList<>();
    for (TextLines.Line line : lines) {
      boolean names = line.number() == 1 && !line.text().contains(PADDLE);
      if (names || line.text().isBlank()) {
        continue;
      }
      String[] columns = line.text().split("\t", -1);
      if (columns.length != 2) {
        throw line.error("tokens, a tab, tags", columns.length + " columns");
      }
      String[] tokens = columns[0].split(PADDLE, -1);
      String[] tags = columns[1].strip().split(PADDLE, -1);
      if (tokens.length != tags.length) {
        throw line.error(tokens.length + " tags, one per token", tags.length + " tags");
      }
      Builder builder = new Builder();
      for (int i = 0; i < tokens.length; i++) {
        builder.add(tokens[i], tags[i], line);
      }
      builder.finish(examples);
    }
    return examples;
  }

  /** Puts tokens together to a text and tags to spans. */
  private static final class Builder {
    private final StringBuilder text = new StringBuilder();
    private final List<LabelledSpan> spans = new ArrayList<>();
    private int lastTokenLength;
    private String last = Labels.OUTSIDE;

    void add(String token, String tag, TextLines.Line line) throws IOException {
      boolean outside = tag.equals(Labels.OUTSIDE);
      if (!outside && !tag.matches("[BI]-.+")) {
        throw line.error("a tag O, B-x or I-x", "'" + tag + "'");
      }
      if (needsBlank(token)) {
        text.append(' ');
      }
      int start = text.length();
      text.append(token);
      lastTokenLength = token.length();
      if (!outside && !token.isEmpty()) {
        String type = tag.substring(2);
        boolean continues = tag.startsWith("I-") && !last.equals(Labels.OUTSIDE);
        if (continues && last.substring(2).equals(type)) {
          LabelledSpan begun = spans.remove(spans.size() - 1);
          spans.add(new LabelledSpan(type, begun.start(), text.length()));
        } else {
          spans.add(new LabelledSpan(type, start, text.length()));
        }
      }
      last = token.isEmpty() ? last : tag;
    }

    private boolean needsBlank(String token) {
      return !text.isEmpty()
          && !token.isEmpty()
          && (lastTokenLength > 1 || token.length() > 1)
          && isWordPart(text.codePointBefore(text.length()))
          && isWordPart(token.codePointAt(0));
    }

    private static boolean isWordPart(int c) {
      return Character.isLetterOrDigit(c) && !Character.isIdeographic(c);
    }

    void finish(List<TaggedExample> examples) {
      if (!text.isEmpty()) {
        examples.add(new TaggedExample(text.toString(), spans));
      }
      text.setLength(0);
      spans.clear();
      last = Labels.OUTSIDE;
    }
  }

  private static List<TaggedExample> readJsonLines(Path file) throws IOException {
    List<TaggedExample> examples = new ArrayList<>();
    for (JsonFields fields : JsonFields.lines(file)) {
      String text = fields.text("text");
      List<LabelledSpan> spans = new ArrayList<>();
      if (fields.has("entities")) {
        for (JsonFields entity : fields.list("entities")) {
          int start = place(entity, text, "start");
          spans.add(new LabelledSpan(entity.text("type"), start, place(entity, text, "end")));
        }
      }
      try {
        examples.add(new TaggedExample(text, spans));
      } catch (IllegalArgumentException e) {
        throw new IOException("%s: %s: %s".formatted(file, fields.place(), e.getMessage()), e);
      }
    }
    return examples;
  }

  /** The index of a char from the number of a code point. */
  private static int place(JsonFields entity, String text, String field) throws IOException {
    int count = text.codePointCount(0, text.length());
    int place = entity.integer(field);
    if (place < 0 || place > count) {
      throw entity.error("'%s' from 0 to %d".formatted(field, count), String.valueOf(place));
    }
    return text.offsetByCodePoints(0, place);
  }
}
