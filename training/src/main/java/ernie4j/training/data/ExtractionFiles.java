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
 * Reads and writes prompts about texts with their answers, in the form of the reference: an object
 * a line, or a list of objects, {@code {"content": "...", "prompt": "...", "result_list": [{"text":
 * "...", "start": 0, "end": 2}]}}.
 *
 * <p>Places count characters (code points), the end is behind the last one. Answers in the text
 * count from its beginning. Answers that are options of the prompt have negative places, counted
 * from one character behind the end of the prompt: the {@code ]} that ends it is at -2. Where only
 * that fits, places in the text are taken as UTF-16 units, as JavaScript counts. The text of every
 * answer must stand at its place.
 */
public final class ExtractionFiles {
  private static final String CONTENT = "content";
  private static final String PROMPT = "prompt";
  private static final String RESULTS = "result_list";

  private ExtractionFiles() {}

  /**
   * Reads a file.
   *
   * @throws IOException if it cannot be read, a line lacks a field or has one that is not known, an
   *     answer is not at its place, or there is no example
   */
  public static List<ExtractionExample> read(Path file) throws IOException {
    return read(file, true);
  }

  /** Reads texts and prompts; answers need not be there and are not read. */
  public static List<ExtractionExample> readUnlabelled(Path file) throws IOException {
    return read(file, false);
  }

  private static List<ExtractionExample> read(Path file, boolean labelled) throws IOException {
    List<ExtractionExample> examples = new ArrayList<>();
    for (JsonFields fields : JsonFields.objects(file)) {
      if (!fields.has(PROMPT) && (fields.has("text") || fields.has("data"))) {
        throw fields.error(
            "the fields content, prompt and result_list",
            "an annotation as tools export them; make prompts of it with 'ernie4j convert-annotations'");
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
          "places of an option from %d to before -1 in the prompt '%s'".formatted(-behind, prompt),
          JsonFields.shown(result.node()));
    }
    LabelledSpan span = SpanFields.span(result, prompt, "", start + behind, end + behind, text);
    return Answer.ofPrompt(span.start(), span.end());
  }

  /**
   * Writes a file, replaced in one step; {@link #read} reads it back.
   *
   * @throws IOException if it cannot be written
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

  /** Adds text and places of an answer to an object. */
  public static void put(ObjectNode result, ExtractionExample example, Answer answer) {
    String in = answer.inPrompt() ? example.prompt() : example.content();
    int shift = answer.inPrompt() ? in.codePointCount(0, in.length()) + 1 : 0;
    result.put("text", example.text(answer));
    result.put("start", in.codePointCount(0, answer.start()) - shift);
    result.put("end", in.codePointCount(0, answer.end()) - shift);
  }

  /** Whether a file holds JSON, whatever its name is. */
  public static boolean isJson(Path file) throws IOException {
    String text = Utf8Text.read(file).stripLeading();
    return text.startsWith("{") || text.startsWith("[");
  }
}
