package ernie4j.training.data;

import ernie4j.training.data.QuestionExample.Answer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Reads questions about texts.
 *
 * <ul>
 *   <li>SQuAD's JSON, as SQuAD, CMRC 2018 and DRCD have it: {@code data}, a list of {@code
 *       paragraphs} with {@code context} and {@code qas}, each with {@code id}, {@code question}
 *       and {@code answers} of {@code text} and {@code answer_start}
 *   <li>{@code .jsonl}, our own: {@code {"id": ..., "question": ..., "context": ..., "answers":
 *       [{"text": ..., "start": 7}]}}, an object a line; {@code id}, {@code answers} and {@code
 *       start} may be left out
 * </ul>
 *
 * <p>Places count characters (code points). In CMRC 2018 some are wrong, and some answers do not
 * stand in the text at all: an answer that is not at its place is taken to be where it stands
 * nearest to it, or without a place if it stands nowhere.
 *
 * <p>A question without {@code answers} is not labelled. It is known to have none if {@code
 * is_impossible} is true, as in SQuAD 2, or if {@code answers} is there and holds no text.
 */
public final class QuestionFiles {
  private static final String IMPOSSIBLE = "is_impossible";

  private QuestionFiles() {}

  /**
   * Reads a file.
   *
   * @throws IOException if it cannot be read, lacks a field, or has no question
   */
  public static List<QuestionExample> read(Path file) throws IOException {
    boolean lines = file.toString().toLowerCase(Locale.ROOT).endsWith(".jsonl");
    List<QuestionExample> examples = new ArrayList<>();
    if (lines) {
      for (JsonFields fields : JsonFields.objects(file)) {
        fields.requireOnly("question", "context", "answers", IMPOSSIBLE);
        String id = fields.has("id") ? fields.text("id") : fields.place();
        examples.add(question(fields, id, fields.text("context"), "start"));
      }
    } else {
      for (JsonFields article : JsonFields.whole(file).list("data")) {
        for (JsonFields paragraph : article.list("paragraphs")) {
          addAll(examples, paragraph);
        }
      }
    }
    return TextLines.requireExamples(file, examples);
  }

  private static void addAll(List<QuestionExample> examples, JsonFields paragraph)
      throws IOException {
    String context = paragraph.text("context");
    for (JsonFields qa : paragraph.list("qas")) {
      String id = qa.text("id");
      examples.add(question(qa.named("question " + id), id, context, "answer_start"));
    }
  }

  private static QuestionExample question(
      JsonFields fields, String id, String context, String start) throws IOException {
    List<Answer> answers = new ArrayList<>();
    boolean impossible = fields.has(IMPOSSIBLE) && fields.truth(IMPOSSIBLE);
    if (fields.has("answers")) {
      for (JsonFields answer : fields.list("answers")) {
        String text = answer.text("text");
        int stated = answer.has(start) ? answer.integer(start) : 0;
        if (!text.isBlank()) {
          answers.add(new Answer(text, place(context, text, stated)));
        }
      }
      if (impossible && !answers.isEmpty()) {
        throw fields.error(
            "no answers where '" + IMPOSSIBLE + "' is true",
            JsonFields.shown(fields.node().get("answers")));
      }
      impossible = answers.isEmpty();
    }
    return new QuestionExample(id, fields.text("question"), context, answers, impossible);
  }

  /** The index of the char at which a text stands, nearest to a number of code points. */
  private static int place(String context, String text, int stated) {
    int count = context.codePointCount(0, context.length());
    int near = context.offsetByCodePoints(0, Math.max(0, Math.min(count, stated)));
    int before = context.lastIndexOf(text, near);
    int behind = context.indexOf(text, near);
    if (before < 0 || behind < 0) {
      return Math.max(before, behind);
    }
    return near - before <= behind - near ? before : behind;
  }
}
