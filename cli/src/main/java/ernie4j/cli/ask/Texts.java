package ernie4j.cli.ask;

import com.fasterxml.jackson.databind.node.ObjectNode;
import ernie4j.cli.option.UsageException;
import ernie4j.cli.report.Json;
import ernie4j.training.data.Utf8Text;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * The texts that a command works on: its arguments, or the lines of a file or of standard input.
 */
public final class Texts {
  /** The name of positional parameters that are texts. */
  public static final String LABEL = "TEXT";

  @Spec(Spec.Target.MIXEE)
  CommandSpec spec;

  @Parameters(
      paramLabel = LABEL,
      arity = "0..*",
      description = "The texts (default: the lines of standard input).")
  List<String> arguments = List.of();

  @Option(
      names = "--input",
      paramLabel = "FILE",
      description = "Read texts from this UTF-8 file, one a line.")
  @Nullable Path input;

  @Option(names = "--json", description = "One JSON object a line.")
  boolean json;

  interface Consumer {
    void accept(String text) throws IOException;
  }

  void requireOneSource() {
    if (input != null && !arguments.isEmpty()) {
      throw new UsageException("texts come from --input or from arguments, not from both");
    }
    requireTexts();
  }

  /**
   * The parser accepts words that begin with - but are not options as texts, such as -5 degrees. A
   * misspelled option is rejected here, unless it follows --.
   */
  private void requireTexts() {
    List<String> words = spec.commandLine().getParseResult().originalArgs();
    int marker = words.indexOf("--");
    int behind = marker < 0 ? 0 : words.size() - marker - 1;
    for (String text : arguments.subList(0, Math.max(0, arguments.size() - behind))) {
      if (text.matches("--?[A-Za-z].*")) {
        throw new UsageException(
            "Unknown option: '%s'; put -- before texts that look like options".formatted(text));
      }
    }
  }

  /**
   * Calls the consumer with every text. A text that is rejected is reported, and the others are
   * still processed. Rejected texts and blank lines keep their place in the output, as an empty
   * line or, in JSON, as an object with the error and the index of the text.
   *
   * @return the exit code
   */
  int forEach(Consumer consumer) throws IOException {
    if (input != null) {
      // Read completely first, so that no line is answered if the file is not text.
      byte[] bytes = Utf8Text.read(input).getBytes(StandardCharsets.UTF_8);
      return forEachLine(new ByteArrayInputStream(bytes), input.toString(), consumer);
    }
    if (arguments.isEmpty()) {
      return forEachLine(System.in, "standard input", consumer);
    }
    boolean failed = false;
    for (int i = 0; i < arguments.size(); i++) {
      failed |= !accepted(consumer, arguments.get(i), i, "");
    }
    return failed ? 1 : 0;
  }

  private int forEachLine(InputStream in, String source, Consumer consumer) throws IOException {
    InputStream buffered = new BufferedInputStream(in);
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    boolean failed = false;
    int index = 0;
    for (int b = buffered.read(); b >= 0; b = buffered.read()) {
      line.write(b);
      if (b == '\n') {
        failed |= !line(line.toByteArray(), index++, source, consumer);
        line.reset();
      }
    }
    if (line.size() > 0) {
      failed |= !line(line.toByteArray(), index, source, consumer);
    }
    return failed ? 1 : 0;
  }

  private boolean line(byte[] bytes, int index, String source, Consumer consumer)
      throws IOException {
    String whole = Utf8Text.decode(bytes, source, index + 1);
    String text = (index == 0 ? Utf8Text.withoutMark(whole) : whole).replaceFirst("\r?\n$", "");
    if (text.isBlank()) {
      printNothing(text, index, "the line is blank");
      return true;
    }
    return accepted(consumer, text, index, "line " + (index + 1) + ": ");
  }

  /** Warns on standard error if the end of a text was ignored. */
  void warnIfCut(boolean truncated) {
    if (truncated) {
      spec.commandLine()
          .getErr()
          .println("ernie4j: the text is longer than the model reads; its end was ignored");
    }
  }

  private boolean accepted(Consumer consumer, String text, int index, String place)
      throws IOException {
    CommandLine commandLine = spec.commandLine();
    try {
      consumer.accept(text);
      commandLine.getOut().flush();
      return true;
    } catch (IllegalArgumentException e) {
      printNothing(text, index, String.valueOf(e.getMessage()));
      PrintWriter err = commandLine.getErr();
      err.println("ernie4j: " + place + e.getMessage());
      err.flush();
      return false;
    }
  }

  private void printNothing(String text, int index, String reason) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      ObjectNode object = Json.object();
      object.put("text", text);
      object.put("index", index);
      object.put("error", reason);
      out.println(object);
    } else {
      out.println();
    }
    out.flush();
  }
}
