package ernie4j.training.data;

import ernie4j.engine.head.TagScheme;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads texts with typed spans.
 *
 * <ul>
 *   <li>BIO or CoNLL: one token and its tag per line, separated by a tab or blanks (if there are
 *       more columns, the first and the last count), and a blank line after every text. A token may
 *       be a blank. Tags may be in any scheme that {@link TagScheme} knows, the same in the whole
 *       file; an {@code I-x} that continues nothing begins a span.
 *   <li>PaddleNLP: one text per line, its tokens joined by the character U+0002, a tab, and its
 *       tags joined likewise; a first line without that character holds names.
 *   <li>{@code .json} and {@code .jsonl}, one object per line or a list of objects; offsets count
 *       characters (code points), and the end is exclusive:
 *       <ul>
 *         <li>our own: {@code {"text": ..., "entities": [{"type": ..., "start": 0, "end": 2}]}};
 *             also with {@code label}, {@code start_offset} and {@code end_offset}, as {@code
 *             spans}, or with {@code [0, 2, type]} as spans
 *         <li>doccano: {@code {"text": ..., "label": [[0, 2, type]]}}
 *         <li>CLUENER: {@code {"text": ..., "label": {type: {"北京": [[0, 1]]}}}}; only here, the end
 *             is inclusive
 *         <li>Label Studio's JSON with one annotation per task, and its JSON-MIN with the spans in
 *             {@code label}
 *       </ul>
 *       Every example has one field for spans, with an empty list if it has none. Unknown fields
 *       are rejected by name unless they begin with _. If the text of a span is given, it must be
 *       found at its offsets.
 * </ul>
 *
 * <p>Blanks at the ends of a span do not belong to it.
 *
 * <p>Tokens are joined to the text that the model will read, with nothing between them except a
 * blank between two non-Chinese words of letters or digits, as in {@code New York}. Single letters
 * are not separated, because Chinese corpora also split words into letters.
 */
public final class TagFiles {
  private static final String PADDLE = "\u0002";

  private TagFiles() {}

  /**
   * Reads a file with spans.
   *
   * @param file texts with spans, JSON by its extension, in UTF-8
   * @return the examples in the order of the file, at least one
   * @throws IOException if the file cannot be read, a line does not follow the format or has no
   *     field for spans, or there is no example
   */
  public static List<TaggedExample> read(Path file) throws IOException {
    return TextFiles.isJson(file) ? objects(file, true) : tokens(file);
  }

  /**
   * Reads the texts of a file, for predictions or to learn from a teacher. In JSON, spans may be
   * missing and are not read.
   *
   * @param file texts with or without spans, JSON by its extension, in UTF-8
   * @return the texts in the order of the file, at least one
   * @throws IOException if the file cannot be read, a line does not follow the format, or there is
   *     no text
   */
  public static List<TaggedExample> readUnlabelled(Path file) throws IOException {
    return TextFiles.isJson(file) ? objects(file, false) : tokens(file);
  }

  private static List<TaggedExample> objects(Path file, boolean labelled) throws IOException {
    List<TaggedExample> examples = new ArrayList<>();
    for (JsonFields fields : JsonFields.objects(file)) {
      examples.add(SpanFields.read(fields, labelled));
    }
    return examples;
  }

  private static List<TaggedExample> tokens(Path file) throws IOException {
    List<TextLines.Line> lines = TextLines.read(file);
    boolean paddle = lines.stream().limit(2).anyMatch(line -> line.text().contains(PADDLE));
    List<List<TaggedToken>> texts = paddle ? paddle(lines) : TokenColumns.read(lines);
    TagScheme scheme =
        TagScheme.ofTags(texts.stream().flatMap(List::stream).map(TaggedToken::tag).toList());
    List<TaggedExample> examples = new ArrayList<>();
    for (List<TaggedToken> text : texts) {
      for (TaggedToken token : text) {
        if (!scheme.reads(token.tag())) {
          throw token.line().error("a tag " + scheme.description(), "'" + token.tag() + "'");
        }
      }
      examples.add(TaggedToken.example(text, scheme));
    }
    return TextLines.requireExamples(file, examples);
  }

  private static List<List<TaggedToken>> paddle(List<TextLines.Line> lines) throws IOException {
    List<List<TaggedToken>> texts = new ArrayList<>();
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
      List<TaggedToken> text = new ArrayList<>();
      for (int i = 0; i < tokens.length; i++) {
        text.add(new TaggedToken(line, tokens[i], tags[i]));
      }
      texts.add(text);
    }
    return texts;
  }
}
