package ernie4j.training.data;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Utterances in the format of NLPCC 2018 task 4: UTF-8, one utterance a line, four columns
 * separated by tabs: session, utterance, intent, and the utterance again with {@code
 * <slot>...</slot>} around its slots. The lines of a session form a dialogue. Blank lines do not
 * count.
 *
 * @param examples the usable utterances in file order
 * @param corrections the number of lines that were left out because their annotation corrects a
 *     recognition error ({@code wrong||right}), as the reference does
 * @param problems lines that were left out because they cannot be read, each with its number and
 *     reason
 */
public record JointFile(List<JointExample> examples, int corrections, List<String> problems) {
  private static final Pattern TAG = Pattern.compile("<(/?)([A-Za-z_][A-Za-z0-9_.-]*)>");

  /** Keeps unmodifiable copies of the lists. */
  public JointFile {
    examples = List.copyOf(examples);
    problems = List.copyOf(problems);
  }

  /**
   * Reads a file.
   *
   * @param path the file, UTF-8
   * @return its utterances, at least one, and the lines that were left out
   * @throws IOException if it cannot be read, is not UTF-8, or no line of it can be used
   */
  public static JointFile read(Path path) throws IOException {
    List<String> lines = TextLines.read(path).stream().map(TextLines.Line::text).toList();
    JointFile corpus = parse(lines);
    if (corpus.examples.isEmpty()) {
      throw new IOException(
          "%s: no usable line; expected four columns separated by tabs: session, utterance, intent, annotated utterance%s"
              .formatted(path, corpus.problems.isEmpty() ? "" : "; " + corpus.problems.get(0)));
    }
    return corpus;
  }

  /**
   * Reads lines. Those that cannot be read are left out and listed in {@link #problems}.
   *
   * @param lines the lines of a file, without line ends
   * @return the usable utterances, possibly none, and the lines that were left out
   */
  public static JointFile parse(List<String> lines) {
    List<JointExample> examples = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    int corrections = 0;
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.isEmpty()) {
        continue;
      }
      String[] columns = line.split("\t", -1);
      if (columns.length != 4) {
        problems.add("line %d: expected 4 columns, got %d".formatted(i + 1, columns.length));
        continue;
      }
      if (columns[3].contains("||")) {
        corrections++;
      } else {
        try {
          List<LabelledSpan> slots = slots(columns[1], columns[3]);
          examples.add(new JointExample(columns[1], columns[2], slots, columns[0]));
        } catch (IllegalArgumentException e) {
          problems.add("line %d: %s".formatted(i + 1, e.getMessage()));
        }
      }
    }
    return new JointFile(examples, corrections, problems);
  }

  private static List<LabelledSpan> slots(String text, String annotated) {
    StringBuilder plain = new StringBuilder();
    List<LabelledSpan> slots = new ArrayList<>();
    Matcher tag = TAG.matcher(annotated);
    String open = null;
    int openAt = 0;
    int done = 0;
    while (tag.find()) {
      plain.append(annotated, done, tag.start());
      done = tag.end();
      boolean closing = !tag.group(1).isEmpty();
      if (closing != (open != null) || (open != null && !open.equals(tag.group(2)))) {
        throw new IllegalArgumentException("tags do not match in '" + annotated + "'");
      }
      if (open != null) {
        slots.add(new LabelledSpan(open, openAt, plain.length()));
      }
      open = closing ? null : tag.group(2);
      openAt = plain.length();
    }
    plain.append(annotated, done, annotated.length());
    if (open != null) {
      throw new IllegalArgumentException("<%s> is not closed in '%s'".formatted(open, annotated));
    }
    // Blanks at the end of the line were stripped from the last column only.
    if (!text.startsWith(plain.toString()) || !isBlank(text.substring(plain.length()))) {
      throw new IllegalArgumentException(
          "the annotated utterance '%s' is not the utterance '%s' with tags"
              .formatted(annotated, text));
    }
    return slots;
  }

  private static boolean isBlank(String text) {
    return text.chars().allMatch(c -> Character.isWhitespace(c) || Character.isSpaceChar(c));
  }
}
