package ernie4j.cli.option;

import java.util.Map;
import java.util.Stack;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Earlier names of options, from before all commands used the same words. They still work, but help
 * texts do not show them. Every argument before {@code --} that is an old name, alone or with
 * {@code =value}, is replaced, even if it was meant as the value of the previous option; such a
 * value must be written as {@code --option=value}.
 */
public final class OldNames implements IParameterPreprocessor {
  /** Current names by old names. */
  static final Map<String, String> TODAY =
      Map.ofEntries(
          Map.entry("--train-path", "--data"),
          Map.entry("--test-path", "--data"),
          Map.entry("--dev-path", "--dev-data"),
          Map.entry("--intent-label-path", "--intent-labels"),
          Map.entry("--slot-label-path", "--slot-labels"),
          Map.entry("--per-device-train-batch-size", "--batch-size"),
          Map.entry("--num-train-epochs", "--epochs"),
          Map.entry("--max-seq-length", "--max-length"),
          Map.entry("--max-vocab-size", "--vocabulary-size"),
          Map.entry("--vocabulary", "--vocabulary-size"),
          Map.entry("--width-mult-list", "--widths"),
          Map.entry("--doc-stride", "--stride"),
          Map.entry("--algo", "--calibration"),
          Map.entry("--max-accuracy-loss", "--max-metric-loss"));

  /** Replaces old names on picocli's stack of words, whose last element is read next. */
  @Override
  public boolean preprocess(
      Stack<String> words,
      CommandSpec command,
      @Nullable ArgSpec argument,
      Map<String, Object> info) {
    for (int i = words.size() - 1; i >= 0 && !words.get(i).equals("--"); i--) {
      words.set(i, today(words.get(i)));
    }
    return false; // picocli continues reading
  }

  /** A word of a command line, or its current name if it is an old one. */
  public static String today(String word) {
    int equals = word.indexOf('=');
    String name = equals < 0 ? word : word.substring(0, equals);
    return TODAY.getOrDefault(name, name) + word.substring(name.length());
  }
}
