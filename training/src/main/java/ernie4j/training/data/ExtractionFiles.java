package ernie4j.training.data;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import ernie4j.engine.file.AtomicFile;
import ernie4j.training.data.ExtractionExample.Answer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads and writes prompts about texts with their answers, in the format of the reference: one
 * object per line, or a list of objects, {@code {"content": "...", "prompt": "...", "result_list":
 * [{"text": "...", "start": 0, "end": 2}]}}.
 *
 * <p>Offsets count characters (code points), and the end is exclusive. Answers in the text count
 * from its beginning. Answers that are options of the prompt have negative offsets, counted from
 * one character after the end of the prompt: the {@code ]} that ends it is at -2. Offsets in the
 * text that match only as UTF-16 units, which JavaScript counts, are read as such. The text of
 * every answer must be found at its offsets.
 */
public final class ExtractionFiles {
  private static final String CONTENT = "content";
  private static final String PROMPT = "prompt";
  private static final String RESULTS = "result_list";

  private ExtractionFiles() {}

  /**
   * Reads a file.
   *
   * @param file examples in UTF-8
   * @return the examples in the order of the file, at least one
   * @throws IOException if the file cannot be read, a line lacks a field or has an unknown one, an
   *     answer is not at its offsets, or there is no example
   */
  public static List<ExtractionExample> read(Path file) throws IOException {
    return read(file, true);
  }

  /**
   * Reads texts and prompts. Answers may be missing and are not read.
   *
   * @param file texts with prompts in UTF-8
   * @return examples without answers in the order of the file, at least one
   * @throws IOException if the file cannot be read, a line lacks a field or has an unknown one, or
   *     there is no example
   */
  public static List<ExtractionExample> readUnlabelled(Path file) throws IOException {
    return read(file, false);
  }

  private static List<ExtractionExample> read(Path file, boolean labelled) throws IOException {
    List<ExtractionExample> examples = new ArrayList<>();
    for (JsonFields fields : JsonFields.objects(file)) {
      if (!fields.has(PROMPT) && (fields.has("text") || fields.has("data"))) {
        throw fields.error(
            "the fields content, prompt and result_list",
            "an annotation as tools export it; convert it to prompts with 'ernie4j convert-annotations'");
      }
      fields.requireOnly(CONTENT, PROMPT, RESULTS);
      examples.add(example(fields, labelled));
    }
    return examples;
  }

  private static ExtractionExample example(JsonFields fields, boolean labelled) throws IOException {
    String content = fields.text(CONTENT);
    String prompt = fields.text(PROMPT);
    if (prompt.isBlank()) {
      throw fields.error("a prompt", "'" + prompt + "'");
    }
    List<Answer> answers = new ArrayList<>();
    if (labelled) {
      for (JsonFields result : fields.list(RESULTS)) {
        result.requireOnly("text", "start", "end");
        Answer answer = answer(result, content, prompt);
        if (!answers.contains(answer)) {
          answers.add(answer);
        }
      }
    }
    return new ExtractionExample(content, prompt, answers);
  }

  private static Answer answer(JsonFields result, String content, String prompt)
      throws IOException {
    int start = result.integer("start");
    int end = result.integer("end");
    String text = result.text("text");
    if (end <= start || text.isEmpty()) {
      throw result.error("an answer of at least one character", JsonFields.shown(result.node()));
    }
    if (start >= 0) {
      LabelledSpan span = SpanFields.span(result, content, "", start, end, text);
      return Answer.ofText(span.start(), span.end());
    }
    int behind = prompt.codePointCount(0, prompt.length()) + 1;
    if (start + behind < 0 || end + behind > behind - 1) {
      throw result.error(
          "offsets of an option from %d to before -1 in the prompt '%s'".formatted(-behind, prompt),
          JsonFields.shown(result.node()));
    }
    LabelledSpan span = SpanFields.span(result, prompt, "", start + behind, end + behind, text);
    return Answer.ofPrompt(span.start(), span.end());
  }

  /**
   * Writes a file, replacing it atomically; {@link #read} reads it back.
   *
   * @param file the file to write
   * @param examples the examples, one per line
   * @throws IOException if the file cannot be written; an earlier one stays
   */
  public static void write(Path file, List<ExtractionExample> examples) throws IOException {
    StringBuilder text = new StringBuilder();
    for (ExtractionExample example : examples) {
      text.append(line(example)).append('\n');
    }
    AtomicFile.writeText(file, text);
  }

  /** An example as one line of JSON. */
  static String line(ExtractionExample example) {
    ObjectNode line = JsonFields.newObject();
    line.put(CONTENT, example.content());
    ArrayNode results = line.putArray(RESULTS);
    example.answers().forEach(answer -> put(results.addObject(), example, answer));
    line.put(PROMPT, example.prompt());
    return line.toString();
  }

  /**
   * Adds text and offsets of an answer to an object.
   *
   * @param result the object that receives {@code text}, {@code start} and {@code end}
   * @param example the example with the text and the prompt
   * @param answer an answer in the text or the prompt
   */
  public static void put(ObjectNode result, ExtractionExample example, Answer answer) {
    String in = answer.inPrompt() ? example.prompt() : example.content();
    int shift = answer.inPrompt() ? in.codePointCount(0, in.length()) + 1 : 0;
    result.put("text", example.text(answer));
    result.put("start", in.codePointCount(0, answer.start()) - shift);
    result.put("end", in.codePointCount(0, answer.end()) - shift);
  }

  /**
   * Whether a file holds JSON, whatever its name.
   *
   * @param file a text file in UTF-8
   * @return whether its first character, leading blanks and a byte order mark aside, begins an
   *     object or a list
   * @throws IOException if the file cannot be read or is not UTF-8
   */
  public static boolean isJson(Path file) throws IOException {
    String text = Utf8Text.read(file).stripLeading();
    return text.startsWith("{") || text.startsWith("[");
  }
}
