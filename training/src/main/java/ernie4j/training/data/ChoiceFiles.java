package ernie4j.training.data;

import com.fasterxml.jackson.databind.JsonNode;
import ernie4j.pipeline.ChoiceSelector;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads questions with several answers, one of which is right.
 *
 * <ul>
 *   <li>our own, one object per line or a list of objects: {@code {"context": ..., "question": ...,
 *       "choices": [...], "answer": 0}}; the answer is an index, counted from 0, or the text of the
 *       choice; it may be left out, and so may the question
 *   <li>CHID and FewCLUE's chid, one object per line: {@code content} (a text or several) with gaps
 *       {@code #idiom...#} and {@code candidates}; the answers are in {@code answer} or in a
 *       separate file, an object from gap to index. Every gap is a question: its context is the
 *       text that contains the gap, with {@link ChoiceSelector#GAP} in its place and an ellipsis in
 *       place of other gaps
 *   <li>C3, one JSON list of {@code [[lines of the dialogue or text], [{"question", "choice":
 *       [...], "answer"}], id]}
 * </ul>
 */
public final class ChoiceFiles {
  private static final Pattern IDIOM = Pattern.compile("#idiom[0-9]*#");

  private ChoiceFiles() {}

  /**
   * Reads a file.
   *
   * @param file questions in one of the formats above, in UTF-8
   * @param answers the file with the answers of a CHID file; null if they are in {@code file} or
   *     unknown
   * @return the questions in the order of the file, at least one
   * @throws IOException if a file cannot be read, lacks a field, or has no question
   */
  public static List<ChoiceExample> read(Path file, @Nullable Path answers) throws IOException {
    List<ChoiceExample> examples = new ArrayList<>();
    if (isC3(Utf8Text.read(file))) {
      int number = 1;
      for (JsonFields text : JsonFields.whole(file).elements("a list")) {
        addC3(examples, text.named("text " + number++));
      }
    } else {
      JsonFields given = answers == null ? null : JsonFields.whole(answers);
      for (JsonFields fields : JsonFields.objects(file)) {
        if (fields.has("candidates")) {
          fields.requireOnly("content", "candidates", "answer");
          addIdioms(examples, fields, given);
        } else {
          fields.requireOnly("context", "question", "choices", "answer");
          String question = fields.has("question") ? fields.text("question") : "";
          List<String> choices = fields.texts("choices");
          examples.add(
              example(
                  fields,
                  fields.text("context"),
                  question,
                  choices,
                  answer(fields, choices, fields.node().get("answer"))));
        }
      }
    }
    return TextLines.requireExamples(file, examples);
  }

  /** C3 is a list of lists; a list of objects is in our own format or CHID's. */
  private static boolean isC3(String text) {
    String start = text.stripLeading();
    return start.startsWith("[") && !start.substring(1).stripLeading().startsWith("{");
  }

  private static void addC3(List<ChoiceExample> examples, JsonFields text) throws IOException {
    List<JsonFields> parts = text.elements("a list of lines and questions");
    if (parts.size() < 2) {
      throw text.error("a list of lines and questions", JsonFields.shown(text.node()));
    }
    List<String> lines = new ArrayList<>();
    for (JsonFields line : parts.get(0).elements("a list of lines")) {
      lines.add(line.node().asText());
    }
    for (JsonFields question : parts.get(1).elements("a list of questions")) {
      question.requireOnly("question", "choice", "answer");
      List<String> choices = question.texts("choice");
      JsonNode answer = question.node().get("answer");
      boolean open = answer == null || answer.asText().isEmpty();
      examples.add(
          example(
              question,
              String.join("\n", lines),
              question.text("question"),
              choices,
              answer(question, choices, open ? null : answer)));
    }
  }

  private static void addIdioms(
      List<ChoiceExample> examples, JsonFields fields, @Nullable JsonFields answers)
      throws IOException {
    List<String> choices = fields.texts("candidates");
    List<String> texts =
        fields.field("content").node().isArray()
            ? fields.texts("content")
            : List.of(fields.text("content"));
    int gaps = 0;
    for (String text : texts) {
      Matcher gap = IDIOM.matcher(text);
      while (gap.find()) {
        gaps++;
        String context =
            IDIOM.matcher(text.substring(0, gap.start())).replaceAll("……")
                + ChoiceSelector.GAP
                + IDIOM.matcher(text.substring(gap.end())).replaceAll("……");
        JsonNode answer =
            (answers == null ? fields : answers)
                .node()
                .get(answers == null ? "answer" : gap.group());
        if (answers != null && answer == null) {
          throw answers.error("an answer of the gap " + gap.group(), "none");
        }
        examples.add(example(fields, context, "", choices, answer(fields, choices, answer)));
      }
    }
    if (gaps == 0) {
      throw fields.error("a gap #idiom...# in 'content'", JsonFields.shown(fields.node()));
    }
  }

  private static int answer(JsonFields fields, List<String> choices, @Nullable JsonNode answer)
      throws IOException {
    if (answer == null || answer.isNull()) {
      return -1;
    }
    int index = answer.isInt() ? answer.intValue() : choices.indexOf(answer.asText());
    if (index < 0 || index >= choices.size()) {
      throw fields.error(
          "the answer to be one of %s or its index".formatted(choices), answer.toString());
    }
    return index;
  }

  private static ChoiceExample example(
      JsonFields fields, String context, String question, List<String> choices, int answer)
      throws IOException {
    try {
      return new ChoiceExample(context, question, choices, answer);
    } catch (IllegalArgumentException e) {
      throw new IOException(
          "%s: %s: %s".formatted(fields.file(), fields.place(), e.getMessage()), e);
    }
  }
}
