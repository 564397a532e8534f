package ernie4j.cli.ask;

import java.util.function.BiFunction;
import java.util.function.Function;
import picocli.CommandLine.Option;

/** Whether a line is a text or a pair of texts. */
final class PairFlag {
  @Option(names = "--pair", description = "Each text is a pair of texts, separated by a tab.")
  boolean pair;

  /**
   * Runs a pipeline on a line.
   *
   * @throws IllegalArgumentException if pairs are expected and the line is not one
   */
  <R> R ask(String line, Function<String, R> text, BiFunction<String, String, R> texts) {
    if (!pair) {
      return text.apply(line);
    }
    String[] parts = line.split("\t", -1);
    if (parts.length != 2) {
      throw new IllegalArgumentException(
          "--pair: expected two texts with a tab between them, got " + parts.length);
    }
    return texts.apply(parts[0], parts[1]);
  }
}
