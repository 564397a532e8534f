package ernie4j.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The texts a command works on: its arguments, or the lines of standard input. */
final class Texts {
  private Texts() {}

  interface Consumer {
    void accept(String text) throws IOException;
  }

  /** Calls the consumer with every text; blank lines of standard input are skipped. */
  static void forEach(List<String> arguments, Consumer consumer) throws IOException {
    if (!arguments.isEmpty()) {
      for (String text : arguments) {
        consumer.accept(text);
      }
      return;
    }
    BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(
                System.in,
                StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPLACE)
                    .onUnmappableCharacter(CodingErrorAction.REPLACE)));
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      if (!line.isBlank()) {
        consumer.accept(line);
      }
    }
  }
}
