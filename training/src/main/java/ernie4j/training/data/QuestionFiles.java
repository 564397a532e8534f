package ernie4j.training.data;

import ernie4j.training.data.QuestionExample.Answer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Reads questions about texts.
 *
 * <ul>
 *   <li>SQuAD's JSON, used by SQuAD, CMRC 2018 and DRCD: {@code data}, a list of {@code paragraphs}
 *       with {@code context} and {@code qas}, each with {@code id}, {@code question} and {@code
 *       answers} of {@code text} and {@code answer_start}
 *   <li>our own, one object per line or a list of objects: {@code {"id": ..., "question": ...,
 *       "context": ..., "answers": [{"text": ..., "start": 7}]}}; {@code id}, {@code answers} and
 *       {@code start} may be left out. The answers may be Hugging Face's {@code {"text": [...],
 *       "answer_start": [...]}}
 *   <li>the original format of CMRC 2018, a list of objects with {@code context_text} and {@code
 *       qas}, each with {@code query_id}, {@code query_text} and the texts of {@code answers}
 * </ul>
 *
 * <p>Offsets count characters (code points). Some in CMRC 2018 are wrong, and some answers do not
 * occur in the text at all. An answer that is not at its offset is placed at its nearest
 * occurrence, or nowhere if it does not occur.
 *
 * <p>A question without {@code answers} is unlabelled. It is known to have none if {@code
 * is_impossible} is true, as in SQuAD 2, or if {@code answers} is present and holds no text.
 */
public final class QuestionFiles {
  private static final String IMPOSSIBLE = "is_impossible";

  /** The beginning of a file in SQuAD's form. */
  private static final Pattern SQUAD =
      Pattern.compile("^\\s*\\{\\s*(\"version\"\\s*:\\s*\"[^\"]*\"\\s*,\\s*)?\"data\"\\s*:");

  private QuestionFiles() {}

  /**
   * Reads a file.
   *
   * @param file questions in one of the formats above, in UTF-8
   * @return the questions in the order of the file, at least one
   * @throws IOException if the file cannot be read, lacks a field or has an unknown one, or has no
   *     question
   */
  public static List<QuestionExample> read(Path file) throws IOException {
    List<QuestionExample> examples = new ArrayList<>();
    if (isSquad(file)) {
      for (JsonFields article : JsonFields.whole(file).list("data")) {
        for (JsonFields paragraph : article.list("paragraphs")) {
          addAll(examples, paragraph, paragraph.text("context"));
        }
      }
    } else {
      for (JsonFields fields : JsonFields.objects(file)) {
        if (fields.has("context_text")) {
          addAll(examples, fields, fields.text("context_text"));
        } else {
          fields.requireOnly("question", "context", "answers", IMPOSSIBLE, "title");
          String id = fields.has("id") ? fields.text("id") : fields.place();
          examples.add(question(fields, id, fields.text("context")));
        }
      }
    }
    return TextLines.requireExamples(file, examples);
  }

  /** Whether a file is one object that spans lines; other files are told apart by their fields. */
  private static boolean isSquad(Path file) throws IOException {
    boolean lines = file.toString().toLowerCase(Locale.ROOT).endsWith(".jsonl");
    return !lines && SQUAD.matcher(Utf8Text.read(file)).find();
  }

  private static void addAll(List<QuestionExample> examples, JsonFields paragraph, String context)
      throws IOException {
    for (JsonFields qa : paragraph.list("qas")) {
      String id = qa.has("query_id") ? qa.text("query_id") : qa.text("id");
      examples.add(question(qa.named("question " + id), id, context));
    }
  }

  private static QuestionExample question(JsonFields fields, String id, String context)
      throws IOException {
    List<Answer> answers = new ArrayList<>();
    boolean impossible = fields.has(IMPOSSIBLE) && fields.truth(IMPOSSIBLE);
    if (fields.has("answers")) {
      for (Stated stated : stated(fields.field("answers"))) {
        if (!stated.text.isBlank()) {
          answers.add(new Answer(stated.text, place(context, stated.text, stated.start)));
        }
      }
      if (impossible && !answers.isEmpty()) {
        throw fields.error(
            "no answers where '" + IMPOSSIBLE + "' is true",
            JsonFields.shown(fields.node().get("answers")));
      }
      impossible = answers.isEmpty();
    }
    JsonFields question = fields.field("question", "query_text");
    return new QuestionExample(id, question.node().asText(), context, answers, impossible);
  }

  /** An answer with the offset that the file gives. */
  private record Stated(String text, int start) {}

  /** A list of objects or of texts, or Hugging Face's object of lists. */
  private static List<Stated> stated(JsonFields answers) throws IOException {
    List<Stated> stated = new ArrayList<>();
    if (answers.node().isObject()) {
      answers.requireOnly("text", "answer_start");
      List<String> texts = answers.texts("text");
      List<JsonFields> starts = answers.list("answer_start");
      if (starts.size() != texts.size()) {
        throw answers.error(
            texts.size() + " places, one for each answer", starts.size() + " places");
      }
      for (int i = 0; i < texts.size(); i++) {
        stated.add(new Stated(texts.get(i), starts.get(i).node().asInt()));
      }
      return stated;
    }
    for (JsonFields answer : answers.elements("a list in 'answers'")) {
      if (answer.node().isTextual()) {
        stated.add(new Stated(answer.node().asText(), 0));
      } else {
        answer.requireOnly("text", "start", "answer_start");
        String start = answer.has("start") ? "start" : "answer_start";
        stated.add(new Stated(answer.text("text"), answer.has(start) ? answer.integer(start) : 0));
      }
    }
    return stated;
  }

  /** The index of the char at which a text occurs, nearest to a number of code points. */
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
