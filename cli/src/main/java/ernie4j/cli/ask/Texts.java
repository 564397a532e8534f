package ernie4j.cli.ask;

import ernie4j.cli.option.UsageException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The texts a command works on: its arguments, or the lines of a file or of standard input. */
final class Texts {
  @Spec(Spec.Target.MIXEE)
  CommandSpec spec;

  @Parameters(
      paramLabel = "TEXT",
      arity = "0..*",
      description = "Texts; without any, the lines of standard input.")
  List<String> arguments = List.of();

  @Option(
      names = "--input",
      paramLabel = "FILE",
      description = "Take the lines of this UTF-8 file instead.")
  @Nullable Path input;

  interface Consumer {
    void accept(String text) throws IOException;
  }

  void requireOneSource() {
    if (input != null && !arguments.isEmpty()) {
      throw new UsageException("texts come from --input or from arguments, not from both");
    }
  }

  /**
   * Calls the consumer with every text; blank lines are skipped. A text that is refused is reported
   * and the others go on.
   *
   * @return the exit code
   */
  int forEach(Consumer consumer) throws IOException {
    boolean failed = false;
    if (input != null) {
      try (InputStream in = Files.newInputStream(input)) {
        return forEachLine(in, consumer);
      }
    }
    if (!arguments.isEmpty()) {
      for (String text : arguments) {
        failed |= !accepted(consumer, text, "");
      }
      return failed ? 1 : 0;
    }
    return forEachLine(System.in, consumer);
  }

  private int forEachLine(InputStream in, Consumer consumer) throws IOException {
    boolean failed = false;
    BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                in,
                StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPLACE)
                    .onUnmappableCharacter(CodingErrorAction.REPLACE)));
    int number = 0;
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      number++;
      if (!line.isBlank()) {
        failed |= !accepted(consumer, line, "line " + number + ": ");
      }
    }
    return failed ? 1 : 0;
  }

  /** Says on standard error that the end of a text was ignored, if so. */
  void warnIfCut(boolean truncated) {
    if (truncated) {
      spec.commandLine()
          .getErr()
          .println("ernie4j: the text is longer than the model reads; its end was ignored");
    }
  }

  private boolean accepted(Consumer consumer, String text, String place) throws IOException {
    CommandLine commandLine = spec.commandLine();
    try {
      consumer.accept(text);
      commandLine.getOut().flush();
      return true;
    } catch (IllegalArgumentException e) {
      PrintWriter err = commandLine.getErr();
      err.println("ernie4j: " + place + e.getMessage());
      err.flush();
      return false;
    }
  }
}
